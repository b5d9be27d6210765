// TokenClient's calls under sys/: capabilities, policies, unwrapping.
#include <fmt/format.h>

#include <utility>

#include "core/json.hpp"
#include "core/request_body.hpp"
#include "core/token_client.hpp"

namespace vtoken {
namespace {

constexpr std::string_view kCapabilities = "sys/capabilities";
constexpr std::string_view kPolicies = "sys/policies/acl";
constexpr std::string_view kOldUnwrap = "cubbyhole/response";

Request capabilities_request(std::string_view suffix, RequestBody& body) {
  Request request{Method::post, fmt::format("{}{}", kCapabilities, suffix)};
  request.body = body.finish();
  return request;
}

std::string policy_path(std::string_view name) { return fmt::format("{}/{}", kPolicies, name); }

Result<std::vector<std::string>> text_list(const Json& value) {
  std::vector<std::string> texts;
  if (!value.is_array()) return fail(ErrorKind::damaged, "the answer's capabilities are not a list");
  for (const Json& item : value) {
    if (!item.is_string()) return fail(ErrorKind::damaged, "the answer's capabilities are not a list of strings");
    texts.emplace_back(item.get_ref<const SecretString&>().view());
  }
  return texts;
}

ApiFailure unwrap_failure(std::string message) {
  ApiFailure failure;
  failure.error = Error{ErrorKind::server, std::move(message), {}, {}};
  failure.path = kOldUnwrap;
  return failure;
}

// What an old server put into the cubbyhole of the wrapping token: the answer as text.
ApiResult<Answer> unwrap_text(const Answer& answer) {
  if (answer.data == nullptr) return tl::unexpected(unwrap_failure("\"data\" not found in wrapping response"));
  if (find_member(*answer.data, "response") == nullptr) {
    return tl::unexpected(unwrap_failure("\"response\" not found in wrapping response \"data\" map"));
  }
  auto wrapped = read_answer(Response{200, SecretString(text_member(*answer.data, "response")), {}});
  if (wrapped) return std::move(*wrapped);
  return tl::unexpected(unwrap_failure("error unmarshalling wrapped secret: " + wrapped.error().message));
}

}  // namespace

ApiResult<Answer> TokenClient::capabilities_self(const std::vector<std::string>& paths) {
  RequestBody body;
  if (options_.style == BodyStyle::as_vault) {
    body.text("path", paths.front()).text("token", options_.token.view());
  } else {
    body.texts("paths", paths);
  }
  return ask(capabilities_request("-self", body));
}

ApiResult<Answer> TokenClient::capabilities(std::string_view token, const std::vector<std::string>& paths) {
  RequestBody body;
  if (options_.style == BodyStyle::as_vault) {
    body.text("path", paths.front()).text("token", token);
  } else {
    body.texts("paths", paths).text("token", token);
  }
  return ask(capabilities_request("", body));
}

ApiResult<Answer> TokenClient::capabilities_accessor(std::string_view accessor, const std::vector<std::string>& paths) {
  RequestBody body;
  body.text("accessor", accessor).texts("paths", paths);
  return ask(capabilities_request("-accessor", body));
}

Result<std::optional<std::vector<std::string>>> capabilities_on(const Answer& answer, const std::string& path) {
  if (answer.data == nullptr) return std::nullopt;
  const auto as_optional = [](std::vector<std::string> names) { return std::optional(std::move(names)); };
  const Json* of_path = find_member(*answer.data, path);
  if (of_path != nullptr && !of_path->is_null() && !of_path->empty()) return text_list(*of_path).map(as_optional);
  const Json* of_one = find_member(*answer.data, "capabilities");
  if (of_one != nullptr && !of_one->is_null()) return text_list(*of_one).map(as_optional);
  if (of_path != nullptr && !of_path->is_null()) return std::optional(std::vector<std::string>{});
  return std::nullopt;
}

ApiResult<Answer> TokenClient::list_policies() { return ask({Method::list, std::string(kPolicies)}); }

ApiResult<Answer> TokenClient::read_policy(std::string_view name) { return ask({Method::get, policy_path(name)}); }

ApiResult<Answer> TokenClient::write_policy(std::string_view name, std::string_view rules) {
  Request request{Method::put, policy_path(name)};
  request.body = RequestBody().text("policy", rules).finish();
  return ask(std::move(request));
}

ApiResult<Answer> TokenClient::delete_policy(std::string_view name) { return ask({Method::del, policy_path(name)}); }

ApiResult<Answer> TokenClient::unwrap(std::string_view wrapping_token) {
  Request request{Method::put, "sys/wrapping/unwrap"};
  request.body = "null";
  const bool own = wrapping_token.empty() || options_.token == wrapping_token;
  if (!own && options_.token.empty()) {
    request.token = SecretString(wrapping_token);
  } else if (!own) {
    request.body = RequestBody().text("token", wrapping_token).finish();
  }
  const Request whole = complete(std::move(request));
  const auto response = backend_->handle(whole);
  if (!response || response->status != 404) return read_api_answer(whole, response);
  // The answer that was wrapped may itself be a 404.
  if (auto answer = read_answer(*response)) return std::move(*answer);
  Request old{Method::get, std::string(kOldUnwrap)};
  old.token = wrapping_token.empty() ? whole.token : SecretString(wrapping_token);
  auto found = ask(std::move(old));
  if (found && found->has_body) return unwrap_text(*found);
  if (!found && found.error().status != 404) return found;
  return tl::unexpected(unwrap_failure(fmt::format("no value found at \"{}\"", kOldUnwrap)));
}

}  // namespace vtoken
