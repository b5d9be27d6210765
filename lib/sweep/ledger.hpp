// What a sweep knows: every accessor once, with a byte of what became of it, and more of those that are meant.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sweep/book.hpp"
#include "sweep/facts.hpp"
#include "sweep/journal.hpp"
#include "sweep/outcome.hpp"

namespace vtoken::sweep {

/// How far an accessor is.
enum class Standing : std::uint8_t {
  listed,     ///< to be looked up
  asked,      ///< being looked up
  unmatched,  ///< not meant: not looked up again
  planned,    ///< meant, and to be revoked
  tried,      ///< being revoked
  settled     ///< see the outcome
};

/// A token that is meant: the number of its accessor, and of its details in the ledger.
struct Match {
  std::uint32_t number;
  std::uint32_t details;
};
using Matches = std::deque<Match>;  ///< which is not there twice while it grows

/// Not safe for use from several threads. Numbers are of add().
class Ledger {
 public:
  /// An accessor that was listed in this round. The number of one that is to be looked up, nothing for one that is not:
  /// listed twice, known not to be meant, or spared.
  std::optional<std::uint32_t> add(std::string_view accessor);
  /// From here on what is listed is listed again. What was settled is then looked up again.
  void next_round();
  [[nodiscard]] bool was_listed(std::uint32_t number) const noexcept;  ///< in this round

  [[nodiscard]] std::size_t size() const noexcept { return states_.size(); }
  [[nodiscard]] std::string_view accessor(std::uint32_t number) const noexcept { return accessors_.text(number); }
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view accessor) const noexcept {
    return accessors_.find(accessor);
  }

  [[nodiscard]] Standing standing(std::uint32_t number) const noexcept;
  void stand(std::uint32_t number, Standing standing) noexcept;
  [[nodiscard]] std::optional<Outcome> outcome(std::uint32_t number) const noexcept;
  void settle(std::uint32_t number, Outcome outcome) noexcept;
  /// `revoked` or `gone` when it ever was, whatever came after.
  [[nodiscard]] std::optional<Outcome> ended(std::uint32_t number) const noexcept;
  [[nodiscard]] std::size_t count(Outcome outcome) const noexcept;  ///< how many stand there now
  [[nodiscard]] std::size_t count(Standing standing) const noexcept;

  /// Keeps what is shown of a token; equal ones take no more room.
  [[nodiscard]] Match match(std::uint32_t number, const TokenFacts& facts);
  [[nodiscard]] Match match(const JournalRow& row);  ///< adds the accessor too
  [[nodiscard]] JournalRow row(const Match& match) const;

 private:
  [[nodiscard]] Match match(std::uint32_t number, std::string_view name, std::string_view path,
                            const std::vector<std::string>& policies);

  Pool accessors_;
  Pool details_;                     // name, path and policies
  std::deque<std::uint8_t> states_;  // standing, outcome, round's mark, once ended; a deque does not move when it grows
  bool mark_ = false;                // the round's
};

}  // namespace vtoken::sweep
