// Unpadded base64url (RFC 4648, section 5), the text form of SSC and batch tokens.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "base/secret.hpp"

namespace vtoken {

/// Appends the text form of `bytes` to `out`.
void append_base64url(std::span<const unsigned char> bytes, SecretString& out);

/// The bytes of `text`, or nothing when a character is outside the alphabet, the length is impossible, or unused bits of
/// the last character are set (each value has one text).
[[nodiscard]] std::optional<SecretBytes> decode_base64url(std::string_view text);

}  // namespace vtoken
