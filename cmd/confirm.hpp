// Asking before something that cannot be undone.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "cmd/context.hpp"

namespace vtoken::cmd {

/// Asks `question`, such as "Revoke these 12 tokens?", on standard error and reads a line from the terminal on standard
/// input. "y" and "yes", in any case, are yes; anything else, the end of the input and an interrupt are no. What was
/// typed before the question does not count. Fails with refused, and names -yes, when nobody can be asked: standard
/// input is no terminal, or -non-interactive was given.
[[nodiscard]] Result<bool> confirm(const Context& context, std::string_view question);

}  // namespace vtoken::cmd
