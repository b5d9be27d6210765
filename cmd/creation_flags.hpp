// The flags that say what token is made: of `create`, and of `run`.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "cmd/args.hpp"
#include "cmd/context.hpp"
#include "core/token_client.hpp"

namespace vtoken::cmd {

/// Targets of the flags; settle() makes `create` complete.
struct CreationFlags {
  CreateOptions create = {};
  bool require_policies = false;

  void declare(FlagSet& flags);
  /// Fails (usage) when a flag is not known under this program's name.
  [[nodiscard]] Result<void> settle(const Context& context);

 private:
  std::optional<std::string> id_ = {}, role_ = {};
};

}  // namespace vtoken::cmd
