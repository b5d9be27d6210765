// Token roles: what a token made against a role may be.
//
// Source of the rules: openbao vault/token_store.go (tokenStoreRoleCreateUpdate). Unlike a server the store keeps and
// honours token_ttl and token_max_ttl, and accepts batch roles that are not orphans, as the documents describe them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/fields.hpp"

namespace vtoken::store {

struct Role {
  std::string name;
  std::vector<std::string> allowed_policies;
  std::vector<std::string> allowed_policies_glob;
  std::vector<std::string> disallowed_policies;
  std::vector<std::string> disallowed_policies_glob;
  std::optional<std::vector<std::string>> allowed_entity_aliases;
  std::vector<std::string> bound_cidrs;
  bool bound_cidrs_by_old_name = false;  ///< given as "bound_cidrs": read back under that name too
  bool orphan = false;
  bool renewable = true;
  bool no_default_policy = false;
  std::string path_suffix;
  std::string token_type = "default-service";
  std::int64_t num_uses = 0;   ///< 0 for no limit
  Nanoseconds period = 0;      ///< 0 for none, and so on
  Nanoseconds old_period = 0;  ///< as given under the name "period"
  Nanoseconds explicit_max_ttl = 0;
  Nanoseconds old_explicit_max_ttl = 0;
  Nanoseconds ttl = 0;
  Nanoseconds max_ttl = 0;
};

/// Tries every conversion of a role's members. An Error (refused) carries the server's text for status 400.
[[nodiscard]] Result<void> check_role_types(Fields& fields);

/// Changes `role` (a fresh one for a creation) by a request's body. Adds what the caller should know to `warnings`.
/// An Error (refused) carries the server's text for status 400; `role` is then not to be kept.
[[nodiscard]] Result<void> update_role(Role& role, Fields& fields, std::vector<std::string>& warnings);

/// The "data" of a role that is read.
[[nodiscard]] Json role_data(const Role& role);

/// The stored form: JSON with the role's own names.
[[nodiscard]] SecretString encode_role(const Role& role);
[[nodiscard]] std::optional<Role> decode_role(std::string_view bytes);

/// Letters, digits, '_', '-' and '.', starting and ending with a word character, as the server's routes ask of a name.
[[nodiscard]] bool is_role_name(std::string_view name);

}  // namespace vtoken::store
