// Which back end a command line means (design.md, "Which back end, which token").
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "cmd/context.hpp"
#include "cmd/odd_address.hpp"
#include "remote/remote.hpp"
#include "store/store.hpp"

namespace vtoken::cmd {

struct Target {
  enum class Kind { store, remote };
  Kind kind = Kind::store;
  std::string path = {};               ///< of the store's file; empty for a server
  std::string address = {};            ///< "file:///…", or the server's URL; of several servers the first
  std::string source = {};             ///< who named it: "-store", "VAULT_ADDR", …; "the default" when nobody did
  bool unnamed = false;                ///< nobody named it: it is the default store
  store::Unlock unlock = {};           ///< how to open the store
  std::optional<OddAddress> odd = {};  ///< instead of a server: the reason why none can be asked
  remote::Settings server = {};        ///< how to ask the server, or the servers
};

/// Finds the target from flags and environment. Opens nothing, but reads a passphrase file. Fails with usage (two
/// targets, a bad address, two ways to unlock, a server's flag for a store, and as server_settings.hpp says) and
/// refused (no address, though a server's settings are there).
[[nodiscard]] Result<Target> resolve_target(const Context& context);

/// The key file or passphrase that flags and environment name, if any. Fails with usage when they name both, and with
/// not_found or io when the passphrase file cannot be read.
[[nodiscard]] Result<store::Unlock> resolve_unlock(const Context& context);

}  // namespace vtoken::cmd
