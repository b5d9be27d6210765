#include "scan/placed_text.hpp"

#include <algorithm>
#include <utility>

namespace vtoken::scan {

namespace {

constexpr std::size_t kPiece = std::size_t{64} << 10U;

}  // namespace

PlacedText::PlacedText(OnFound on_found) : on_found_(std::move(on_found)), text_(kPiece) {}

void PlacedText::begin_line(std::uint64_t number, bool told) { lines_.push_back({text_.size(), number, told}); }

bool PlacedText::add(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::span<char> room = text_.room();
    const std::size_t count = bytes.copy(room.data(), room.size());
    text_.add(count);
    bytes.remove_prefix(count);
    if (count == room.size() && !search(false)) return false;
  }
  return true;
}

bool PlacedText::end() {
  const bool go_on = search(true);
  text_.clear();
  lines_.clear();
  passed_ = 0;
  return go_on;
}

bool PlacedText::search(bool last) {
  const auto on_match = [&](const TokenMatch& match, std::uint64_t at, std::string_view token) {
    // Matches come in order, so that the lines before this one have had theirs.
    while (lines_.size() > 1 && lines_[1].start <= at) lines_.pop_front();
    if (lines_.empty() || !lines_.front().told) return true;
    return on_found_(match, token, lines_.front().number, at - lines_.front().start + 1);
  };
  const auto on_passed = [&](std::string_view text) { passed_ += text.size(); };
  const bool go_on = text_.search(last, on_match, on_passed);
  while (lines_.size() > 1 && lines_[1].start <= passed_) lines_.pop_front();
  return go_on;
}

}  // namespace vtoken::scan
