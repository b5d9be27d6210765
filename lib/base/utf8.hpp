// UTF-8, written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace vtoken {

/// The most bytes that a character takes.
inline constexpr std::size_t kLongestUtf8 = 4;

/// Writes a character's bytes and returns how many they are. Whether `code` is one that UTF-8 may hold is for the
/// caller to know.
constexpr std::size_t put_utf8(std::uint32_t code, std::span<char, kLongestUtf8> out) noexcept {
  const auto lead = [code](unsigned mark, unsigned shift) { return static_cast<char>(mark | (code >> shift)); };
  const auto tail = [code](unsigned shift) { return static_cast<char>(0x80U | ((code >> shift) & 0x3fU)); };
  std::size_t count = 0;
  if (code < 0x80) {
    out[count++] = static_cast<char>(code);
  } else if (code < 0x800) {
    out[count++] = lead(0xc0U, 6);
    out[count++] = tail(0);
  } else if (code < 0x10000) {
    out[count++] = lead(0xe0U, 12);
    out[count++] = tail(6);
    out[count++] = tail(0);
  } else {
    out[count++] = lead(0xf0U, 18);
    out[count++] = tail(12);
    out[count++] = tail(6);
    out[count++] = tail(0);
  }
  return count;
}

}  // namespace vtoken
