#include "base/hex.hpp"

namespace vtoken {
namespace {

template <class Text>
Text digits_of(std::span<const unsigned char> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  Text text;
  text.reserve(2 * bytes.size());
  for (const unsigned char byte : bytes) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return text;
}

std::span<const unsigned char> as_bytes(std::string_view text) {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

}  // namespace

std::string to_hex(std::span<const unsigned char> bytes) { return digits_of<std::string>(bytes); }

std::string to_hex(std::string_view bytes) { return to_hex(as_bytes(bytes)); }

SecretString to_secret_hex(std::string_view bytes) { return digits_of<SecretString>(as_bytes(bytes)); }

std::string to_uuid(std::span<const unsigned char, 16> bytes) {
  std::string text = to_hex(bytes);
  for (const std::size_t place : {8U, 13U, 18U, 23U}) text.insert(place, 1, '-');
  return text;
}

bool is_uuid(std::string_view text) noexcept {
  constexpr std::size_t kLength = 36;
  if (text.size() != kLength) return false;
  for (std::size_t i = 0; i < kLength; ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : hex_digit(text[i]) < 0) return false;
  }
  return true;
}

}  // namespace vtoken
