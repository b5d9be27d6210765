#include "store/audit_line.hpp"

#include <array>
#include <utility>

#include "base/duration.hpp"
#include "core/json.hpp"
#include "store/audit_failure.hpp"
#include "store/reply.hpp"

namespace vtoken::store {
namespace {

// The root namespace, in which all of a store is.
constexpr std::string_view kNamespace = R"({"id":"root"})";
constexpr std::string_view kInternalError = "1 error occurred:\n\t* internal error\n\n";

// An object's members in the order in which they are given; what is empty is left out, as Go's omitempty does.
class Members {
 public:
  explicit Members(SecretString& out) : out_(out) {}

  void raw(std::string_view name, std::string_view json) {
    if (json.empty()) return;
    out_ += std::exchange(before_, ',');
    append_json_text(out_, name);
    out_ += ':';
    out_ += json;
  }
  void text(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    SecretString json;
    append_json_text(json, value);
    raw(name, json.view());
  }
  void number(std::string_view name, std::int64_t value) {
    if (value != 0) raw(name, std::to_string(value));
  }
  void flag(std::string_view name, bool value) {
    if (value) raw(name, "true");
  }
  // Texts that are no secrets.
  void json(std::string_view name, const Json* value) {
    if (value != nullptr && !value->is_null() && !value->empty()) raw(name, dump_json(*value).view());
  }
  void texts(std::string_view name, const std::vector<std::string>& values) {
    SecretString list;
    for (const auto& value : values) {
      list += list.empty() ? '[' : ',';
      append_json_text(list, value);
    }
    if (list.empty()) return;
    list += ']';
    raw(name, list.view());
  }
  template <class Fill>
  void object(std::string_view name, Fill fill) {
    SecretString inner;
    Members members(inner);
    fill(members);
    members.close();
    raw(name, inner.view());
  }
  void close() {
    if (before_ == '{') out_ += '{';
    out_ += '}';
  }

