#include "side.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace vtoken::differential {
namespace {

void replace_all(std::string& text, const std::string& what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

// Random texts that no later request can show: that they are there is all there is to say.
void blur(Json& value) {
  if (value.is_array()) {
    for (auto& one : value) blur(one);
  }
  if (!value.is_object()) return;
  for (auto& [key, member] : value.items()) {
    const bool random = key == SecretString("request_id") || key == SecretString("entity_id");
    if (random && member.is_string() && !member.get_ref<const SecretString&>().empty()) member = "some id";
    // A wrapped answer as text, with a token that was never given out.
    const auto wrapped = key == SecretString("response") && member.is_string()
                             ? parse_json(text_member(value, "response"))
                             : std::nullopt;
    if (wrapped && wrapped->is_object()) {
      member = *wrapped;
      if (Json* auth = member.contains("auth") ? &member["auth"] : nullptr; auth != nullptr && auth->is_object())
        (*auth)["client_token"] = "some token";
    }
    blur(member);
  }
}

bool is_accessor_list(const Operation& operation) {
  return operation.method == Method::list && operation.path.starts_with("auth/token/accessors");
}

}  // namespace

std::string show(const Observation& observation) {
  return std::to_string(observation.status) + " " +
         std::string(observation.body.dump(-1, ' ', false, Json::error_handler_t::replace).view());
}

Side::Side(Backend& backend, std::string boss, std::string run) : backend_(backend), run_(std::move(run)) {
  slots_["boss"] = {std::move(boss), "", false};
  const Plain self = as_boss(Method::get, "auth/token/lookup-self");
  REQUIRE(self.status == 200);
  boss_accessor_ = text_member(self.body["data"], "accessor");
  label(boss_accessor_, "boss.accessor");
  each_key("auth/token/accessors", [this](const std::string& accessor) {
    if (accessor != boss_accessor_) strangers_.insert(accessor);
  });
  const Operation make{.method = Method::post,
                       .path = "auth/token/create",
                       .body = R"({"policies":["root"]})",
                       .caller = "{boss}",
                       .save = "root"};
  REQUIRE(ask(make, "root").status == 200);
}

std::string Side::filled(const std::string& text) const {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto end = text[at] == '{' ? text.find('}', at) : std::string::npos;
    const std::string word = end == std::string::npos ? "" : text.substr(at + 1, end - at - 1);
    const bool accessor = word.ends_with(".accessor");
    const std::string name = accessor ? word.substr(0, word.size() - 9) : word;
    const bool names_slot = name == "root" || name == "boss" || (name.size() == 1 && name[0] >= 'A' && name[0] <= 'Z');
    if (word == "run") {
      out += run_;
    } else if (names_slot) {
      const auto slot = slots_.find(name);
      const bool made = slot != slots_.end();
      if (accessor)
        out += made ? slot->second.accessor : "no-accessor-" + name;
      else
        out += made ? slot->second.token : "hvs.no-token-" + name;
    } else {
      out += text[at++];
      continue;
    }
    at = end + 1;
  }
  return out;
}

Response Side::send(const Operation& operation) {
  Request request{.method = operation.method,
                  .path = filled(operation.path),
                  .body = SecretString(filled(operation.body)),
                  .token = SecretString(filled(operation.caller)),
                  .wrap_ttl = operation.wrap_ttl};
  for (const auto& [name, value] : operation.query) request.query.emplace_back(name, filled(value));
  auto answer = backend_.handle(request);
  // A failure is compared too, and both sides are not likely to fail alike.
  if (!answer) return {0, SecretString("no answer: " + answer.error().text()), {}};
  return std::move(*answer);
}

Side::Plain Side::as_boss(Method method, const std::string& path, const std::string& body) {
  const Response answer = send({.method = method, .path = path, .body = body, .caller = "{boss}"});
  auto parsed = parse_json(answer.body.view());
  return {answer.status, parsed ? std::move(*parsed) : Json()};
}

void Side::label(const std::string& text, const std::string& name) {
  // A chosen id is no secret, and both sides have it.
  if (text.size() >= 24) labels_.try_emplace(text, "<" + name + ">");
}

std::string Side::labelled(std::string text) const {
  for (const auto& [random, name] : labels_) replace_all(text, random, name);
  return text;
}

