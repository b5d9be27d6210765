#include "store/role_table.hpp"

#include <algorithm>

namespace vtoken::store {

Result<Role> RoleTable::open(std::string_view name_hash, std::string_view sealed) {
  const auto plain = keyring_.open(sealed, row_aad("roles", name_hash));
  auto role = plain ? decode_role(as_text(*plain)) : std::nullopt;
  if (!role) {
    return fail(ErrorKind::damaged, "a role does not open: the file is damaged; see `vtoken store verify`",
                database_.path());
  }
  return std::move(*role);
}

Result<std::optional<Role>> RoleTable::read(std::string_view name) {
  if (kept_ && kept_->name == name) return kept_;
  auto statement = database_.prepare("SELECT sealed FROM roles WHERE name_hash = ?1");
  if (!statement) return tl::unexpected(statement.error());
  const Hash hash = keyring_.hash_name(name);
  (*statement)->bind(1, hash.view());
  const auto found = (*statement)->step();
  if (!found) return tl::unexpected(found.error());
  if (!*found) return std::nullopt;
  auto role = open(hash.view(), (*statement)->blob(0));
  if (!role) return tl::unexpected(role.error());
  kept_ = std::move(*role);
  return kept_;
}

Result<void> RoleTable::write(const Role& role) {
  forget();
  auto statement = database_.prepare(
      "INSERT INTO roles(name_hash, sealed) VALUES(?1, ?2) ON CONFLICT(name_hash) DO UPDATE SET sealed = "
      "excluded.sealed");
  if (!statement) return tl::unexpected(statement.error());
  const Hash hash = keyring_.hash_name(role.name);
  const SecretBytes sealed = keyring_.seal(encode_role(role).view(), row_aad("roles", hash.view()));
  (*statement)->bind(1, hash.view());
  (*statement)->bind(2, as_text(sealed));
  return (*statement)->run();
}

Result<void> RoleTable::erase(std::string_view name) {
  forget();
  auto statement = database_.prepare("DELETE FROM roles WHERE name_hash = ?1");
  if (!statement) return tl::unexpected(statement.error());
  const Hash hash = keyring_.hash_name(name);
  (*statement)->bind(1, hash.view());
  return (*statement)->run();
}

Result<std::vector<std::string>> RoleTable::names() {
  auto statement = database_.prepare("SELECT name_hash, sealed FROM roles");
  if (!statement) return tl::unexpected(statement.error());
  std::vector<std::string> found;
  while (true) {
    const auto row = (*statement)->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    const auto role = open((*statement)->blob(0), (*statement)->blob(1));
    if (!role) return tl::unexpected(role.error());
    found.push_back(role->name);
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace vtoken::store
