#include "token/base64url.hpp"

#include <array>
#include <cstdint>

namespace vtoken {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t kInvalid = 0xff;

constexpr std::array<std::uint8_t, 256> make_values() {
  std::array<std::uint8_t, 256> values{};
  values.fill(kInvalid);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}

constexpr std::array<std::uint8_t, 256> kValues = make_values();

std::uint32_t value_of(char c) { return kValues[static_cast<unsigned char>(c)]; }

// The offset of the first character from `start` on that is outside the alphabet, or the text's end.
std::size_t find_invalid(std::string_view text, std::size_t start) {
  while (start < text.size() && value_of(text[start]) != kInvalid) ++start;
  return start;
}

std::size_t room_for(std::string_view text) { return text.size() / 4 * 3 + 2; }

// Decodes into `out`, which has room for `room_for(text)` bytes; `at` becomes their number.
std::optional<Base64Fault> decode(std::string_view text, unsigned char* out, std::size_t& at) {
  at = 0;
  std::size_t i = 0;
  for (; i + 4 <= text.size(); i += 4) {
    const std::uint32_t a = value_of(text[i]);
    const std::uint32_t b = value_of(text[i + 1]);
    const std::uint32_t c = value_of(text[i + 2]);
    const std::uint32_t d = value_of(text[i + 3]);
    if (((a | b | c | d) & 0xc0) != 0) break;
    const std::uint32_t group = a << 18 | b << 12 | c << 6 | d;
    out[at++] = static_cast<unsigned char>(group >> 16);
    out[at++] = static_cast<unsigned char>(group >> 8);
    out[at++] = static_cast<unsigned char>(group);
  }
  if (const std::size_t invalid = find_invalid(text, i); invalid < text.size()) {
    return Base64Fault{invalid, "not a base64url character"};
  }
  const std::size_t rest = text.size() - i;
  std::uint32_t unused = 0;
  if (rest >= 2) {
    const std::uint32_t third = rest == 3 ? value_of(text[i + 2]) : 0;
    const std::uint32_t group = value_of(text[i]) << 18 | value_of(text[i + 1]) << 12 | third << 6;
    out[at++] = static_cast<unsigned char>(group >> 16);
    if (rest == 3) out[at++] = static_cast<unsigned char>(group >> 8);
    unused = rest == 3 ? group & 0xff : group & 0xffff;
  }
  if (rest == 1) return Base64Fault{i, "base64url ends in the middle of a byte", true};
  if (unused != 0) return Base64Fault{text.size() - 1, "unused bits of the last character are set", true};
  return std::nullopt;
}

}  // namespace

void append_base64url(std::span<const unsigned char> bytes, SecretString& out) {
  std::size_t at = out.size();
  out.resize(at + (bytes.size() * 4 + 2) / 3);
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    const std::uint32_t group = static_cast<std::uint32_t>(bytes[i] << 16 | bytes[i + 1] << 8 | bytes[i + 2]);
    out[at++] = kAlphabet[group >> 18];
    out[at++] = kAlphabet[group >> 12 & 63];
    out[at++] = kAlphabet[group >> 6 & 63];
    out[at++] = kAlphabet[group & 63];
  }
  if (i == bytes.size()) return;
  const std::uint32_t second = i + 1 < bytes.size() ? bytes[i + 1] : 0;
  const std::uint32_t group = static_cast<std::uint32_t>(bytes[i]) << 16 | second << 8;
  out[at++] = kAlphabet[group >> 18];
  out[at++] = kAlphabet[group >> 12 & 63];
  if (i + 1 < bytes.size()) out[at] = kAlphabet[group >> 6 & 63];
}

std::optional<Base64Fault> decode_base64url(std::string_view text, SecretBytes& out) {
  out.resize(room_for(text));
  std::size_t size = 0;
  std::optional<Base64Fault> fault = decode(text, out.data(), size);
  out.resize(size);
  return fault;
}

std::optional<SecretBytes> decode_base64url(std::string_view text) {
  SecretBytes bytes;
  if (decode_base64url(text, bytes)) return std::nullopt;
  return bytes;
}

Base64Bytes::Base64Bytes(std::string_view text) {
  unsigned char* out = few_.data();
  if (room_for(text) > few_.size()) {
    many_.resize(room_for(text));
    out = many_.data();
  }
  fault_ = decode(text, out, size_);
}

Base64Bytes::~Base64Bytes() {
  if (many_.empty()) wipe(few_.data(), size_);
}

}  // namespace vtoken
