#include "core/token_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/duration.hpp"
#include "core/json.hpp"
#include "core/key_stream.hpp"
#include "core/request_body.hpp"
#include "core/retry_after.hpp"

namespace vtoken {
namespace {

constexpr std::string_view kTokens = "auth/token/";
constexpr std::array<std::string_view, 3> kAnswered = {"auth/token/create", "auth/token/lookup", "auth/token/renew"};

std::string without_slashes(std::string_view path) {
  constexpr std::string_view kAround = "/ \t\r\n";
  const std::size_t first = path.find_first_not_of(kAround);
  if (first == std::string_view::npos) return {};
  return std::string(path.substr(first, path.find_last_not_of(kAround) - first + 1));
}

std::string token_path(std::string_view endpoint, std::string_view name = {}) {
  return fmt::format("{}{}{}", kTokens, endpoint, name);
}

ApiFailure no_answer(const Request& request, Error error) {
  ApiFailure failure;
  failure.error = std::move(error);
  failure.method = request.method;
  failure.path = request.path;
  failure.query = request.query;
  return failure;
}

// What the real command sends: nearly every member, set or not.
void as_vault_body(const CreateOptions& create, RequestBody& body) {
  const std::string type = create.type.value_or("service");
  if (create.id && !create.id->empty()) body.text("id", create.id->view());
  if (!create.policies.empty()) body.texts("policies", create.policies);
  if (!create.meta.empty()) body.texts("meta", create.meta);
  body.text("ttl", go_duration(create.ttl.value_or(0)));
  body.text("explicit_max_ttl", go_duration(create.explicit_max_ttl.value_or(0)));
  body.text("period", go_duration(create.period.value_or(0)));
  if (create.orphan.value_or(false)) body.flag("no_parent", true);
  if (create.no_default_policy) body.flag("no_default_policy", true);
  body.text("display_name", create.display_name.value_or(""));
  body.number("num_uses", create.num_uses.value_or(0));
  body.flag("renewable", type != "batch" && create.renewable.value_or(true));
  body.text("type", type);
  body.text("entity_alias", create.entity_alias.value_or(""));
}

void only_given_body(const CreateOptions& create, RequestBody& body) {
  if (create.id) body.text("id", create.id->view());
  if (!create.policies.empty()) body.texts("policies", create.policies);
  if (!create.meta.empty()) body.texts("meta", create.meta);
  if (create.ttl) body.text("ttl", go_duration(*create.ttl));
  if (create.explicit_max_ttl) body.text("explicit_max_ttl", go_duration(*create.explicit_max_ttl));
  if (create.period) body.text("period", go_duration(*create.period));
  if (create.orphan.value_or(false)) body.flag("no_parent", true);
  if (create.no_default_policy) body.flag("no_default_policy", true);
  if (create.display_name) body.text("display_name", *create.display_name);
  if (create.num_uses) body.number("num_uses", *create.num_uses);
  if (create.renewable) body.flag("renewable", *create.renewable);
  if (create.type) body.text("type", *create.type);
  if (create.entity_alias) body.text("entity_alias", *create.entity_alias);
}

// Go's maps are sent sorted: "accessor", "increment", "token".
void add_increment(RequestBody& body, BodyStyle style, std::optional<Nanoseconds> increment) {
  if (increment || style == BodyStyle::as_vault) body.number("increment", increment.value_or(0) / kSecond);
}

// A server with nothing to say says 204. What is asked for its answer does not get 200 without one.
bool is_missing(const Answer& answer, const Request& request) {
  if (answer.status != 200 || answer.has_body) return false;
  if (request.method == Method::get || request.method == Method::list) return true;
  return std::any_of(kAnswered.begin(), kAnswered.end(),
                     [&](std::string_view path) { return request.path.starts_with(path); });
}

// OpenBao says 429 and nothing else of a state that it has not reached, where Vault says 412.
bool is_stale(const Request& request, int status, const ServerErrors& errors) {
  return status == 429 && errors.texts.empty() && !find_header(request.headers, "X-Vault-Index").empty();
}

}  // namespace

ApiResult<Answer> read_api_answer(const Request& request, const Result<Response>& response) {
  if (!response) return tl::unexpected(no_answer(request, response.error()));
  auto answer = read_answer(*response);
  if (answer && is_missing(*answer, request)) {
    return tl::unexpected(no_answer(request, {ErrorKind::damaged, "the server's answer is empty", {}, {}}));
  }
  if (answer && response->status < 400) return std::move(*answer);
  ApiFailure failure = no_answer(request, answer ? Error{error_kind(response->status), "not found"} : answer.error());
  if (response->status < 400) return tl::unexpected(std::move(failure));
  ServerErrors errors = read_server_errors(*response);
  if (is_stale(request, response->status, errors)) failure.error.kind = ErrorKind::stale;
  failure.status = response->status;
  if (answer) failure.rest = std::make_shared<const Answer>(std::move(*answer));
  failure.texts = std::move(errors.texts);
  failure.raw = errors.raw;
  failure.retry_after = retry_after(response->headers, SystemClock().now()).value_or(0) / kSecond;
  failure.namespace_path = find_header(response->headers, "X-Vault-Namespace");
  return tl::unexpected(std::move(failure));
}

TokenClient::TokenClient(Backend& backend, CallOptions options) : backend_(&backend), options_(std::move(options)) {}

Request TokenClient::complete(Request request) const {
  if (request.token.empty()) request.token = options_.token;
  if (request.namespace_path.empty()) request.namespace_path = options_.namespace_path;
  if (request.wrap_ttl.empty()) request.wrap_ttl = options_.wrap_ttl;
  if (request.mfa.empty()) request.mfa = options_.mfa;
  if (request.timeout == 0) request.timeout = options_.timeout;
  request.policy_override = request.policy_override || options_.policy_override;
  request.headers.insert(request.headers.end(), options_.headers.begin(), options_.headers.end());
  return request;
}

ApiResult<Answer> TokenClient::ask(Request request) { return send(complete(std::move(request))); }

Request TokenClient::create_request(const CreateOptions& create) const {
  RequestBody body;
  options_.style == BodyStyle::as_vault ? as_vault_body(create, body) : only_given_body(create, body);
  Request request{Method::post, create.role.empty() ? token_path("create") : token_path("create/", create.role)};
  request.body = body.finish();
  return complete(std::move(request));
}

Request TokenClient::token_request(Method method, std::string_view endpoint, std::string_view token) const {
  Request request{method, token_path(endpoint)};
  request.body = RequestBody().text("token", token).finish();
  return complete(std::move(request));
}

Request TokenClient::accessor_request(std::string_view endpoint, std::string_view accessor) const {
  Request request{Method::post, token_path(endpoint)};
  request.body = RequestBody().text("accessor", accessor).finish();
  return complete(std::move(request));
}

ApiResult<Answer> TokenClient::send(const Request& whole) { return read_api_answer(whole, backend_->handle(whole)); }

ApiResult<Answer> TokenClient::create(const CreateOptions& create) { return send(create_request(create)); }

ApiResult<Answer> TokenClient::lookup_self() { return ask({Method::get, token_path("lookup-self")}); }

ApiResult<Answer> TokenClient::lookup(std::string_view token) {
  return send(token_request(Method::post, "lookup", token));
}

ApiResult<Answer> TokenClient::lookup_accessor(std::string_view accessor) {
  return send(accessor_request("lookup-accessor", accessor));
}

ApiResult<Answer> TokenClient::renew_self(std::optional<Nanoseconds> increment) {
  Request request{Method::put, token_path("renew-self")};
  RequestBody body;
  add_increment(body, options_.style, increment);
  request.body = body.finish();
  return ask(std::move(request));
}

ApiResult<Answer> TokenClient::renew(std::string_view token, std::optional<Nanoseconds> increment) {
  Request request{Method::put, token_path("renew")};
  RequestBody body;
  add_increment(body, options_.style, increment);
  request.body = body.text("token", token).finish();
  return ask(std::move(request));
}

ApiResult<Answer> TokenClient::renew_accessor(std::string_view accessor, std::optional<Nanoseconds> increment) {
  Request request{Method::post, token_path("renew-accessor")};
  RequestBody body;
  add_increment(body.text("accessor", accessor), options_.style, increment);
  request.body = body.finish();
  return ask(std::move(request));
}

ApiResult<Answer> TokenClient::revoke_self() { return ask({Method::put, token_path("revoke-self")}); }

ApiResult<Answer> TokenClient::revoke(std::string_view token) {
  return send(token_request(Method::put, "revoke", token));
}

ApiResult<Answer> TokenClient::revoke_orphan(std::string_view token) {
  return send(token_request(Method::put, "revoke-orphan", token));
}

ApiResult<Answer> TokenClient::revoke_accessor(std::string_view accessor) {
  return send(accessor_request("revoke-accessor", accessor));
}

ApiResult<Answer> TokenClient::revoke_prefix(std::string_view path) {
  return ask({Method::put, fmt::format("sys/leases/revoke-prefix/{}", path)});
}

ApiResult<Answer> TokenClient::list_roles() { return ask({Method::list, token_path("roles")}); }

ApiResult<Answer> TokenClient::read_role(std::string_view role) {
  return ask({Method::get, token_path("roles/", role)});
}

ApiResult<Answer> TokenClient::write_role(std::string_view role, const Json& fields) {
  return write(token_path("roles/", role), fields);
}

ApiResult<Answer> TokenClient::delete_role(std::string_view role) {
  return ask({Method::del, token_path("roles/", role)});
}

ApiResult<Answer> TokenClient::list_accessors(const KeySink& sink) { return list_keys("auth/token/accessors", sink); }

ApiResult<Answer> TokenClient::list_keys(std::string_view path, const KeySink& sink, int timeout) {
  Request whole = complete({Method::list, without_slashes(path)});
  whole.timeout = timeout;
  KeyStream keys(sink);
  if (auto done = backend_->stream(whole, keys); !done) return tl::unexpected(no_answer(whole, done.error()));
  if (keys.stopped()) return Answer{};
  return read_api_answer(whole, keys.rest());
}

ApiResult<Answer> TokenClient::list(std::string_view path) { return ask({Method::list, without_slashes(path)}); }

ApiResult<Answer> TokenClient::read(std::string_view path) { return ask({Method::get, without_slashes(path)}); }

ApiResult<Answer> TokenClient::write(std::string_view path, const Json& data) {
  Request request{Method::put, without_slashes(path)};
  request.body = dump_json(data);
  return ask(std::move(request));
}

ApiResult<Answer> TokenClient::remove(std::string_view path) { return ask({Method::del, without_slashes(path)}); }

}  // namespace vtoken
