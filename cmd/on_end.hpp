// A command of the user's that is run when something is over.
#pragma once

#include <string>

#include "base/result.hpp"
#include "cmd/app.hpp"

namespace vtoken::cmd {

/// Runs `command` with `/bin/sh -c`, with our standard input, and our standard error for both of its outputs, and waits
/// for its end. Signals that ask us to end are passed on to it meanwhile, and end us as usual when it has ended.
/// Returns how it ended when that was not well, such as "exit status 3"; empty when it was. Fails with io when it
/// cannot be started.
[[nodiscard]] Result<std::string> run_on_end(const std::string& command, const Environment& environment);

}  // namespace vtoken::cmd
