// Where a store notes its requests, as its file says.
#pragma once

#include <optional>
#include <string>

#include "base/crypto.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "store/database.hpp"
#include "store/keyring.hpp"

namespace vtoken::store {

struct AuditConfig {
  std::string file;  ///< an absolute path
  SecretBytes key;   ///< kKeySize random bytes: what tokens and accessors are hashed with (audit_hash.hpp)
};

/// A configuration for `file` with a fresh key.
[[nodiscard]] AuditConfig new_audit_config(std::string file);

/// Nothing when requests are not noted. Fails with damaged when what is there does not open.
[[nodiscard]] Result<std::optional<AuditConfig>> read_audit_config(Database& database, const Keyring& keyring);

/// Writes into the open transaction; nothing as `config` takes it away.
[[nodiscard]] Result<void> write_audit_config(Database& database, const Keyring& keyring,
                                              const std::optional<AuditConfig>& config);

}  // namespace vtoken::store
