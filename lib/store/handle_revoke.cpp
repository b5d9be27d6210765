// auth/token/revoke, revoke-self, revoke-orphan, revoke-accessor, tidy, and sys/leases/revoke-prefix.
#include <vector>

#include "core/json.hpp"
#include "store/call.hpp"
#include "store/fields.hpp"

namespace vtoken::store {
namespace {

Result<Response> remove_tree(Call& call, std::int64_t seq) {
  if (!call.may_write) return call.needs_write();
  const auto removed = call.tokens.remove_tree(seq);
  if (!removed) return tl::unexpected(removed.error());
  call.changed = true;
  return reply_done();
}

Result<Response> revoke(Call& call, const Presented& token) {
  if (token.presence != Presence::found) return reply_done();
  if (token.batch) return reply_error(400, "batch tokens cannot be revoked");
  return remove_tree(call, token.row.seq);
}

bool is_under(std::string_view path, std::string_view prefix) {
  if (!path.starts_with(prefix)) return false;
  return path.size() == prefix.size() || path[prefix.size()] == '/';
}

}  // namespace

Result<Response> handle_revoke_self(Call& call) { return revoke(call, call.caller); }

Result<Response> handle_revoke(Call& call) {
  const auto named = named_token(call);
  if (!named) return tl::unexpected(named.error());
  if (named->refusal) return *named->refusal;
  if (named->text.empty()) return reply_error(400, "missing token ID");
  return revoke(call, named->token);
}

Result<Response> handle_revoke_orphan(Call& call) {
  const auto named = named_token(call);
  if (!named) return tl::unexpected(named.error());
  if (named->refusal) return *named->refusal;
  if (named->text.empty()) return reply_error(400, "missing token ID");
  if (!call.sudo()) return reply_error(400, "root or sudo privileges required to revoke and orphan");
  const bool gone = named->token.presence != Presence::found || named->token.row.uses < 0;
  if (gone) return reply_error(400, "token to revoke not found");
  if (named->token.batch) return reply_error(400, "batch tokens cannot be revoked");
  if (!call.may_write) return call.needs_write();
  if (const auto done = call.tokens.remove_alone(named->token.row.seq); !done) return tl::unexpected(done.error());
  call.changed = true;
  return reply_done();
}

Result<Response> handle_revoke_accessor(Call& call) {
  const auto named = named_accessor(call);
  if (!named) return tl::unexpected(named.error());
  if (named->refusal) return *named->refusal;
  if (!named->row) {
    Warnings warnings = {"No token found with this accessor"};
    Fields fields(call.body, "");
    fields.know("accessor");
    warn_unknown(fields.unknown(), warnings);
    return reply_done(warnings);
  }
  // On its last use a token is as good as gone.
  if (named->row->uses < 0) return reply_error(400, "token not found");
  return remove_tree(call, named->row->seq);
}

Result<Response> handle_revoke_prefix(Call& call) {
  if (!call.may_write) return call.needs_write();
  std::vector<std::int64_t> found;
  const auto listed = call.tokens.each(call.now, [&](const TokenRow& row) {
    if (is_under(row.entry.path, call.argument)) found.push_back(row.seq);
    return true;
  });
  if (!listed) return tl::unexpected(listed.error());
  for (const std::int64_t seq : found) {
    if (const auto removed = call.tokens.remove_tree(seq); !removed) return tl::unexpected(removed.error());
  }
  call.changed = call.changed || !found.empty();
  return reply_done();
}

Result<Response> handle_tidy(Call& call) {
  if (!call.may_write) return call.needs_write();
  const auto removed = call.tokens.remove_expired(call.now);
  if (!removed) return tl::unexpected(removed.error());
  call.changed = call.changed || *removed > 0;
  return reply(202, {}, {},
               {"Tidy finished: " + std::to_string(*removed) + " expired tokens and descendants removed."});
}

}  // namespace vtoken::store
