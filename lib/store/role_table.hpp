// The roles in the file, within a transaction that the caller has begun.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "store/database.hpp"
#include "store/keyring.hpp"
#include "store/role.hpp"

namespace vtoken::store {

class RoleTable {
 public:
  /// Borrows both.
  RoleTable(Database& database, const Keyring& keyring) : database_(database), keyring_(keyring) {}

  [[nodiscard]] Result<std::optional<Role>> read(std::string_view name);
  [[nodiscard]] Result<void> write(const Role& role);
  /// A role that is not there is no failure.
  [[nodiscard]] Result<void> erase(std::string_view name);
  /// All names, sorted.
  [[nodiscard]] Result<std::vector<std::string>> names();

  /// Forgets what was read: another process may have changed it.
  void forget() { kept_.reset(); }

 private:
  Result<Role> open(std::string_view name_hash, std::string_view sealed);

  Database& database_;
  const Keyring& keyring_;
  std::optional<Role> kept_;  // the last one read: creations come in rows
};

}  // namespace vtoken::store
