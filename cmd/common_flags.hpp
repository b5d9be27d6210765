// The flags that many commands share, and the environment that stands behind them.
#pragma once

#include "base/result.hpp"
#include "cmd/args.hpp"
#include "cmd/command.hpp"
#include "cmd/context.hpp"

namespace vtoken::cmd {

/// Declares the flags that `which` (of CommonFlags in command.hpp) names. `values` must outlive the parsing.
void declare_common(FlagSet& flags, CommonValues& values, unsigned which);

/// Declares all flags of `command`, its own and the common ones, as the program's name has them.
void declare_all(FlagSet& flags, Command& command, const CommandInfo& info, Persona persona, CommonValues& values);

/// Checks what the flags said, and reads VAULT_FORMAT and VAULT_DETAILED, for a command that takes `which`. Fails with
/// usage.
[[nodiscard]] Result<void> settle_common(Context& context, unsigned which);

}  // namespace vtoken::cmd
