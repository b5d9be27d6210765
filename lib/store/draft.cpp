#include <algorithm>

#include "base/duration.hpp"
#include "base/hex.hpp"
#include "core/display_name.hpp"
#include "core/json.hpp"
#include "store/creation.hpp"
#include "store/limits.hpp"
#include "store/policies.hpp"
#include "store/ttl.hpp"

namespace vtoken::store {
namespace {

tl::unexpected<Error> refuse(std::string text) { return fail(ErrorKind::refused, std::move(text)); }

// The role decides, unless it leaves the choice to the request.
Result<bool> is_batch(const CreateBody& body, const Role* role) {
  std::string type = body.type;
  if (role != nullptr) {
    if (role->token_type == "service" || role->token_type == "batch") type = role->token_type;
    if (role->token_type == "default-batch" && type.empty()) type = "batch";
  }
  if (type.empty() || type == "service") return false;
  if (type == "batch") return true;
  return refuse("invalid 'token_type' value");
}

// Of the three only the first that is given is looked at, as servers do.
Result<void> check_batch(const CreateBody& body) {
  const auto check_length = [](const std::string& text, const std::string& name) -> Result<void> {
    const auto length = parse_duration(text);
    if (!length) return refuse("'" + name + "' value could not be parsed");
    if (*length != 0) return refuse("batch tokens cannot have \"" + name + "\" set");
    return {};
  };
  if (!body.explicit_max_ttl.empty()) return check_length(body.explicit_max_ttl, "explicit_max_ttl");
  if (body.num_uses != 0) return refuse("batch tokens cannot have \"num_uses\" set");
  return check_length(body.period, "period");
}

// A stable identity for an alias: the store keeps no identities, and the same alias has to mean the same one.
std::string entity_for(const Call& call, const std::string& alias) {
  return to_uuid(call.keyring.hash_name("entity-alias:" + alias).bytes);
}

Result<std::string> resolve_alias(const Call& call, const CreateBody& body, const Role* role) {
  if (body.entity_alias.empty()) return std::string();
  if (role == nullptr) return refuse("'entity_alias' is only allowed in combination with token role");
  const Names alias = tidy_names({body.entity_alias}, true);
  const bool allowed =
      role->allowed_entity_aliases && !alias.empty() && matches_any_glob(*role->allowed_entity_aliases, alias.front());
  if (!allowed) return refuse("invalid 'entity_alias' value");
  return entity_for(call, alias.front());
}

void apply_role(const Role& role, const CreateBody& body, Draft& draft) {
  draft.entry.role = role.name;
  draft.entry.renewable = body.renewable && role.renewable;
  if (role.num_uses != 0 && (draft.num_uses == 0 || role.num_uses < draft.num_uses)) draft.num_uses = role.num_uses;
  if (!role.path_suffix.empty()) draft.entry.path += "/" + role.path_suffix;
}

Result<void> choose_policies(const Call& call, const CreateBody& body, const Role* role, Draft& draft) {
  const TokenEntry& parent = call.caller.row.entry;
  auto names = resolve_policies({.requested = body.policies,
                                 .parent = parent.policies,
                                 .role = role,
                                 .no_default = body.no_default_policy,
                                 .sudo = call.sudo()});
  if (!names) return tl::unexpected(names.error());
  draft.entry.policies = std::move(*names);
  if (!draft.entry.is_root()) return {};
  if (!parent.is_root()) return refuse("root tokens may not be created without parent token being root");
  if (draft.batch) return refuse("batch tokens cannot be root tokens");
  return {};
}

Result<void> choose_parent(const Call& call, const CreateBody& body, const Role* role, bool orphan_path, Draft& draft) {
  if (role != nullptr) {
    draft.orphan = role->orphan;
    draft.entry.bound_cidrs = role->bound_cidrs;
  } else if (body.no_parent) {
    if (!call.sudo()) return refuse("root or sudo privileges required to create orphan token");
    draft.orphan = true;
  } else {
    draft.orphan = orphan_path;
  }
  if (draft.orphan) return {};
  if (draft.entry.entity_id.empty()) draft.entry.entity_id = call.caller.row.entry.entity_id;
  if (role == nullptr) draft.entry.bound_cidrs = call.caller.row.entry.bound_cidrs;
  return {};
}

// The lesser of what the call and the role ask for, 0 being nothing asked.
Nanoseconds lesser(Nanoseconds by_call, Nanoseconds by_role, std::string_view what, Warnings& warnings) {
  if (by_role == 0) return by_call;
  if (by_call == 0) return by_role;
  const Nanoseconds use = std::min(by_call, by_role);
  warnings.push_back(std::string(what) +
                     " specified both during creation call and in role; using the lesser value of " +
                     std::to_string(use / kSecond) + " seconds");
  return use;
}

// What a batch token's parent has left, in whole seconds: it stops with its parent, so its TTL says so. 0 for no limit.
Result<Nanoseconds> parent_limit(const Call& call, const Draft& draft) {
  if (!draft.batch || draft.orphan || call.caller.end == 0) return 0;
  const Nanoseconds left = call.caller.end / kSecond * kSecond - call.now / kSecond * kSecond;
  if (left <= 0) return refuse("the parent token ends within a second: a batch token would end with it");
  return left;
}

Result<void> choose_ttl(const Call& call, const CreateBody& body, const Role* role, Draft& draft) {
  TokenEntry& entry = draft.entry;
  const auto lengths = read_create_lengths(body, call.sudo());
  if (!lengths) return tl::unexpected(lengths.error());
  entry.explicit_max_ttl = lengths->explicit_max_ttl;
  entry.period = lengths->period;
  TtlQuestion question{.now = call.now, .start = call.now, .wanted = lengths->ttl};
  question.period = lengths->period;
  question.explicit_max_ttl = entry.explicit_max_ttl;
  if (role != nullptr && !draft.batch) {
    question.explicit_max_ttl =
        lesser(question.explicit_max_ttl, role->explicit_max_ttl, "Explicit max TTL", draft.warnings);
    question.period = lesser(lengths->period, role->period, "Period", draft.warnings);
  }
  if (role != nullptr) {
    if (question.wanted == 0) question.wanted = role->ttl;
    question.max_ttl = role->max_ttl;
  }
  const auto limit = parent_limit(call, draft);
  if (!limit) return tl::unexpected(limit.error());
  if (*limit != 0) question.max_ttl = question.max_ttl == 0 ? *limit : std::min(question.max_ttl, *limit);

  if (question.period > 0 || question.wanted > 0 || !entry.is_root()) {
    const auto ttl = calculate_ttl(question, draft.warnings);
    if (!ttl) return tl::unexpected(ttl.error());
    draft.ttl = *ttl;
  } else {
    draft.ttl = question.explicit_max_ttl;
  }
  if (draft.ttl != 0) return {};
  if (call.caller.row.entry.ttl != 0) return refuse("expiring root tokens cannot create non-expiring root tokens");
  entry.renewable = false;
  entry.bound_cidrs.clear();
  return {};
}

Result<void> check_caller(const Call& call) {
  if (call.caller.row.uses < 0) return refuse("parent token lookup failed: no parent found");
  if (call.caller.batch) return refuse("batch tokens cannot create more tokens");
  if (call.caller.row.uses != 0) return refuse("restricted use token cannot generate child tokens");
  return {};
}

constexpr std::string_view kCustomIdWarning =
    "Supplying a custom ID for the token uses the weaker SHA1 hashing instead of the more secure SHA2-256 HMAC for "
    "token obfuscation. SHA1 hashed tokens on the wire leads to less secure lookups.";

}  // namespace

Result<Draft> draft_token(const Call& call, const CreateBody& body, const Role* role, bool orphan_path) {
  if (auto checked = check_caller(call); !checked) return tl::unexpected(checked.error());
  Draft draft;
  const auto batch = is_batch(body, role);
  if (!batch) return tl::unexpected(batch.error());
  draft.batch = *batch;
  if (draft.batch) {
    if (auto checked = check_batch(body); !checked) return tl::unexpected(checked.error());
  }
  if (body.num_uses < 0) return refuse("number of uses cannot be negative");
  auto entity = resolve_alias(call, body, role);
  if (!entity) return tl::unexpected(entity.error());

  TokenEntry& entry = draft.entry;
  entry.entity_id = std::move(*entity);
  entry.path = std::string(call.path);
  entry.meta = body.meta;
  entry.display_name = served_display_name(body.display_name);
  entry.creation_time = call.now / kSecond;
  entry.issue_time = call.now;
  entry.renewable = body.renewable;
  draft.num_uses = body.num_uses;
  if (role != nullptr) apply_role(*role, body, draft);
  if (!body.id.empty() && !call.sudo()) return refuse("root or sudo privileges required to specify token id");
  draft.id = body.id;

  if (auto chosen = choose_policies(call, body, role, draft); !chosen) return tl::unexpected(chosen.error());
  if (auto chosen = choose_parent(call, body, role, orphan_path, draft); !chosen) return tl::unexpected(chosen.error());
  if (auto chosen = choose_ttl(call, body, role, draft); !chosen) return tl::unexpected(chosen.error());
  if (!draft.id.empty()) draft.warnings.emplace_back(kCustomIdWarning);
  entry.ttl = draft.ttl;
  entry.lease_ttl = draft.ttl;
  // Nobody counts a batch token's uses: that its role has a limit shows in the answer alone.
  if (draft.batch) entry.renewable = false;
  entry.num_uses = draft.num_uses;
  return draft;
}

}  // namespace vtoken::store
