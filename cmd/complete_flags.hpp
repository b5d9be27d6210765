// The flags of a command line that is still being written.
#pragma once

#include <string>
#include <vector>

#include "cmd/context.hpp"

namespace vtoken::cmd {

/// Sets in `context` what the words of an unfinished command line, without the program's name, say of where to ask and
/// with which token; all other words are passed over, wrong ones too. A value that is a word of its own and begins with
/// "~/" is beneath the user's folder. False when nothing can be asked for them: a value is wrong, or is to be read from
/// standard input.
[[nodiscard]] bool take_flags(Context& context, const std::vector<std::string>& words);

}  // namespace vtoken::cmd
