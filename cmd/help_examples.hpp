// Examples in a help text that a name of the program does not know.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vtoken::cmd {

/// `help` without the example commands that have one of `flags` (such as "-count", or "-format=env" with its value),
/// and without the titles that then stand above nothing. An example is a line that begins with six blanks and "$ ",
/// with the further indented ones below it.
[[nodiscard]] std::string without_examples(std::string_view help, const std::vector<std::string>& flags);

}  // namespace vtoken::cmd
