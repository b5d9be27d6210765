#include "recorded_backend.hpp"

#include <algorithm>

#include "core/json.hpp"
#include "core/url.hpp"

namespace vtoken::golden {
namespace {

bool says_nothing(const Json& value) {
  return value.is_null() || value == Json(false) || value == Json(0) || value == Json("0s") || value == Json("") ||
         (value.is_structured() && value.empty());
}

// A member that is absent equals one that says nothing; a type "service" equals none.
std::string canonical_body(std::string_view text) {
  if (text.find_first_not_of(" \n") == std::string_view::npos) return "{}";
  auto body = parse_json(text);
  if (!body) return std::string(text);
  if (!body->is_object()) return std::string(dump_json(*body).view());
  Json kept = Json::object();
  for (const auto& [name, value] : body->items()) {
    const bool is_usual_type = name == "type" && value == Json("service");
    if (!says_nothing(value) && !is_usual_type) kept[name] = value;
  }
  return std::string(dump_json(kept).view());
}

std::string without_slash(std::string path) {
  while (!path.empty() && path.back() == '/') path.pop_back();
  return path;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

// The headers that a request becomes. Every request says that it is one, and what its body is.
std::map<std::string, std::string> headers_of(const Request& request) {
  std::map<std::string, std::string> headers{{"x-vault-request", "true"}};
  if (!request.token.empty()) headers["x-vault-token"] = std::string(request.token.view());
  if (!request.namespace_path.empty()) headers["x-vault-namespace"] = without_slash(request.namespace_path) + "/";
  if (!request.wrap_ttl.empty()) headers["x-vault-wrap-ttl"] = request.wrap_ttl;
  for (const std::string& credential : request.mfa) headers["x-vault-mfa"] = credential;
  if (request.policy_override) headers["x-vault-policy-override"] = "true";
  for (const Header& header : request.headers) headers[lower(header.name)] = header.value;
  return headers;
}

std::string joined(const std::map<std::string, std::string>& headers) {
  std::string text;
  for (const auto& [name, value] : headers) {
    if (name != "content-type") text += name + ": " + value + "\n";
  }
  return text;
}

}  // namespace

void RecordedBackend::expect(std::string_view what, const std::string& recorded, const std::string& sent) {
  if (recorded == sent) return;
  replay_.differences.push_back(std::string(what) + " " + sent + "\n  recorded " + recorded);
}

void RecordedBackend::compare(const Exchange& recorded, const Request& request) {
  expect("method", recorded.method, std::string(method_name(request.method)));
  expect("path", recorded.path, request_target(request));
  expect("body", canonical_body(recorded.body), canonical_body(request.body.view()));
  expect("headers", joined(recorded.headers), joined(headers_of(request)));
}

Result<Response> RecordedBackend::handle(const Request& request) {
  const std::size_t number = replay_.asked++;
  if (number >= replay_.exchanges->size()) return Response{400, R"({"errors":["unexpected extra request"]})", {}};
  const Exchange& recorded = (*replay_.exchanges)[number];
  compare(recorded, request);
  return recorded.response;
}

}  // namespace vtoken::golden
