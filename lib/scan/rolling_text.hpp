// A window over a text that arrives piece by piece: finds each token once, however the text is cut, and keeps only what
// the search may still look at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "token/scan.hpp"

namespace vtoken::scan {

class RollingText {
 public:
  /// Gets each match, with its place in the whole text and its bytes, borrowed for the call. False ends the search.
  using OnMatch = std::function<bool(const TokenMatch& match, std::uint64_t at, std::string_view token)>;
  /// Gets all of the text once, in order, before any match that stands behind it, borrowed for the call.
  using OnPassed = std::function<void(std::string_view text)>;

  explicit RollingText(std::size_t piece);
  RollingText(const RollingText&) = delete;
  RollingText& operator=(const RollingText&) = delete;
  ~RollingText();

  /// Room for the next bytes; at least one. add() says how many of them were written.
  [[nodiscard]] std::span<char> room();
  void add(std::size_t size) noexcept { used_ += size; }

  /// Searches as far as nothing that is still to come can change what is found, with `last` all. False when a match was
  /// answered so.
  [[nodiscard]] bool search(bool last, const OnMatch& on_match, const OnPassed& on_passed);

  /// Forgets the text and its offsets.
  void clear() noexcept;

  /// The length of all that was added.
  [[nodiscard]] std::uint64_t size() const noexcept { return start_ + used_; }

 private:
  [[nodiscard]] std::size_t safe_until() const noexcept;

  std::vector<char> bytes_;
  std::size_t used_ = 0;     // bytes of it that are text
  std::size_t next_ = 0;     // where the search goes on
  std::size_t passed_ = 0;   // up to where the text was given to OnPassed
  std::uint64_t start_ = 0;  // the offset of the first byte in the whole text
};

}  // namespace vtoken::scan
