// Bytes as lower-case hexadecimal.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace vtoken {

/// Two characters a byte.
[[nodiscard]] std::string to_hex(std::span<const unsigned char> bytes);
[[nodiscard]] std::string to_hex(std::string_view bytes);

/// Sixteen bytes in the form of a UUID: 8-4-4-4-12 characters.
[[nodiscard]] std::string to_uuid(std::span<const unsigned char, 16> bytes);

}  // namespace vtoken
