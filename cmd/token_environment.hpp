// The environment in which programs ask with a token where this command asked: of `eval "$(… -format=env)"`, and of the
// program that `run` starts.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.hpp"
#include "cmd/context.hpp"
#include "cmd/target.hpp"

namespace vtoken::cmd {

/// What is to be changed in the environment that this command was given. Only `vtoken` makes one.
struct TokenEnvironment {
  /// VAULT_TOKEN, VAULT_ADDR, VAULT_NAMESPACE when there is one, and what flags said about the store's key and the
  /// server's certificate; each under its BAO_ name, too, when that one is set. Paths are absolute.
  std::vector<std::pair<std::string, SecretString>> set = {};
  /// What is set, and would lead elsewhere.
  std::vector<std::string> unset = {};
};

/// `token` as made by a command that asked `target`, in `namespace_path` (empty for the root namespace).
[[nodiscard]] TokenEnvironment token_environment(const Context& context, const Target& target,
                                                 std::string_view namespace_path, std::string_view token);

/// As commands for sh, a line each: export NAME='value', unset NAME.
[[nodiscard]] SecretString shell_commands(const TokenEnvironment& environment);

}  // namespace vtoken::cmd
