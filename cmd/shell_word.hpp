// Texts within commands that people are told to run.
#pragma once

#include <string>
#include <string_view>

namespace vtoken::cmd {

/// `text` as one word of sh: in single quotes when it holds more than letters, digits and the like.
[[nodiscard]] std::string shell_word(std::string_view text);

}  // namespace vtoken::cmd
