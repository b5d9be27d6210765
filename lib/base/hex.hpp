// Hexadecimal: bytes as lower-case digits, digits of either case read.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace vtoken {

/// Two characters a byte.
[[nodiscard]] std::string to_hex(std::span<const unsigned char> bytes);
[[nodiscard]] std::string to_hex(std::string_view bytes);
/// The same of bytes that are secret.
[[nodiscard]] SecretString to_secret_hex(std::string_view bytes);

/// Sixteen bytes in the form of a UUID: 8-4-4-4-12 characters.
[[nodiscard]] std::string to_uuid(std::span<const unsigned char, 16> bytes);

/// The value of a digit, or -1 for any other character.
[[nodiscard]] constexpr int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Whether `text` has the form of a UUID, in letters of either case.
[[nodiscard]] bool is_uuid(std::string_view text) noexcept;

}  // namespace vtoken
