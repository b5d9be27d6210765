// auth/token/create, create-orphan and create/ROLE.
#include "base/hex.hpp"
#include "store/auth_data.hpp"
#include "store/creation.hpp"
#include "store/mint.hpp"
#include "token/batch.hpp"

namespace vtoken::store {
namespace {

SecretString make_batch(const Call& call, const Draft& draft) {
  const TokenEntry& entry = draft.entry;
  BatchEntry batch;
  // The parent is named by its keyed hash: a batch token that is opened gives no other token away.
  if (!draft.orphan) batch.parent = to_hex(call.caller.row.id_hash.view());
  batch.policies = entry.policies;
  batch.path = entry.path;
  if (entry.meta) batch.meta = *entry.meta;
  batch.display_name = entry.display_name;
  batch.creation_time = entry.creation_time;
  batch.ttl = entry.ttl;
  batch.role = entry.role;
  batch.entity_id = entry.entity_id;
  batch.bound_cidrs = entry.bound_cidrs;
  batch.namespace_id = "root";
  const std::uint32_t term = call.keyring.active_term();
  return seal_batch(batch, term, *call.keyring.cipher(term));
}

const char* bad_custom_id(std::string_view id) {
  if (id.starts_with("hvs.")) return "custom token ID cannot have the 'hvs.' prefix";
  if (id.starts_with("s.")) return "custom token ID cannot have the 's.' prefix";
  if (id.find('.') != std::string_view::npos) return "custom token ID cannot have a '.' in the value";
  return nullptr;
}

// The answer that refuses a custom id, if any. A dead token may still hold the id's row: the dead are removed first.
Result<std::optional<Response>> check_custom_id(Call& call, std::string_view id) {
  if (const char* why = bad_custom_id(id)) return reply_error(400, why);
  const auto taken = call.tokens.by_id(call.keyring.hash_id(id), call.now);
  if (!taken) return tl::unexpected(taken.error());
  if (*taken) return reply_error(400, "cannot create a token with a duplicate ID");
  if (!call.may_write) return std::nullopt;
  if (const auto removed = call.tokens.remove_expired(call.now); !removed) return tl::unexpected(removed.error());
  return std::nullopt;
}

Result<void> warn_policies(const Call& call, const TokenEntry& entry, Warnings& warnings) {
  for (const auto& name : entry.policies) {
    const auto known = call.acls.exists(name, call.policies, call.state.policy_version, call.now);
    if (!known) return tl::unexpected(known.error());
    if (!*known) warnings.push_back("Policy \"" + name + "\" does not exist");
  }
  return {};
}

// `role_name` is empty for none. That there is no such role comes after what is wrong with the body.
// What of the body meant nothing. The path's role is not the body's to name.
void warn_names(std::vector<std::string> unknown, bool by_role, Warnings& warnings) {
  const bool named = by_role && std::erase(unknown, "role_name") > 0;
  warn_unknown(unknown, warnings);
  if (named) warn_replaced("role_name", warnings);
}

Result<Response> create(Call& call, std::string_view role_name, bool orphan_path) {
  std::vector<std::string> unknown;
  const auto body = read_create_body(call.body, unknown);
  if (!body) return reply_error(400, body.error().message);
  std::optional<Role> role;
  if (!role_name.empty()) {
    auto found = call.roles.read(role_name);
    if (!found) return tl::unexpected(found.error());
    if (!*found) return reply_error(400, "unknown role " + std::string(role_name));
    role = **found;
  }
  auto draft = draft_token(call, *body, role ? &*role : nullptr, orphan_path);
  if (!draft) return reply_error(400, draft.error().message);

  SecretString token;
  if (draft->batch) {
    token = make_batch(call, *draft);
  } else {
    if (!draft->id.empty()) {
      auto refusal = check_custom_id(call, draft->id.view());
      if (!refusal) return tl::unexpected(refusal.error());
      if (*refusal) return std::move(**refusal);
    }
    if (!call.may_write) return call.needs_write();
    auto minted = mint_service(call, draft->entry,
                               {.id = draft->id,
                                .parent = draft->orphan ? 0 : call.caller.row.seq,
                                .ttl = draft->ttl,
                                .num_uses = draft->num_uses});
    if (!minted) return tl::unexpected(minted.error());
    token = std::move(minted->text);
  }
  if (auto warned = warn_policies(call, draft->entry, draft->warnings); !warned) return tl::unexpected(warned.error());
  warn_names(unknown, !role_name.empty(), draft->warnings);
  const SecretString auth = auth_data({.entry = draft->entry,
                                       .client_token = token.view(),
                                       .ttl = draft->ttl,
                                       .num_uses = draft->num_uses,
                                       .renewable = draft->entry.renewable,
                                       .batch = draft->batch,
                                       .orphan = draft->orphan});
  return reply(200, {}, auth.view(), draft->warnings);
}

}  // namespace

Result<Response> handle_create(Call& call) { return create(call, {}, false); }

Result<Response> handle_create_orphan(Call& call) { return create(call, {}, true); }

Result<Response> handle_create_role(Call& call) { return create(call, call.argument, false); }

}  // namespace vtoken::store
