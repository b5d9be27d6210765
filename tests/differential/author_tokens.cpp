// Requests about tokens: created, looked up, renewed, revoked.
#include "author.hpp"

namespace vtoken::differential {

Json Author::create_body() {
  Json body = Json::object();
  if (dice_.chance(70)) body["policies"] = policies();
  if (dice_.chance(55)) body["ttl"] = length();
  if (dice_.chance(12)) body["explicit_max_ttl"] = length();
  if (dice_.chance(10)) body["period"] = length();
  if (dice_.chance(15)) body["num_uses"] = std::vector<int>{0, 1, 2, 3, 5, -1}[dice_.roll(6)];
  if (dice_.chance(12))
    body["meta"] = Json::parse(dice_.pick({R"({"a":"b"})", R"({"a":"b","c":"d"})", "{}", R"({"n":5})"}));
  if (dice_.chance(12)) body["display_name"] = dice_.pick({"ci", "x y", "é", "-", "a--", ""});
  if (dice_.chance(15)) body["type"] = dice_.pick({"batch", "batch", "service", "default-service", "", "BATCH"});
  if (dice_.chance(12)) body["renewable"] = dice_.chance(50);
  if (dice_.chance(10)) body["no_parent"] = dice_.chance(80);
  if (dice_.chance(12)) body["no_default_policy"] = dice_.chance(80);
  if (dice_.chance(4))
    body["id"] = dice_.pick({"custom-1", "custom-2", "hvs.chosen", "s.chosen", "a.b", "", "hvb.chosen", "b c"});
  if (dice_.chance(3)) body["entity_alias"] = dice_.pick({"alias-1", "Alias-2", "", "x"});
  if (dice_.chance(1)) body["lease"] = length();
  spoil(body, {"policies", "ttl", "explicit_max_ttl", "period", "num_uses", "meta", "display_name", "type", "renewable",
               "no_parent", "no_default_policy", "id", "entity_alias", "lease", "role_name"});
  return body;
}

void Author::create() {
  std::string path = "auth/token/create";
  if (dice_.chance(25))
    path += "/" + role();
  else if (dice_.chance(12))
    path += "-orphan";
  add(dice_.chance(50) ? Method::post : Method::put, path, create_body());
  plan_.back().save = new_slot();
}

void Author::look_up() {
  switch (dice_.roll(4)) {
    case 0:
      add({.method = dice_.chance(90) ? Method::get : Method::post,
           .path = "auth/token/lookup-self",
           .caller = caller()});
      return;
    case 1: {
      Json body = {{"accessor", accessor()}};
      spoil(body, {"accessor"});
      add(Method::post, "auth/token/lookup-accessor", body);
      return;
    }
    default: {
      Json body = {{"token", token()}};
      spoil(body, {"token"});
      add(Method::post, "auth/token/lookup", body);
      if (dice_.chance(5)) plan_.back().method = Method::get;
    }
  }
}

void Author::renew() {
  Json body = Json::object();
  if (dice_.chance(60)) body["increment"] = length();
  switch (dice_.roll(3)) {
    case 0:
      spoil(body, {"token", "increment"});
      add(Method::put, "auth/token/renew-self", body);
      return;
    case 1:
      body["accessor"] = accessor();
      spoil(body, {"accessor", "increment"});
      add(Method::put, "auth/token/renew-accessor", body);
      return;
    default:
      body["token"] = token();
      spoil(body, {"token", "increment"});
      add(Method::put, "auth/token/renew", body);
  }
}

void Author::revoke() {
  const std::size_t kind = dice_.roll(100);
  Json body = Json::object();
  if (kind < 10) {
    add(Method::post, "auth/token/revoke-self", body);
    return;
  }
  if (kind < 30) {
    body["accessor"] = accessor();
    spoil(body, {"accessor"});
    add(Method::post, "auth/token/revoke-accessor", body);
    return;
  }
  if (kind < 40) {
    add(Method::put,
        "sys/leases/revoke-prefix/" + dice_.pick({"auth/token/create/r1-{run}", "auth/token/create/r2-{run}",
                                                  "auth/token/create-orphan", "auth/token/create/none", "none"}),
        body);
    return;
  }
  body["token"] = token();
  spoil(body, {"token"});
  add(Method::post, kind < 60 ? "auth/token/revoke-orphan" : "auth/token/revoke", body);
}

void Author::list_tokens() {
  if (dice_.chance(70)) {
    add({.method = Method::list, .path = "auth/token/accessors", .caller = caller()});
  } else {
    add(Method::post, "auth/token/tidy", Json::object());
  }
}

}  // namespace vtoken::differential
