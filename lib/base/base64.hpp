// Padded base64 (RFC 4648, section 4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vtoken {

/// Decodes as Go's base64.StdEncoding does: padding is needed, line ends are skipped, and unused bits need not be zero.
/// Nothing when it is no base64.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

}  // namespace vtoken
