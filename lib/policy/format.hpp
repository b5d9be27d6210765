// A policy's text in its usual form: what `vault policy fmt` writes.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace vtoken::policy {

/// Formats HCL as the real command does, to the byte (two spaces, `=` aligned, comments kept), and ends in a newline.
/// Whether it is a policy is not looked at: the command asks parse_policy() first. Fails with usage, naming line and
/// column, when the text is no HCL, and when one argument is set twice in an object, which policies may. JSON is
/// refused: it has no such form.
[[nodiscard]] Result<std::string> format_policy(std::string_view text);

}  // namespace vtoken::policy
