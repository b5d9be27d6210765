// auth/token/lookup, lookup-self, lookup-accessor, and ancestors-self, which only a store has.
#include <algorithm>

#include "base/duration.hpp"
#include "core/json.hpp"
#include "store/auth_data.hpp"
#include "store/call.hpp"

namespace vtoken::store {
namespace {

// Servers take the present to the nearest second, and drop what is left below one.
std::int64_t ttl_seconds(Nanoseconds expire_at, Nanoseconds now) {
  const Nanoseconds rounded = (now + kSecond / 2) / kSecond * kSecond;
  return std::max<std::int64_t>(0, (expire_at - rounded) / kSecond);
}

Json lookup_data(const Presented& token, std::string_view id, Nanoseconds now) {
  const TokenRow& row = token.row;
  const TokenEntry& entry = row.entry;
  Json data = Json::object();
  data["id"] = SecretString(id);
  data["accessor"] = entry.accessor;
  data["policies"] = names_data(entry.policies);
  data["path"] = entry.path;
  data["meta"] = meta_data(entry.meta);
  data["display_name"] = entry.display_name;
  data["num_uses"] = row.uses;
  data["orphan"] = token.orphan;
  data["creation_time"] = entry.creation_time;
  data["creation_ttl"] = entry.ttl / kSecond;
  data["explicit_max_ttl"] = entry.explicit_max_ttl / kSecond;
  data["entity_id"] = entry.entity_id;
  data["type"] = token.batch ? "batch" : "service";
  data["issue_time"] = format_time(entry.issue_time);
  data["expire_time"] = nullptr;
  data["ttl"] = 0;
  data["renewable"] = !token.batch && row.expire_at != 0 && entry.renewable;
  if (row.expire_at != 0) {
    data["expire_time"] = format_time(row.expire_at);
    data["ttl"] = ttl_seconds(row.expire_at, now);
  }
  if (!entry.role.empty()) data["role"] = entry.role;
  if (entry.period != 0) data["period"] = entry.period / kSecond;
  if (!entry.bound_cidrs.empty()) data["bound_cidrs"] = names_data(entry.bound_cidrs);
  if (entry.last_renewal != 0) {
    data["last_renewal"] = format_time(entry.last_renewal);
    data["last_renewal_time"] = entry.last_renewal / kSecond;
  }
  return data;
}

Response describe(const Call& call, const Presented& token, std::string_view id, std::string_view known) {
  const Json data = lookup_data(token, id, call.now);
  Fields fields(call.body, "");
  fields.know(known);
  Warnings warnings;
  warn_unknown(fields.unknown(), warnings);
  return reply_data(data, warnings);
}

}  // namespace

Result<Response> handle_lookup_self(Call& call) {
  return describe(call, call.caller, call.request.token.view(), "token");
}

// Who revokes many tokens must not revoke what it stands on. A server does not say what that is.
Result<Response> handle_ancestors_self(Call& call) {
  const auto ancestors = call.tokens.ancestors(call.caller.row);
  if (!ancestors) return tl::unexpected(ancestors.error());
  Json data = Json::object();
  data["accessors"] = names_data(*ancestors);
  return reply_data(data, {});
}

Result<Response> handle_lookup(Call& call) {
  auto named = named_token(call);
  if (!named) return tl::unexpected(named.error());
  if (named->refusal) return *named->refusal;
  if (named->text.empty()) return handle_lookup_self(call);
  if (named->token.presence != Presence::found) return reply_error(403, "bad token");
  return describe(call, named->token, named->text.view(), "token");
}

Result<Response> handle_lookup_accessor(Call& call) {
  auto named = named_accessor(call);
  if (!named) return tl::unexpected(named.error());
  if (named->refusal) return *named->refusal;
  if (!named->row) return reply_raised(400, "invalid accessor");
  Presented token;
  token.presence = Presence::found;
  token.orphan = named->row->parent == 0;
  token.row = std::move(*named->row);
  return describe(call, token, "", "accessor");
}

}  // namespace vtoken::store
