// Passphrases typed at a terminal. They never come from arguments.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "cmd/context.hpp"
#include "cmd/target.hpp"

namespace vtoken::cmd {

/// Asks on the terminal, without echo. Fails with usage when there is no terminal to ask on, -non-interactive was
/// given, or nothing was typed.
[[nodiscard]] Result<SecretString> ask_passphrase(const Context& context, std::string_view prompt);

/// The same for a new passphrase, which is asked for twice.
[[nodiscard]] Result<SecretString> ask_new_passphrase(const Context& context);

/// A passphrase from a file ("-" is standard input), white space cut off its end. Fails with usage when it is empty.
[[nodiscard]] Result<SecretString> read_passphrase(const Context& context, const std::string& file);

/// Asks for the passphrase of `target`'s store when it needs one, none was given, and there is a terminal.
[[nodiscard]] Result<void> complete_unlock(const Context& context, Target& target);

}  // namespace vtoken::cmd
