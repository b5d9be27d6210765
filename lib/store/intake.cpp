#include "store/intake.hpp"

#include <algorithm>

#include "base/duration.hpp"
#include "core/json.hpp"
#include "store/go_text.hpp"
#include "store/reply.hpp"

namespace vtoken::store {
namespace {

bool has_control_characters(std::string_view path) {
  return std::any_of(path.begin(), path.end(), [](char c) { return (c >= '\0' && c < ' ') || c == '\x7f'; });
}

const char* type_name(const Json& value) {
  if (value.is_array()) return "array";
  if (value.is_string()) return "string";
  return value.is_boolean() ? "bool" : "number";
}

std::optional<Response> read_body(const Request& request, Json& data) {
  if (request.body.empty()) return std::nullopt;
  // What follows the first value is not read.
  auto parsed = parse_first_json(request.body.view());
  if (!parsed) return reply_error(400, "failed to decode JSON input: the body is not valid JSON");
  if (parsed->is_null()) return std::nullopt;
  if (!parsed->is_object()) {
    return reply_error(400, "failed to decode JSON input: json: cannot unmarshal " + std::string(type_name(*parsed)) +
                                " into Go value of type map[string]interface {}");
  }
  data = std::move(*parsed);
  return std::nullopt;
}

// A name that comes more than once has a list of values.
void read_query(const Request& request, Json& data) {
  for (const auto& [name, value] : request.query) {
    Json& member = data[name];
    if (member.is_null()) {
      member = value;
    } else {
      if (!member.is_array()) member = Json::array({std::move(member)});
      member.push_back(value);
    }
  }
}

std::optional<Response> read_wrapping(const Request& request, Nanoseconds& ttl) {
  if (request.wrap_ttl.empty()) return std::nullopt;
  constexpr std::string_view kStart = "error parsing X-Vault-Wrap-TTL header: ";
  const auto length = parse_duration(request.wrap_ttl);
  if (!length) return reply_error(400, std::string(kStart) + duration_fault(request.wrap_ttl));
  if (*length < 0) return reply_error(400, std::string(kStart) + "requested wrap ttl cannot be negative");
  ttl = *length;
  return std::nullopt;
}

}  // namespace

Intake read_request(const Request& request) {
  Intake intake{.data = std::make_unique<Json>(Json::object())};
  const bool writes = request.method == Method::post || request.method == Method::put;
  if (!request.namespace_path.empty()) {
    intake.refusal = reply_error(400, "a store has no namespaces: leave out -namespace and VAULT_NAMESPACE");
    return intake;
  }
  if (has_control_characters(request.path)) {
    intake.refusal = reply_error(400, "a path has no control characters");
    return intake;
  }
  if (writes) {
    intake.refusal = read_body(request, *intake.data);
  } else {
    read_query(request, *intake.data);
  }
  if (!intake.refusal) intake.refusal = read_wrapping(request, intake.wrap_ttl);
  if (!intake.refusal && writes && request.path.ends_with('/')) {
    intake.refusal = reply_error(400, "cannot write to a path ending in '/'");
  }
  return intake;
}

}  // namespace vtoken::store
