// sys/capabilities, sys/capabilities-self and sys/capabilities-accessor.
//
// Source of the rules: openbao vault/capabilities.go and vault/logical_system.go.
#include "core/json.hpp"
#include "store/auth_data.hpp"
#include "store/call.hpp"

namespace vtoken::store {
namespace {

// What a request asks: which paths, and whose capabilities.
struct Asked {
  std::vector<std::string> paths;
  SecretString token;
  SecretString accessor;
  Warnings warnings;
  std::optional<Response> refusal;  // a member of a wrong type
};

// The server takes `paths`, and an older `path`, of which either may be a list or a text with commas.
Asked read_asked(const Call& call, bool by_accessor) {
  Fields fields(call.body, "Field validation failed: ");
  Asked asked;
  asked.paths = fields.comma_strings("paths").value_or(std::vector<std::string>());
  auto older = fields.comma_strings("path").value_or(std::vector<std::string>());
  if (asked.paths.empty()) asked.paths = std::move(older);
  if (by_accessor) {
    asked.accessor = fields.text("accessor").value_or(SecretString());
  } else {
    (void)fields.text("token");
    // The type was checked, and yet a number is no token.
    asked.token = SecretString(text_member(call.body, "token"));
  }
  warn_unknown(fields.unknown(), asked.warnings);
  if (fields.failure()) asked.refusal = reply_error(400, *fields.failure());
  return asked;
}

// What a token with these policies may do. No entry is a token that is gone.
Result<Response> describe(Call& call, const Asked& asked, const TokenEntry* entry) {
  if (asked.paths.empty()) return reply_error(400, "paths must be supplied");
  if (asked.paths.front().empty()) return reply_raised(400, "missing path");
  if (entry == nullptr) return reply_raised(400, "invalid token");
  const auto acl = call.acls.acl(entry->policies, call.policies, call.state.policy_version, call.now);
  if (!acl) return tl::unexpected(acl.error());
  Json data = Json::object();
  for (const auto& path : asked.paths) {
    if (path.empty()) return reply_raised(400, "missing path");
    data[SecretString(path)] = names_data((*acl)->capabilities(path));
  }
  if (asked.paths.size() == 1) data["capabilities"] = names_data((*acl)->capabilities(asked.paths.front()));
  return reply_data(data, asked.warnings);
}

}  // namespace

Result<Response> handle_capabilities(Call& call) {
  const Asked asked = read_asked(call, false);
  if (asked.refusal) return *asked.refusal;
  if (asked.token.empty()) return reply_raised(500, "no token found");
  const auto token = find_presented(asked.token.view(), call.tokens, call.keyring, call.state, call.now);
  if (!token) return tl::unexpected(token.error());
  return describe(call, asked,
                  token->presence == Presence::found && token->row.uses >= 0 ? &token->row.entry : nullptr);
}

Result<Response> handle_capabilities_self(Call& call) {
  const Asked asked = read_asked(call, false);
  if (asked.refusal) return *asked.refusal;
  // On its last use a token is as good as gone.
  return describe(call, asked, call.caller.row.uses < 0 ? nullptr : &call.caller.row.entry);
}

Result<Response> handle_capabilities_accessor(Call& call) {
  const Asked asked = read_asked(call, true);
  if (asked.refusal) return *asked.refusal;
  if (asked.accessor.empty()) return reply_error(400, "missing accessor");
  const auto row = call.tokens.by_accessor(call.keyring.hash_accessor(asked.accessor.view()), call.now);
  if (!row) return tl::unexpected(row.error());
  if (!*row) return reply_raised(400, "invalid accessor");
  return describe(call, asked, (*row)->uses < 0 ? nullptr : &(*row)->entry);
}

}  // namespace vtoken::store
