// Requests about roles.
#include "author.hpp"

namespace vtoken::differential {

Json Author::role_body() {
  Json body = Json::object();
  if (dice_.chance(50)) body["allowed_policies"] = policies();
  if (dice_.chance(12)) body["disallowed_policies"] = policies();
  if (dice_.chance(15))
    body["allowed_policies_glob"] = dice_.pick({"p*", "*", "*-{run}", "p1*", "x", "*1*", "default,p2*", ""});
  if (dice_.chance(10)) body["disallowed_policies_glob"] = dice_.pick({"p4*", "def*", "*", "x*", ""});
  if (dice_.chance(30)) body["orphan"] = dice_.chance(50);
  if (dice_.chance(25)) body["renewable"] = dice_.chance(50);
  if (dice_.chance(12)) body["path_suffix"] = dice_.pick({"suffix", "a-b", "ab", "", "a..b", "a/b", "x.y"});
  if (dice_.chance(15)) body["token_period"] = length();
  if (dice_.chance(5)) body["period"] = length();
  if (dice_.chance(15)) body["token_explicit_max_ttl"] = length();
  if (dice_.chance(5)) body["explicit_max_ttl"] = length();
  if (dice_.chance(20)) body["token_num_uses"] = std::vector<int>{0, 2, 3, 10, -1}[dice_.roll(5)];
  if (dice_.chance(12)) body["token_no_default_policy"] = dice_.chance(60);
  if (dice_.chance(12)) {
    body[dice_.chance(80) ? "token_bound_cidrs" : "bound_cidrs"] =
        dice_.pick({"127.0.0.1", "127.0.0.0/8", "10.0.0.0/8", "::1", "127.0.0.1/32,::1/128", "10.1.2.3/8", "",
                    "/run/x.sock", "x", "127.0.0.1/33", "::ffff:127.0.0.1"});
  }
  if (dice_.chance(25))
    body["token_type"] = dice_.pick({"service", "default-service", "default-batch", "", "x", "Service"});
  if (dice_.chance(8)) {
    body["token_type"] = "batch";
    body["orphan"] = true;
    if (dice_.chance(85)) body["renewable"] = false;
  }
  if (dice_.chance(8)) body["allowed_entity_aliases"] = dice_.pick({"alias-1", "alias*", "Alias-2", "*", ""});
  // A server that gets a number here ends the connection.
  if (dice_.chance(1)) body["token_type"] = nullptr;
  spoil(body,
        {"allowed_policies", "disallowed_policies", "allowed_policies_glob", "disallowed_policies_glob", "orphan",
         "renewable", "path_suffix", "token_period", "period", "token_explicit_max_ttl", "explicit_max_ttl",
         "token_num_uses", "token_no_default_policy", "token_bound_cidrs", "bound_cidrs", "allowed_entity_aliases"});
  return body;
}

void Author::write_role() { add(Method::post, "auth/token/roles/" + role(), role_body()); }

void Author::other_role() {
  const std::string path = "auth/token/roles/" + role();
  switch (dice_.roll(6)) {
    case 0: add({.method = Method::list, .path = "auth/token/roles", .caller = caller()}); return;
    case 1: add({.method = Method::del, .path = path, .caller = caller()}); return;
    default: add({.method = Method::get, .path = path, .caller = caller()});
  }
}

}  // namespace vtoken::differential