void Side::keep(const Operation& operation, const Json& body, const std::string& name) {
  Slot slot;
  if (const Json* auth = find_member(body, "auth"); auth != nullptr && auth->is_object()) {
    slot.token = text_member(*auth, "client_token");
    slot.accessor = text_member(*auth, "accessor");
    const Json* uses = find_member(*auth, "num_uses");
    slot.limited = uses != nullptr && uses->is_number() && *uses != 0;
  } else if (const Json* wrap = find_member(body, "wrap_info"); wrap != nullptr && wrap->is_object()) {
    slot = {std::string(text_member(*wrap, "token")), std::string(text_member(*wrap, "accessor")), true};
    label(std::string(text_member(*wrap, "wrapped_accessor")), name + ".wrapped_accessor");
  }
  label(slot.token, name);
  label(slot.accessor, name + ".accessor");
  if (!operation.save.empty() && !slot.token.empty()) slots_[operation.save] = slot;
}

Observation Side::ask(const Operation& operation, const std::string& name) {
  const Response answer = send(operation);
  const std::string text(answer.body.view());
  const auto plain = parse_json(text);
  if (plain) keep(operation, *plain, name);
  auto parsed = parse_json(labelled(text));
  Observation seen{answer.status, parsed         ? std::move(*parsed)
                                  : text.empty() ? Json()
                                                 : Json(SecretString(labelled(text)))};
  blur(seen.body);
  if (is_accessor_list(operation) && seen.status == 200 && seen.body["data"].is_object()) {
    auto& keys = seen.body["data"]["keys"];
    Json ours = Json::array();
    for (const auto& key : keys) {
      if (!strangers_.contains(std::string(key.get_ref<const SecretString&>().view()))) ours.push_back(key);
    }
    std::sort(ours.begin(), ours.end());
    keys = std::move(ours);
  }
  if (operation.path == "sys/wrapping/rewrap") forget_used(operation);
  return seen;
}

// A server leaves the accessor of a token behind that somebody else wrapped anew.
void Side::forget_used(const Operation& operation) {
  for (const auto& name : slots_in(operation)) {
    const auto found = slots_.find(name);
    if (found != slots_.end() && found->second.limited) strangers_.insert(labelled(found->second.accessor));
  }
}

bool Side::knows(const std::string& slot) {
  const auto found = slots_.find(slot);
  if (found == slots_.end()) return false;
  return as_boss(Method::post, "auth/token/lookup-accessor", "{\"accessor\":\"" + found->second.accessor + "\"}")
             .status == 200;
}

bool Side::limited(const std::string& slot) const {
  const auto found = slots_.find(slot);
  return found != slots_.end() && found->second.limited;
}

std::vector<std::string> Side::slots_in(const Operation& operation) {
  std::vector<std::string> names;
  for (const std::string& text : {operation.caller, operation.body}) {
    for (char letter = 'A'; letter <= 'Z'; ++letter) {
      if (text.find(std::string("{") + letter + "}") != std::string::npos) names.emplace_back(1, letter);
    }
  }
  return names;
}

void Side::each_key(const std::string& folder, const std::function<void(const std::string&)>& act) {
  const Plain listed = as_boss(Method::list, folder);
  const Json* data = find_member(listed.body, "data");
  const Json* keys = data == nullptr ? nullptr : find_member(*data, "keys");
  if (keys == nullptr || !keys->is_array()) return;
  for (const auto& key : *keys) act(std::string(key.get_ref<const SecretString&>().view()));
}

void Side::clean_up() {
  const auto ours = [this](const std::string& name) {
    return name.find(run_) != std::string::npos || name == "control-group";
  };
  // The root token of the run and all under it; then orphans.
  (void)as_boss(Method::post, "auth/token/revoke", "{\"token\":\"" + slots_["root"].token + "\"}");
  each_key("auth/token/accessors", [&](const std::string& accessor) {
    if (accessor != boss_accessor_)
      (void)as_boss(Method::post, "auth/token/revoke-accessor", "{\"accessor\":\"" + accessor + "\"}");
  });
  each_key("auth/token/roles",
           [&](const std::string& name) { (void)as_boss(Method::del, "auth/token/roles/" + name); });
  each_key("sys/policies/acl", [&](const std::string& name) {
    if (ours(name)) (void)as_boss(Method::del, "sys/policies/acl/" + name);
  });
}

}  // namespace vtoken::differential
