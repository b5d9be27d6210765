// One request on its way through the store: what handlers get and what they leave behind.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "core/json_fwd.hpp"
#include "core/request.hpp"
#include "policy/acl.hpp"
#include "store/policy_cache.hpp"
#include "store/policy_table.hpp"
#include "store/presented.hpp"
#include "store/reply.hpp"
#include "store/role_table.hpp"
#include "store/schema.hpp"
#include "store/token_table.hpp"

namespace vtoken::store {

/// Everything is borrowed for the call. A handler that must write while `may_write` is false returns needs_write(): it
/// is then called again inside a transaction that may. A handler writes only when it is past its last refusal, so that
/// an answer with an error status leaves nothing behind.
struct Call {
  const Request& request;
  const Json& body;           ///< an object: the body, or what a read's query says; empty when there is neither
  std::string_view path;      ///< without a trailing slash
  std::string_view argument;  ///< what follows the route's prefix, such as a role's name
  Nanoseconds now;
  bool may_write;
  Database& database;
  TokenTable& tokens;
  RoleTable& roles;
  PolicyTable& policies;
  PolicyCache& acls;
  const Keyring& keyring;
  StoreState& state;  ///< what a commit will write, but that its index will be one higher
  Presented& caller;
  const policy::Acl* acl;  ///< what the caller may do; null on a path that is open to all

  bool wants_write = false;  ///< set by needs_write()
  bool changed = false;      ///< set by handlers that wrote
  bool only_added = false;   ///< set beside it when what was there before is as it was

  /// Whether the caller has sudo on the request's path.
  [[nodiscard]] bool sudo() const { return acl != nullptr && acl->sudo(path); }

  [[nodiscard]] Response needs_write() {
    wants_write = true;
    return {};
  }
};

/// A handler's answer; an Error means that the file could not be read or written.
using Handler = Result<Response> (*)(Call&);

/// Whether what a write is about is there already. A server looks before it asks the caller's policies: what it trips
/// over then is its answer, whoever asks.
struct Existing {
  bool there = true;
  std::optional<Response> refusal = {};
};
using Existence = Result<Existing> (*)(Call&);
[[nodiscard]] Result<Existing> role_exists(Call& call);
[[nodiscard]] Result<Existing> item_exists(Call& call);

[[nodiscard]] Result<Response> handle_create(Call& call);
[[nodiscard]] Result<Response> handle_create_orphan(Call& call);
[[nodiscard]] Result<Response> handle_create_role(Call& call);
[[nodiscard]] Result<Response> handle_lookup(Call& call);
[[nodiscard]] Result<Response> handle_lookup_self(Call& call);
[[nodiscard]] Result<Response> handle_lookup_accessor(Call& call);
[[nodiscard]] Result<Response> handle_ancestors_self(Call& call);
[[nodiscard]] Result<Response> handle_renew(Call& call);
[[nodiscard]] Result<Response> handle_renew_self(Call& call);
[[nodiscard]] Result<Response> handle_renew_accessor(Call& call);
[[nodiscard]] Result<Response> handle_revoke(Call& call);
[[nodiscard]] Result<Response> handle_revoke_self(Call& call);
[[nodiscard]] Result<Response> handle_revoke_orphan(Call& call);
[[nodiscard]] Result<Response> handle_revoke_accessor(Call& call);
[[nodiscard]] Result<Response> handle_revoke_prefix(Call& call);
[[nodiscard]] Result<Response> handle_list_accessors(Call& call);
[[nodiscard]] Result<Response> handle_tidy(Call& call);
[[nodiscard]] Result<Response> handle_list_roles(Call& call);
[[nodiscard]] Result<Response> handle_read_role(Call& call);
[[nodiscard]] Result<Response> handle_write_role(Call& call);
[[nodiscard]] Result<Response> handle_delete_role(Call& call);
[[nodiscard]] Result<Response> handle_read_cubbyhole(Call& call);
[[nodiscard]] Result<Response> handle_write_cubbyhole(Call& call);
[[nodiscard]] Result<Response> handle_delete_cubbyhole(Call& call);
[[nodiscard]] Result<Response> handle_list_cubbyhole(Call& call);

[[nodiscard]] Result<Response> handle_list_policies(Call& call);
[[nodiscard]] Result<Response> handle_read_policy(Call& call);
[[nodiscard]] Result<Response> handle_write_policy(Call& call);
[[nodiscard]] Result<Response> handle_delete_policy(Call& call);
[[nodiscard]] Result<Response> handle_capabilities(Call& call);
[[nodiscard]] Result<Response> handle_capabilities_self(Call& call);
[[nodiscard]] Result<Response> handle_capabilities_accessor(Call& call);
[[nodiscard]] Result<Response> handle_audit_hash(Call& call);
[[nodiscard]] Result<Response> handle_wrap(Call& call);
[[nodiscard]] Result<Response> handle_unwrap(Call& call);
[[nodiscard]] Result<Response> handle_lookup_wrapping(Call& call);
[[nodiscard]] Result<Response> handle_rewrap(Call& call);

/// The token that the body's "token" names, or the answer to give when it names none that can be used.
struct Named {
  Presented token;
  SecretString text;
  std::optional<Response> refusal;  ///< bad signature, stale, not a string, or missing (when `required`)
};
[[nodiscard]] Result<Named> named_token(Call& call);

/// The answer to a request about a token (lookup, renew, revoke, revoke-orphan) whose body names it by what is no text
/// or is signed wrongly; nothing for all others. Servers look at this before they look at the caller.
[[nodiscard]] Result<std::optional<Response>> refuse_named_token(Call& call);

/// The token that the body's "accessor" names; nothing in `row` when there is none. `refusal` when it is missing.
struct NamedRow {
  std::optional<TokenRow> row;
  std::optional<Response> refusal;
};
[[nodiscard]] Result<NamedRow> named_accessor(Call& call);

/// Adds the server's warning about members that the endpoint does not know.
void warn_unknown(const std::vector<std::string>& names, Warnings& warnings);
/// Adds the server's warning about a member whose value comes from the path.
void warn_replaced(std::string_view name, Warnings& warnings);

}  // namespace vtoken::store
