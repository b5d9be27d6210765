// auth/token/renew, renew-self and renew-accessor.
#include <algorithm>

#include "core/json.hpp"
#include "store/auth_data.hpp"
#include "store/call.hpp"
#include "store/ttl.hpp"

namespace vtoken::store {
namespace {

// What limits a renewal: the role as it is now, and never more than the token itself was promised at creation. (Servers
// forget the token's own explicit maximum when its role has none.)
Result<std::optional<Response>> apply_role(Call& call, const TokenEntry& entry, TtlQuestion& question) {
  question.period = entry.period;
  question.explicit_max_ttl = entry.explicit_max_ttl;
  if (entry.role.empty()) return std::nullopt;
  const auto role = call.roles.read(entry.role);
  if (!role) return tl::unexpected(role.error());
  if (!*role) {
    return reply_raised(
        500, "failed to renew entry: original token role \"" + entry.role + "\" could not be found, not renewing");
  }
  question.period = (*role)->period;
  question.max_ttl = (*role)->max_ttl;
  const Nanoseconds by_role = (*role)->explicit_max_ttl;
  if (by_role != 0)
    question.explicit_max_ttl = question.explicit_max_ttl == 0 ? by_role : std::min(by_role, question.explicit_max_ttl);
  return std::nullopt;
}

// By the accessor servers lose the reason.
Response reply_not_renewable(bool by_accessor) {
  return by_accessor ? reply_raised(400, "invalid request") : reply_error(400, "lease is not renewable");
}

Result<Response> renew(Call& call, TokenRow row, bool orphan, std::string_view shown) {
  Fields fields(call.body, "Field validation failed: ");
  fields.know("token");
  fields.know("accessor");
  const Nanoseconds increment = fields.duration("increment").value_or(0);
  if (row.expire_at == 0 || !row.entry.renewable) return reply_not_renewable(shown.empty());

  TtlQuestion question{
      .now = call.now, .start = row.entry.issue_time, .increment = increment, .wanted = row.entry.lease_ttl};
  const auto refusal = apply_role(call, row.entry, question);
  if (!refusal) return tl::unexpected(refusal.error());
  if (*refusal) return **refusal;
  Warnings warnings;
  const auto ttl = calculate_ttl(question, warnings);
  if (!ttl) return reply_raised(500, ttl.error().message);
  if (!call.may_write) return call.needs_write();

  row.expire_at = call.now + *ttl;
  row.entry.lease_ttl = *ttl;
  row.entry.last_renewal = call.now;
  if (const auto done = call.tokens.update(row); !done) return tl::unexpected(done.error());
  call.changed = true;
  const SecretString auth = auth_data({.entry = row.entry,
                                       .client_token = shown,
                                       .ttl = *ttl,
                                       .num_uses = row.entry.num_uses,
                                       .renewable = true,
                                       .orphan = orphan});
  warn_unknown(fields.unknown(), warnings);
  return reply(200, {}, auth.view(), warnings);
}

// A wrong length of time is found before the token is looked for.
std::optional<Response> refuse_increment(const Call& call) {
  Fields fields(call.body, "Field validation failed: ");
  (void)fields.duration("increment");
  (void)fields.text(call.path == "auth/token/renew-accessor" ? "accessor" : "token");
  if (!fields.failure()) return std::nullopt;
  return reply_error(400, *fields.failure());
}

Result<Response> renew_presented(Call& call, const Presented& token, std::string_view shown) {
  // On its last use a token is as good as gone.
  if (token.presence != Presence::found || token.row.uses < 0) return reply_error(400, "token not found");
  if (token.batch) return reply_error(400, "batch tokens cannot be renewed");
  return renew(call, token.row, token.orphan, shown);
}

}  // namespace

Result<Response> handle_renew_self(Call& call) {
  if (auto refusal = refuse_increment(call)) return std::move(*refusal);
  return renew_presented(call, call.caller, call.request.token.view());
}

Result<Response> handle_renew(Call& call) {
  if (auto refusal = refuse_increment(call)) return std::move(*refusal);
  const auto named = named_token(call);
  if (!named) return tl::unexpected(named.error());
  if (named->refusal) return *named->refusal;
  if (named->text.empty()) return reply_error(400, "missing token ID");
  return renew_presented(call, named->token, named->text.view());
}

Result<Response> handle_renew_accessor(Call& call) {
  if (auto refusal = refuse_increment(call)) return std::move(*refusal);
  const auto named = named_accessor(call);
  if (!named) return tl::unexpected(named.error());
  if (named->refusal) return *named->refusal;
  if (!named->row) return reply_raised(400, "invalid accessor");
  if (named->row->uses < 0) return reply_not_renewable(true);
  return renew(call, *named->row, named->row->parent == 0, "");
}

}  // namespace vtoken::store
