// Values as Go's fmt prints them: the real command's tables are full of "%v" and "%q".
#pragma once

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

/// The length of the UTF-8 sequence that `text` begins with, or 0 when it is not valid (overlong, surrogate, cut off).
[[nodiscard]] std::size_t utf8_length(std::string_view text) noexcept;

}  // namespace vtoken::cmd
