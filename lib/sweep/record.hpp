// Keeps the account of a sweep: what was settled, in the journal and to the person in front, and how far it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "sweep/journal.hpp"
#include "sweep/ledger.hpp"
#include "sweep/progress.hpp"

namespace vtoken::sweep {

inline constexpr std::string_view kStillThere = "it is still there after it was revoked";

class Record {
 public:
  /// All but the functions are borrowed; `journal` may be null.
  Record(Ledger& ledger, Journal* journal, const Clock& clock, std::function<void(const Settled&)> settled,
         std::function<void(const Progress&)> progress);

  /// A matched token has come to its end. What is denied, dangling or failed may end otherwise in a later round: it is
  /// told at close().
  void settle(const Match& match, Outcome outcome, const std::string& error);
  /// The same of an accessor of which no token is known. One that was revoked, or gone, stays so when it is not
  /// there.
  void settle_unknown(std::uint32_t number, Outcome outcome, const std::string& error);

  /// It was revoked, and is there, or nobody knows.
  void settle_still_there(std::uint32_t number, const std::string& why);
  /// Whether it was matched, and the caller may not revoke it: asking again would be of no use.
  [[nodiscard]] bool was_denied(std::uint32_t number) const;
  /// It is still there.
  void settle_denied_again(std::uint32_t number) { ledger_.settle(number, Outcome::denied); }

  /// Notes that revoking begins. Fails with io: then it must not begin.
  [[nodiscard]] Result<void> revoking(const Match& match);
  [[nodiscard]] Result<void> planned(const Match& match);
  [[nodiscard]] Result<void> plan_complete();
  /// What the journal could not take, if anything; nothing more may be done then.
  [[nodiscard]] const std::optional<Error>& journal_failure() const noexcept { return journal_failure_; }

  /// Where it stands; tell() passes it on, at most ten times a second unless `now` is wanted.
  [[nodiscard]] Progress& progress() noexcept { return progress_; }
  void tell(bool at_once);
  void begin_phase(Phase phase, std::size_t total);

  /// Tells what ended badly, and counts everything.
  void close(Summary& summary);

 private:
  struct Trouble {
    std::optional<Match> match;
    Outcome outcome;
    std::string error;
  };

  void tell_settled(const JournalRow& row, Outcome outcome, std::string_view error) const;
  void note(std::string_view accessor, Outcome outcome, std::string_view error);

  Ledger& ledger_;
  Journal* journal_;
  const Clock& clock_;
  std::function<void(const Settled&)> settled_;
  std::function<void(const Progress&)> told_;
  std::map<std::uint32_t, Trouble> troubles_;
  std::optional<Error> journal_failure_;
  Progress progress_;
  Nanoseconds told_at_ = 0;
};

}  // namespace vtoken::sweep
