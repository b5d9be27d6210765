// What a file holds, by its first bytes.
#pragma once

#include <cstddef>
#include <string_view>

#include "scan/scan.hpp"

namespace vtoken::scan {

enum class Content { text, utf16_little, utf16_big, binary };

inline constexpr std::size_t kHeadSize = 8192;  ///< bytes that are looked at
inline constexpr std::size_t kMarkSize = 2;     ///< bytes of a UTF-16 byte order mark

/// Text in UTF-16 begins with a byte order mark; what else holds a NUL byte is binary.
[[nodiscard]] Content content_of(std::string_view head) noexcept;

/// The bytes of UTF-16 from behind its byte order mark, as UTF-8. What is no text becomes U+FFFD.
[[nodiscard]] ReadSome utf16_as_utf8(ReadSome read, bool big_endian);

}  // namespace vtoken::scan
