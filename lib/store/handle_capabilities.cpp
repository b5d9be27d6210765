// sys/capabilities, sys/capabilities-self and sys/capabilities-accessor.
//
// Source of the rules: openbao vault/capabilities.go and vault/logical_system.go.
#include "core/json.hpp"
#include "store/auth_data.hpp"
#include "store/call.hpp"

namespace vtoken::store {
namespace {

// The server takes `paths`, and an older `path`, of which either may be a list or a text with commas.
std::vector<std::string> read_paths(Fields& fields) {
  auto paths = fields.comma_strings("paths").value_or(std::vector<std::string>());
  auto older = fields.comma_strings("path").value_or(std::vector<std::string>());
  return paths.empty() ? older : paths;
}

// What a token with these policies may do on the paths of the request's body. No entry is a token that is gone.
Result<Response> describe(Call& call, const TokenEntry* entry, std::string_view known) {
  Fields fields(call.body, "Field validation failed: ");
  const auto paths = read_paths(fields);
  fields.know("token");
  fields.know(known);
  if (fields.failure()) return reply_error(400, *fields.failure());
  if (paths.empty()) return reply_error(400, "paths must be supplied");
  if (paths.front().empty()) return reply_raised(400, "missing path");
  if (entry == nullptr) return reply_raised(400, "invalid token");
  const auto acl = call.acls.acl(entry->policies, call.policies, call.state.policy_version, call.now);
  if (!acl) return tl::unexpected(acl.error());
  Json data = Json::object();
  for (const auto& path : paths) {
    if (path.empty()) return reply_raised(400, "missing path");
    data[SecretString(path)] = names_data((*acl)->capabilities(path));
  }
  if (paths.size() == 1) data["capabilities"] = names_data((*acl)->capabilities(paths.front()));
  Warnings warnings;
  warn_unknown(fields.unknown(), warnings);
  return reply_data(data, warnings);
}

}  // namespace

Result<Response> handle_capabilities(Call& call) {
  const auto named = named_token(call);
  if (!named) return tl::unexpected(named.error());
  if (named->text.empty()) return reply_raised(500, "no token found");
  return describe(call, named->token.presence == Presence::found ? &named->token.row.entry : nullptr, "token");
}

Result<Response> handle_capabilities_self(Call& call) {
  // On its last use a token is as good as gone.
  return describe(call, call.caller.row.uses < 0 ? nullptr : &call.caller.row.entry, "token");
}

Result<Response> handle_capabilities_accessor(Call& call) {
  const Json* text = find_member(call.body, "accessor");
  if (text == nullptr || !text->is_string() || text->get_ref<const SecretString&>().empty())
    return reply_error(400, "missing accessor");
  const auto named = named_accessor(call);
  if (!named) return tl::unexpected(named.error());
  if (!named->row) return reply_raised(400, "invalid accessor");
  return describe(call, &named->row->entry, "accessor");
}

}  // namespace vtoken::store
