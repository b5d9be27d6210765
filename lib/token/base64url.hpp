// Unpadded base64url (RFC 4648, section 5), the text form of SSC and batch tokens.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "base/secret.hpp"

namespace vtoken {

/// Why a text is not base64url, and where.
struct Base64Fault {
  std::size_t at = 0;       ///< the offset of the character at fault, from 0
  std::string_view reason;  ///< a constant; never holds the text
  bool at_end = false;      ///< every character is of the alphabet; the text ends wrongly, as one that was cut off does
};

/// Appends the text form of `bytes` to `out`.
void append_base64url(std::span<const unsigned char> bytes, SecretString& out);

/// The bytes of `text`, or nothing when a character is outside the alphabet, the length is impossible, or unused bits
/// of the last character are set (each value has one text).
[[nodiscard]] std::optional<SecretBytes> decode_base64url(std::string_view text);

/// The same, into `out`, which is replaced; says what is wrong. On a fault `out` holds the bytes before it.
[[nodiscard]] std::optional<Base64Fault> decode_base64url(std::string_view text, SecretBytes& out);

/// The bytes of a text for as long as they are looked at. Those of short texts, as nearly all tokens are, need no
/// memory of their own. Wiped at the end.
class Base64Bytes {
 public:
  explicit Base64Bytes(std::string_view text);
  ~Base64Bytes();
  Base64Bytes(const Base64Bytes&) = delete;
  Base64Bytes& operator=(const Base64Bytes&) = delete;

  /// What is wrong with the text, if anything.
  [[nodiscard]] const std::optional<Base64Fault>& fault() const noexcept { return fault_; }
  /// The bytes, on a fault those before it. Borrowed from this object.
  [[nodiscard]] std::string_view view() const noexcept {
    const unsigned char* start = many_.empty() ? few_.data() : many_.data();
    return {reinterpret_cast<const char*>(start), size_};
  }

 private:
  std::array<unsigned char, 256> few_{};
  SecretBytes many_;
  std::size_t size_ = 0;
  std::optional<Base64Fault> fault_;
};

}  // namespace vtoken