 private:
  SecretString& out_;
  char before_ = '{';
};

struct Mount {
  std::string_view point;
  std::string_view type;
  std::string_view kind;
};

const Mount* mount_of(std::string_view path) {
  static constexpr std::array kMounts{Mount{"auth/token/", "token", "auth"}, Mount{"sys/", "system", "secret"},
                                      Mount{"cubbyhole/", "cubbyhole", "secret"}};
  for (const auto& mount : kMounts) {
    if (path.starts_with(mount.point) || path == mount.point.substr(0, mount.point.size() - 1)) return &mount;
  }
  return nullptr;
}

std::string_view operation_of(const AuditFacts& facts) {
  switch (facts.request.method) {
    case Method::get: return "read";
    case Method::list: return "list";
    case Method::del: return "delete";
    case Method::post:
    case Method::put: break;
  }
  return facts.creates ? "create" : "update";
}

std::string utc_second(std::int64_t seconds) { return format_time(seconds * kSecond); }

// A text that is hashed, unless it is empty.
std::string hashed(const AuditHash& hash, std::string_view text) { return text.empty() ? std::string() : hash(text); }

SecretString hashed_data(const AuditHash& hash, const Json* data) {
  SecretString text;
  if (data != nullptr && data->is_object() && !data->empty()) hash.append(text, *data);
  return text;
}

SecretString granting(const std::vector<std::string>& names) {
  SecretString list;
  for (const auto& name : names) {
    list += list.empty() ? '[' : ',';
    Members members(list);
    members.text("name", name);
    members.text("namespace_id", "root");
    members.text("type", "acl");
    members.close();
  }
  if (!list.empty()) list += ']';
  return list;
}

void add_mount(Members& to, const Mount* mount) {
  if (mount == nullptr) return;
  to.text("mount_point", mount->point);
  to.text("mount_type", mount->type);
  to.text("mount_class", mount->kind);
}

void add_caller(Members& to, const AuditFacts& facts, const AuditHash& hash) {
  if (facts.caller == nullptr) {
    if (facts.allowed) to.text("client_token", hashed(hash, facts.request.token.view()));
    to.text("display_name", facts.caller_note);
    if (facts.allowed) to.raw("policy_results", R"({"allowed":true})");
    to.text("token_type", "default");
    return;
  }
  const TokenEntry& entry = facts.caller->row.entry;
  to.text("client_token", hash(facts.request.token.view()));
  to.text("accessor", hashed(hash, entry.accessor));
  to.text("display_name", entry.display_name);
  to.texts("policies", entry.policies);
  to.texts("token_policies", entry.policies);
  if (facts.allowed) {
    to.object("policy_results", [&](Members& results) {
      results.raw("allowed", *facts.allowed ? "true" : "false");
      results.raw("granting_policies", granting(facts.granting).view());
    });
  }
  if (entry.meta && !entry.meta->empty()) {
    to.object("metadata", [&](Members& pairs) {
      for (const auto& [key, value] : *entry.meta) {
        SecretString text;
        append_json_text(text, value);
        pairs.raw(key, text.view());
      }
    });
  }
  to.number("remaining_uses", facts.uses);
  to.text("entity_id", entry.entity_id);
  to.text("token_type", facts.caller->batch ? "batch" : "service");
  to.number("token_ttl", entry.ttl / kSecond);
  to.text("token_issue_time", utc_second(entry.creation_time));
}

void add_request(Members& to, const AuditFacts& facts, const AuditHash& hash, const std::string& id) {
  const Request& request = facts.request;
  std::string path = request.path;
  if (request.method == Method::list && !path.ends_with('/')) path += '/';
  to.text("id", id);
  to.text("operation", operation_of(facts));
  add_mount(to, mount_of(path));
  to.text("client_token", hashed(hash, request.token.view()));
  if (facts.caller != nullptr) to.text("client_token_accessor", hashed(hash, facts.caller->row.entry.accessor));
  to.raw("namespace", kNamespace);
  to.text("path", path);
  to.raw("data", hashed_data(hash, facts.data).view());
  to.flag("policy_override", request.policy_override);
  to.text("remote_address", "127.0.0.1");
  to.number("wrap_ttl", facts.wrap_ttl / kSecond);
}

void add_made(Members& to, const Json& auth, const AuditFacts& facts, const AuditHash& hash) {
  const std::string_view token = text_member(auth, "client_token");
  const auto made = facts.find_made ? facts.find_made(token) : std::nullopt;
  to.text("client_token", hashed(hash, token));
  to.text("accessor", hashed(hash, text_member(auth, "accessor")));
  if (made) to.text("display_name", made->display_name);
  to.json("policies", find_member(auth, "policies"));
  to.json("token_policies", find_member(auth, "token_policies"));
  to.json("metadata", find_member(auth, "metadata"));
  to.number("num_uses", number_member(auth, "num_uses"));
  to.text("entity_id", text_member(auth, "entity_id"));
  to.text("token_type", text_member(auth, "token_type"));
  to.number("token_ttl", number_member(auth, "lease_duration"));
  if (made && made->last_renewal != 0) to.text("token_issue_time", utc_second(made->creation_time));
}

void add_wrapping(Members& to, const Json& wrap, const AuditHash& hash) {
  to.json("ttl", find_member(wrap, "ttl"));
  for (const std::string_view name : {"token", "accessor"}) to.text(name, hashed(hash, text_member(wrap, name)));
  for (const std::string_view name : {"creation_time", "creation_path"}) to.text(name, text_member(wrap, name));
  to.text("wrapped_accessor", hashed(hash, text_member(wrap, "wrapped_accessor")));
}

void add_response(Members& to, const AuditFacts& facts, const AuditHash& hash, const Json& body,
                  const AuditFailure& failure) {
  const Json* auth = find_member(body, "auth");
  if (auth != nullptr && auth->is_object()) {
    to.object("auth", [&](Members& made) { add_made(made, *auth, facts, hash); });
  }
  add_mount(to, mount_of(facts.request.path));
  if (facts.listed) {
    to.object("data", [&](Members& data) { data.raw("keys", std::to_string(*facts.listed)); });
  } else if (!failure.answer.empty()) {
    to.object("data", [&](Members& data) { data.text("error", hash(failure.answer)); });
  } else {
    to.raw("data", hashed_data(hash, find_member(body, "data")).view());
  }
  to.json("warnings", find_member(body, "warnings"));
  const Json* wrap = find_member(body, "wrap_info");
  if (wrap != nullptr && wrap->is_object()) {
    to.object("wrap_info", [&](Members& info) { add_wrapping(info, *wrap, hash); });
  }
}

}  // namespace

AuditLine audit_line(const AuditFacts& facts, const AuditHash& hash) {
  const auto parsed = facts.response.body.empty() ? std::nullopt : parse_json(facts.response.body.view());
  const Json body = parsed && parsed->is_object() ? *parsed : Json::object();
  const AuditFailure failure = audit_failure(facts.response, body);
  AuditLine line;
  // What is unwrapped has the id of the request that was wrapped.
  if (facts.request.path != "sys/wrapping/unwrap") line.id = text_member(body, "request_id");
  if (line.id.empty()) line.id = random_uuid();
  Members members(line.text);
  members.text("time", format_time(facts.now));
  members.text("type", "response");
  members.object("auth", [&](Members& auth) { add_caller(auth, facts, hash); });
  members.object("request", [&](Members& request) { add_request(request, facts, hash, line.id); });
  members.object("response", [&](Members& response) { add_response(response, facts, hash, body, failure); });
  members.text("error", failure.error);
  members.close();
  line.text += '\n';
  return line;
}

std::string audit_withdrawal(const std::string& id, Nanoseconds now) {
  SecretString text;
  Members members(text);
  members.text("time", format_time(now));
  members.text("type", "response");
  members.object("auth", [](Members& auth) { auth.text("token_type", "default"); });
  members.object("request", [&](Members& request) {
    request.text("id", id);
    request.raw("namespace", kNamespace);
  });
  members.text("error", kInternalError);
  members.close();
  return std::string(text.view()) + '\n';
}

}  // namespace vtoken::store
