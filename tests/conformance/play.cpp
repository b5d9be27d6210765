#include "play.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <map>

#include "core/json.hpp"
#include "subject.hpp"

namespace vtoken::conformance {
namespace {

// Differ from one run to the next: only their type is compared.
constexpr std::array kRandom = {"request_id",    "client_token", "accessor",        "id",           "entity_id",
                                "creation_time", "expire_time",  "issue_time",      "last_renewal", "last_renewal_time",
                                "ttl",           "token",        "wrapped_accessor"};

void blur(Json& value) {
  if (value.is_array()) {
    for (auto& one : value) blur(one);
  }
  if (!value.is_object()) return;
  const bool wrapping = value.contains("creation_path");
  for (auto& [key, member] : value.items()) {
    const bool random = std::find(kRandom.begin(), kRandom.end(), key) != kRandom.end();
    if (random && member.is_string() && !member.get<std::string>().empty()) member = "some text";
    if (random && member.is_number() && member != 0 && !wrapping) member = "some number";
    if (key == "response" && member.is_string()) {
      // A wrapped answer, read where it lies.
      Json inner = Json::parse(member.get<std::string>(), nullptr, false);
      if (inner.is_object()) member = std::move(inner);
    }
    blur(member);
  }
}

class Play {
 public:
  explicit Play(const SubjectMaker& maker) : subject_(maker.make()), backend_(subject_->connect()) {
    tokens_["root"] = {.token = std::string(subject_->root().view())};
  }

  // The status and the answer, without what differs by chance.
  std::string ask(const Step& step) {
    if (step.wait > 0) subject_->wait(step.wait);
    Request request{.method = step.method, .path = filled(step.path), .body = SecretString(filled(step.body))};
    request.wrap_ttl = step.wrap;
    request.query = step.query;
    const auto known = tokens_.find(step.as);
    request.token = SecretString(known == tokens_.end() ? step.as : known->second.token);
    const auto answer = backend_->handle(request);
    REQUIRE_MESSAGE(answer.has_value(), (answer ? "" : answer.error().text()));
    Json body = answer->body.empty() ? Json() : Json::parse(answer->body.view(), nullptr, false);
    if (!step.save.empty() && body.is_object()) remember(step.save, body);
    blur(body);
    return std::to_string(answer->status) + " " + std::string(body.dump());
  }

 private:
  struct Known {
    std::string token;
    std::string accessor = {};
    std::string wrapped = {};
  };

  void remember(const std::string& name, const Json& body) {
    const Json* auth = find_member(body, "auth");
    const Json* wrap = find_member(body, "wrap_info");
    const auto text = [](const Json& object, const char* key) { return std::string(text_member(object, key)); };
    if (auth != nullptr && auth->is_object()) {
      tokens_[name] = {text(*auth, "client_token"), text(*auth, "accessor")};
    } else if (wrap != nullptr && wrap->is_object()) {
      tokens_[name] = {text(*wrap, "token"), text(*wrap, "accessor"), text(*wrap, "wrapped_accessor")};
    }
  }

  std::string filled(std::string text) const {
    for (const auto& [name, known] : tokens_) {
      replace(text, "{" + name + "}", known.token);
      replace(text, "{" + name + ".accessor}", known.accessor);
      replace(text, "{" + name + ".wrapped}", known.wrapped);
    }
    return text;
  }
  static void replace(std::string& text, const std::string& what, const std::string& with) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
      text.replace(at, what.size(), with);
    }
  }

  std::unique_ptr<Subject> subject_;
  std::unique_ptr<Backend> backend_;
  std::map<std::string, Known> tokens_;
};

}  // namespace

void check_alike(const std::vector<Step>& steps) {
  const auto makers = subjects();
  std::vector<std::unique_ptr<Play>> plays;
  plays.reserve(makers.size());
  for (const auto& maker : makers) plays.push_back(std::make_unique<Play>(maker));
  for (const auto& step : steps) {
    CAPTURE(step.path);
    CAPTURE(step.body);
    CAPTURE(step.as);
    CAPTURE(step.wrap);
    const std::string first = plays.front()->ask(step);
    for (std::size_t i = 1; i < plays.size(); ++i) {
      INFO(makers[i].name);
      CHECK(first == plays[i]->ask(step));
    }
  }
}

}  // namespace vtoken::conformance
