// Parts of a help text that are not for every name of the program.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vtoken::cmd {

/// `help` without the paragraphs that name one of `flags` (such as "-count", or "-format=env" with its value), without
/// the example commands that have one, and without the titles that then stand above nothing. An example is a line that
/// begins with six blanks and "$ ", with the further indented ones below it.
[[nodiscard]] std::string help_without(std::string_view help, const std::vector<std::string>& flags);

/// The first example command of `help` that needs no input below it, as it stands there, with the lines that it goes on
/// in; empty when there is none.
[[nodiscard]] std::string_view first_example(std::string_view help);

}  // namespace vtoken::cmd
