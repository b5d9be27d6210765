// Values as Go's fmt prints them: the real command's tables are full of "%v" and "%q".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "core/json_fwd.hpp"

namespace vtoken::cmd {

/// "%v": `<nil>`, `true`, `[app default]`, `map[a:1 b:x]`; strings as they are.
void append_go_value(SecretString& out, const Json& value);

/// "%q" of a string: in double quotes, with Go's escapes.
void append_go_quoted(SecretString& out, std::string_view text);

/// "%q" of a list: `["app" "default"]`.
[[nodiscard]] SecretString go_quoted(const std::vector<std::string>& texts);

/// A message of the system as Go writes it, such as "no such file or directory".
[[nodiscard]] std::string go_system_error(std::string message);

/// `text` without the white space around it: Unicode's, as Go's strings.TrimSpace cuts it.
[[nodiscard]] std::string_view trim_space(std::string_view text) noexcept;

/// Go's unicode.IsPrint without its tables: exact for ASCII; beyond it, controls and spaces are not printable and all
/// else is taken to be.
[[nodiscard]] bool is_go_printable(std::uint32_t rune) noexcept;

/// The length of the UTF-8 sequence that `text` begins with, or 0 when it is not valid (overlong, surrogate, cut off).
[[nodiscard]] std::size_t utf8_length(std::string_view text) noexcept;

/// The character of a sequence of that length; of a single byte its value.
[[nodiscard]] std::uint32_t utf8_rune(std::string_view sequence) noexcept;

}  // namespace vtoken::cmd
