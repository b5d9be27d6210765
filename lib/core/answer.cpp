#include "core/answer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <limits>

#include "core/json.hpp"

namespace vtoken {
namespace {

// Takes members out of an object. A member that is absent or null changes nothing; the first one of a wrong type is
// remembered, so that a caller reads all members and asks once.
class Members {
 public:
  explicit Members(const Json& object, std::string* problem) : object_(object), problem_(problem) {}

  void take(std::string_view name, std::string& out) { take_text(name, out); }
  void take(std::string_view name, SecretString& out) { take_text(name, out); }

  void take(std::string_view name, bool& out) {
    const Json* member = given(name);
    if (member == nullptr) return;
    if (!member->is_boolean()) return wrong(name, "true or false");
    out = member->get<bool>();
  }

  void take(std::string_view name, std::int64_t& out) {
    const Json* member = given(name);
    if (member == nullptr) return;
    const bool fits = member->is_number_integer() &&
                      (!member->is_number_unsigned() ||
                       member->get<std::uint64_t>() <= std::uint64_t{std::numeric_limits<std::int64_t>::max()});
    if (!fits) return wrong(name, "a whole number");
    out = member->get<std::int64_t>();
  }

  void take(std::string_view name, std::optional<std::vector<std::string>>& out) {
    const Json* member = given(name);
    if (member == nullptr) return;
    if (!member->is_array()) return wrong(name, "a list of strings");
    std::vector<std::string> texts;
    for (const Json& item : *member) {
      if (!item.is_string() && !item.is_null()) return wrong(name, "a list of strings");
      texts.emplace_back(text_of(item));
    }
    out = std::move(texts);
  }

  void take(std::string_view name, std::optional<std::map<std::string, std::string>>& out) {
    const Json* member = given(name);
    if (member == nullptr) return;
    if (!member->is_object()) return wrong(name, "an object of strings");
    std::map<std::string, std::string> texts;
    for (const auto& [key, item] : member->items()) {
      if (!item.is_string() && !item.is_null()) return wrong(name, "an object of strings");
      texts.emplace(std::string(key.view()), text_of(item));
    }
    out = std::move(texts);
  }

  void take(std::string_view name, std::shared_ptr<const Json>& out) {
    if (const Json* member = object(name)) out = std::make_shared<const Json>(*member);
  }

  // The object under a name; null when there is none.
  [[nodiscard]] const Json* object(std::string_view name) {
    const Json* member = given(name);
    if (member == nullptr) return nullptr;
    if (member->is_object()) return member;
    wrong(name, "an object");
    return nullptr;
  }

 private:
  [[nodiscard]] const Json* given(std::string_view name) const {
    const Json* member = find_member(object_, name);
    return member == nullptr || member->is_null() ? nullptr : member;
  }

  [[nodiscard]] static std::string_view text_of(const Json& value) {
    return value.is_string() ? value.get_ref<const SecretString&>().view() : std::string_view();
  }

  template <class Text>
  void take_text(std::string_view name, Text& out) {
    const Json* member = given(name);
    if (member == nullptr) return;
    if (!member->is_string()) return wrong(name, "a string");
    out = Text(text_of(*member));
  }

  void wrong(std::string_view name, std::string_view expected) {
    if (problem_->empty()) *problem_ = fmt::format("\"{}\" is not {}", name, expected);
  }

