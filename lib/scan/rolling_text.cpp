#include "scan/rolling_text.hpp"

#include <algorithm>
#include <cstring>

#include "base/secret.hpp"
#include "scan/lines.hpp"

namespace vtoken::scan {

RollingText::RollingText(std::size_t piece)
    : bytes_(kContextBefore + kContextAfter + std::max<std::size_t>(piece, 1)) {}

RollingText::~RollingText() { wipe(bytes_.data(), bytes_.size()); }

std::span<char> RollingText::room() {
  // Little room left: what the search is done with makes place.
  if (bytes_.size() - used_ < (bytes_.size() - kContextBefore - kContextAfter + 1) / 2) {
    const std::size_t keep = std::min({next_ - std::min(next_, kContextBefore), passed_, used_});
    std::memmove(bytes_.data(), bytes_.data() + keep, used_ - keep);
    used_ -= keep;
    next_ -= keep;
    passed_ -= keep;
    start_ += keep;
  }
  return std::span<char>(bytes_).subspan(used_);
}

std::size_t RollingText::safe_until() const noexcept {
  const std::string_view text(bytes_.data(), used_);
  const std::size_t certain = used_ - std::min(used_, kContextAfter);
  // No token goes past the end of a line, so what a pipe has brought whole lines of is not held back.
  return std::max(certain, after_last_newline(text));
}

bool RollingText::search(bool last, const OnMatch& on_match, const OnPassed& on_passed) {
  const std::string_view text(bytes_.data(), used_);
  const std::size_t until = last ? used_ : safe_until();
  const auto pass = [&](std::size_t to) {
    if (to <= passed_) return;
    on_passed(text.substr(passed_, to - passed_));
    passed_ = to;
  };
  while (next_ < until) {
    const auto match = find_token(text, next_, until);
    if (!match) break;
    pass(match->at);
    next_ = match->at + match->length;
    if (!on_match(*match, start_ + match->at, text.substr(match->at, match->length))) return false;
  }
  next_ = std::max(next_, until);
  pass(until);
  return true;
}

void RollingText::clear() noexcept {
  used_ = next_ = passed_ = 0;
  start_ = 0;
}

}  // namespace vtoken::scan
