// The namespace that may stand behind a token: "." and an id.
//
// Threads: functions of their arguments alone.
#pragma once

#include <cstddef>
#include <string_view>

namespace vtoken::scan {

/// How many characters of `after`, which follows a token, are a namespace suffix, "." included; 0 for none. Namespace
/// ids are 5 (Vault) or 6 (OpenBao) of base62, drawn at random: file extensions, methods and the first words of
/// sentences are none. Looks at no more than 8 characters.
[[nodiscard]] std::size_t suffix_length(std::string_view after) noexcept;

}  // namespace vtoken::scan