  const Json& object_;
  std::string* problem_;
};

Auth read_auth(const Json& object, std::string* problem) {
  Auth auth;
  Members members(object, problem);
  members.take("client_token", auth.client_token);
  members.take("accessor", auth.accessor);
  members.take("policies", auth.policies);
  members.take("token_policies", auth.token_policies);
  members.take("identity_policies", auth.identity_policies);
  members.take("metadata", auth.metadata);
  members.take("orphan", auth.orphan);
  members.take("entity_id", auth.entity_id);
  members.take("lease_duration", auth.lease_duration);
  members.take("renewable", auth.renewable);
  members.take("token_type", auth.token_type);
  members.take("num_uses", auth.num_uses);
  members.take("mfa_requirement", auth.mfa_requirement);
  return auth;
}

WrapInfo read_wrap_info(const Json& object, std::string* problem) {
  WrapInfo info;
  Members members(object, problem);
  members.take("token", info.token);
  members.take("accessor", info.accessor);
  members.take("ttl", info.ttl);
  members.take("creation_time", info.creation_time);
  members.take("creation_path", info.creation_path);
  members.take("wrapped_accessor", info.wrapped_accessor);
  return info;
}

bool nothing_said(const Answer& answer) {
  return answer.request_id.empty() && answer.lease_id.empty() && answer.lease_duration == 0 && !answer.renewable &&
         answer.data == nullptr && !answer.warnings && !answer.auth && !answer.wrap_info;
}

// Some endpoints answer without the envelope: what they say is the data.
Result<void> take_bare_body(const Json& body, Answer& answer) {
  if (body.empty()) return {};
  const Json* errors = find_member(body, "errors");
  if (errors == nullptr) {
    answer.data = std::make_shared<const Json>(body);
    return {};
  }
  answer.has_body = false;
  if (body.size() == 1) return {};
  std::string problem;
  std::optional<std::vector<std::string>> texts;
  Members(body, &problem).take("errors", texts);
  return fail(ErrorKind::server, fmt::format("{}", fmt::join(texts.value_or(std::vector<std::string>()), " ")));
}

tl::unexpected<Error> not_an_answer(std::string_view why) {
  return fail(ErrorKind::damaged, fmt::format("the answer is not what a Vault server sends: {}", why));
}

tl::unexpected<Error> status_failure(const Response& response) {
  const ServerErrors errors = read_server_errors(response);
  std::string message = fmt::format("status {}", response.status);
  if (!errors.raw && !errors.texts.empty()) message += ": " + errors.texts.front();
  return fail(error_kind(response.status), std::move(message));
}

Result<Answer> read_body(const Response& response) {
  Answer answer;
  answer.status = response.status;
  if (response.body.empty()) return answer;
  const auto body = parse_first_json(response.body.view());
  if (!body) return not_an_answer("no JSON");
  answer.has_body = true;
  if (body->is_null()) return answer;
  if (!body->is_object()) return not_an_answer("no JSON object");
  std::string problem;
  Members members(*body, &problem);
  members.take("request_id", answer.request_id);
  members.take("lease_id", answer.lease_id);
  members.take("lease_duration", answer.lease_duration);
  members.take("renewable", answer.renewable);
  members.take("data", answer.data);
  members.take("warnings", answer.warnings);
  if (const Json* auth = members.object("auth")) answer.auth = read_auth(*auth, &problem);
  if (const Json* info = members.object("wrap_info")) answer.wrap_info = read_wrap_info(*info, &problem);
  if (!problem.empty()) return not_an_answer(problem);
  if (nothing_said(answer)) {
    if (auto taken = take_bare_body(*body, answer); !taken) return tl::unexpected(taken.error());
  }
  return answer;
}

}  // namespace

ErrorKind error_kind(int status) noexcept {
  switch (status) {
    case 403: return ErrorKind::denied;
    case 404: return ErrorKind::not_found;
    case 412: return ErrorKind::stale;
    case 429: return ErrorKind::rate_limited;
    case 501:
    case 503: return ErrorKind::sealed;
    default: return ErrorKind::server;
  }
}

Result<Answer> read_answer(const Response& response) {
  if (response.status >= 300 && response.status < 400) {
    return fail(ErrorKind::server, fmt::format("status {}: a redirect that was not followed", response.status));
  }
  if (response.status < 400) return read_body(response);
  if (response.status == 404) {
    auto answer = read_body(response);
    const bool has_something = answer && ((answer->data != nullptr && !answer->data->empty()) ||
                                          (answer->warnings && !answer->warnings->empty()));
    if (has_something) return answer;
  }
  return status_failure(response);
}

ServerErrors read_server_errors(const Response& response) {
  const auto body = parse_json(response.body.view());
  if (body && (body->is_object() || body->is_null())) {
    std::string problem;
    std::optional<std::vector<std::string>> texts;
    Members(*body, &problem).take("errors", texts);
    if (problem.empty()) return {texts.value_or(std::vector<std::string>()), false};
  }
  return {{std::string(response.body.view())}, true};
}

std::vector<std::string> read_errors(const Response& response) { return read_server_errors(response).texts; }

}  // namespace vtoken
