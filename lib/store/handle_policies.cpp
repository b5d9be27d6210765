// sys/policies/acl and sys/policy, which differ in two names of their answers.
//
// Source of the rules: openbao vault/logical_system.go (handlePolicies…) and vault/policy/policy_store.go.
#include <fmt/format.h>

#include <algorithm>

#include "base/base64.hpp"
#include "base/duration.hpp"
#include "base/text.hpp"
#include "core/json.hpp"
#include "policy/builtin.hpp"
#include "store/auth_data.hpp"
#include "store/call.hpp"

namespace vtoken::store {
namespace {

constexpr std::size_t kLongestName = 512;  // bytes

bool old_path(const Call& call) { return call.path == "sys/policy" || call.path.starts_with("sys/policy/"); }

bool fixed(std::string_view name) { return name == policy::kRoot || name == policy::kResponseWrapping; }

// What a write's body says.
struct PolicyBody {
  StoredPolicy policy;
  std::optional<std::int64_t> cas;
  Warnings warnings;
  std::optional<std::string> refusal;  // the server's text for status 400
};

void read_end(Fields& fields, Nanoseconds now, PolicyBody& body) {
  const auto expiration = fields.time("expiration");
  const auto ttl = fields.duration("ttl");
  if (!expiration && !ttl) return;
  body.policy.expiration = expiration ? *expiration : now + *ttl;
  if (expiration && ttl) {
    body.refusal = "cannot supply both 'expiration' and 'ttl' for policies";
  } else if (body.policy.expiration <= now) {
    body.refusal = "refusing to update policy as expiration time has already elapsed";
  }
}

std::string read_text(const Call& call, Fields& fields, Warnings& warnings) {
  auto text = fields.text("policy").value_or(SecretString());
  const auto rules = old_path(call) ? fields.text("rules") : std::nullopt;
  if (text.empty() && old_path(call)) {
    text = rules.value_or(SecretString());
    warnings.emplace_back("'rules' is deprecated, please use 'policy' instead");
  }
  if (auto decoded = decode_base64(text.view())) return std::move(*decoded);
  return std::string(text.view());
}

PolicyBody read_policy_body(const Call& call) {
  PolicyBody body;
  body.policy.name = lower(trimmed(call.argument));
  Fields fields(call.body, "Field validation failed: ");
  body.policy.text = read_text(call, fields, body.warnings);
  read_end(fields, call.now, body);
  body.cas = fields.integer("cas");
  body.policy.cas_required = fields.boolean("cas_required").value_or(false);
  body.policy.allow_wildcards_in_templates = fields.boolean("allow_wildcards_in_identity_templates").value_or(false);
  body.policy.allow_slashes_in_templates = fields.boolean("allow_slashes_in_identity_templates").value_or(false);
  fields.know("name");
  // A server tells of unknown parameters only beside another warning: else its answer is none.
  if (!body.warnings.empty()) warn_unknown(fields.unknown(), body.warnings);
  if (fields.failure()) {
    body.refusal = *fields.failure();
  } else if (body.policy.text.empty()) {
    body.refusal = "'policy' parameter not supplied or empty";
  }
  return body;
}

// The server's text when the version that was asked for is not the one that is there.
std::optional<std::string> check_version(const PolicyBody& body, const std::optional<StoredPolicy>& kept) {
  if (!body.cas) {
    const bool required = body.policy.cas_required || (kept && kept->cas_required);
    if (required) return "check-and-set parameter required for this call";
    return std::nullopt;
  }
  if (*body.cas == -1) {
    if (kept) return "check-and-set parameter set to -1 on existing entry";
    return std::nullopt;
  }
  const std::int64_t version = kept ? kept->version : 0;
  if (*body.cas != version)
    return fmt::format("check-and-set parameter {} did not match the current version {}", *body.cas, version);
  return std::nullopt;
}

void warn_templates(const policy::Policy& policy, Warnings& warnings) {
  for (const auto& path : policy::templated_paths(policy)) {
    warnings.push_back("the path \"" + path + "\" matches nothing: a store knows no identities to fill it in with");
  }
}

Json policy_data(const StoredPolicy& policy, bool old) {
  Json data = Json::object();
  data["name"] = policy.name;
  data["version"] = policy.version;
  data["cas_required"] = policy.cas_required;
  data[old ? "rules" : "policy"] = policy.text;
  data["allow_wildcards_in_identity_templates"] = policy.allow_wildcards_in_templates;
  data["allow_slashes_in_identity_templates"] = policy.allow_slashes_in_templates;
  if (policy.expiration != 0) data["expiration"] = format_time(policy.expiration);
  if (policy.modified != 0) data["modified"] = format_time(policy.modified);
  return data;
}

// Servers walk through their storage: the names in a folder, then its folders, the last first.
void add_in_order(const std::vector<std::string>& sorted, const std::string& folder, std::vector<std::string>& out) {
  std::vector<std::string> folders;
  for (const auto& name : sorted) {
    if (!name.starts_with(folder)) continue;
    const auto slash = name.find('/', folder.size());
    if (slash == std::string::npos) {
      out.push_back(name);
    } else if (folders.empty() || !name.starts_with(folders.back())) {
      folders.push_back(name.substr(0, slash + 1));
    }
  }
  std::reverse(folders.begin(), folders.end());
  for (const auto& one : folders) add_in_order(sorted, one, out);
}

}  // namespace

Result<Response> handle_list_policies(Call& call) {
  auto names = call.policies.names(call.now);
  if (!names) return tl::unexpected(names.error());
  const std::string folder = call.argument.empty() ? "" : std::string(call.argument) + "/";
  std::vector<std::string> ordered;
  add_in_order(*names, folder, ordered);
  if (folder.empty()) ordered.emplace_back(policy::kRoot);
  if (ordered.empty() && !old_path(call)) return reply_absent();
  Json data = Json::object();
  if (ordered.empty()) {
    data["policies"] = nullptr;
    return reply_data(data);
  }
  data["keys"] = names_data(ordered);
  if (old_path(call)) data["policies"] = data["keys"];
  return reply_data(data);
}

Result<Response> handle_read_policy(Call& call) {
  const auto policy = call.policies.read(lower(trimmed(call.argument)), call.now);
  if (!policy) return tl::unexpected(policy.error());
  if (!*policy) return reply_absent();
  return reply_data(policy_data(**policy, old_path(call)));
}

Result<Response> handle_write_policy(Call& call) {
  PolicyBody body = read_policy_body(call);
  if (body.refusal) return reply_error(400, *body.refusal);
  const auto parsed = policy::parse_policy(body.policy.name, body.policy.text);
  if (!parsed) return reply_error(400, "failed to parse policy: " + parsed.error().message);
  if (body.policy.name.size() > kLongestName) return reply_error(400, "a policy's name has at most 512 bytes");
  if (fixed(body.policy.name)) return reply_error(400, "cannot update \"" + body.policy.name + "\" policy");
  if (!call.may_write) return call.needs_write();
  const auto kept = call.policies.read(body.policy.name, call.now);
  if (!kept) return tl::unexpected(kept.error());
  if (const auto refusal = check_version(body, *kept)) return reply_error(400, *refusal);
  body.policy.version = *kept ? (*kept)->version + 1 : 1;
  body.policy.modified = call.now;
  if (const auto written = call.policies.write(body.policy); !written) return tl::unexpected(written.error());
  ++call.state.policy_version;
  call.changed = true;
  warn_templates(*parsed, body.warnings);
  return reply_done(body.warnings);
}

Result<Response> handle_delete_policy(Call& call) {
  const std::string name = lower(trimmed(call.argument));
  if (fixed(name)) return reply_error(400, "cannot delete \"" + name + "\" policy");
  if (name == policy::kDefault) return reply_error(400, "cannot delete default policy");
  if (!call.may_write) return call.needs_write();
  if (const auto erased = call.policies.erase(name); !erased) return tl::unexpected(erased.error());
  ++call.state.policy_version;
  call.changed = true;
  return reply_done();
}

}  // namespace vtoken::store
