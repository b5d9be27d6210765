#include "core/key_list.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

namespace vtoken {
namespace {

// A key is stored as two bytes of length, then its text; keys do not cross blocks.
constexpr std::size_t kLengthBytes = 2;

}  // namespace

std::string_view KeyList::at(std::uint64_t place) const noexcept {
  const char* stored = blocks_[static_cast<std::size_t>(place / kBlock)]->data() + place % kBlock;
  std::uint16_t length = 0;
  std::memcpy(&length, stored, kLengthBytes);
  return {stored + kLengthBytes, length};
}

std::uint64_t KeyList::add(std::string_view key) {
  static_assert(kLongest == std::numeric_limits<std::uint16_t>::max());
  key = key.substr(0, kLongest);
  const std::size_t needed = kLengthBytes + key.size();
  if (blocks_.empty() || filled_.back() + needed > kBlock) {
    blocks_.push_back(std::make_unique_for_overwrite<Block>());
    filled_.push_back(0);
  }
  char* place = blocks_.back()->data() + filled_.back();
  const auto length = static_cast<std::uint16_t>(key.size());
  std::memcpy(place, &length, kLengthBytes);
  std::copy(key.begin(), key.end(), place + kLengthBytes);
  const std::uint64_t at = (blocks_.size() - 1) * kBlock + filled_.back();
  filled_.back() += static_cast<std::uint32_t>(needed);
  ++size_;
  return at;
}

void KeyList::for_each(const std::function<bool(std::string_view)>& take) const {
  for (std::size_t block = 0; block < blocks_.size(); ++block) {
    for (std::size_t offset = 0; offset < filled_[block];) {
      const std::string_view key = at(block * kBlock + offset);
      if (!take(key)) return;
      offset += kLengthBytes + key.size();
    }
  }
}

void KeyList::for_each_sorted(const std::function<bool(std::string_view)>& take) const {
  // A place fits 32 bits up to 4 GiB of keys: 150 million accessors.
  std::vector<std::uint32_t> places;
  places.reserve(size_);
  for (std::size_t block = 0; block < blocks_.size(); ++block) {
    for (std::size_t offset = 0; offset < filled_[block];) {
      const std::uint64_t place = block * kBlock + offset;
      places.push_back(static_cast<std::uint32_t>(place));
      offset += kLengthBytes + at(place).size();
    }
  }
  std::sort(places.begin(), places.end(), [this](std::uint32_t a, std::uint32_t b) { return at(a) < at(b); });
  for (const std::uint32_t place : places) {
    if (!take(at(place))) return;
  }
}

}  // namespace vtoken
