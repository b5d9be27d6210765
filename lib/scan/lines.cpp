#include "scan/lines.hpp"

#include <algorithm>
#include <cstring>

namespace vtoken::scan {

namespace {

// The compiler's own vectors, of a width that every machine has instructions for.
using Bytes = unsigned char __attribute__((vector_size(16)));

constexpr std::size_t kWidth = sizeof(Bytes);
constexpr std::size_t kMostRounds = 255;  // as many as a byte counts

std::size_t sum_of(const Bytes& counts) noexcept {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < kWidth; ++i) sum += counts[i];
  return sum;
}

}  // namespace

std::size_t count_newlines(std::string_view text) noexcept {
  std::size_t count = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (static_cast<std::size_t>(end - at) >= kWidth) {
    const std::size_t rounds = std::min(static_cast<std::size_t>(end - at) / kWidth, kMostRounds);
    Bytes counts = {};
    for (std::size_t i = 0; i < rounds; ++i, at += kWidth) {
      Bytes bytes;
      std::memcpy(&bytes, at, kWidth);
      // A comparison gives -1 where it holds.
      counts -= reinterpret_cast<Bytes>(bytes == static_cast<unsigned char>('\n'));
    }
    count += sum_of(counts);
  }
  return count + static_cast<std::size_t>(std::count(at, end, '\n'));
}

std::size_t after_last_newline(std::string_view text) noexcept {
  if (text.empty()) return 0;
  const void* last = ::memrchr(text.data(), '\n', text.size());
  return last == nullptr ? 0 : static_cast<std::size_t>(static_cast<const char*>(last) - text.data()) + 1;
}

void LineCounter::pass(std::string_view text) noexcept {
  if (const std::size_t start = after_last_newline(text); start > 0) {
    line_ += count_newlines(text);
    line_start_ = offset_ + start;
  }
  offset_ += text.size();
}

}  // namespace vtoken::scan
