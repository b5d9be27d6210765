// Requests about the cubbyhole and wrapped answers, and such that nobody makes on purpose.
#include "author.hpp"

namespace vtoken::differential {

void Author::cubbyhole() {
  const std::string path = "cubbyhole/" + dice_.pick({"a", "a", "b", "a/b", "a/b/c", "é", "", "a/", "response"});
  switch (dice_.roll(5)) {
    case 0: add({.method = Method::list, .path = dice_.chance(50) ? "cubbyhole" : path, .caller = caller()}); return;
    case 1: add({.method = Method::del, .path = path, .caller = caller()}); return;
    case 2: add({.method = Method::get, .path = path, .caller = caller()}); return;
    default: {
      Json body = Json::object();
      const std::size_t count = dice_.roll(3);
      for (std::size_t i = 0; i < count; ++i)
        body[SecretString(dice_.pick({"a", "b", "ttl", "response", "lease"}))] = odd();
      add(dice_.chance(50) ? Method::post : Method::put, path, body);
    }
  }
}

void Author::wrapping() {
  const std::size_t kind = dice_.roll(10);
  Json body = Json::object();
  if (kind < 3) {
    const std::size_t count = dice_.roll(3);
    for (std::size_t i = 0; i < count; ++i) body[SecretString(dice_.pick({"a", "b", "token", "ttl"}))] = odd();
    add(Method::post, "sys/wrapping/wrap", body);
    if (dice_.chance(90)) plan_.back().wrap_ttl = dice_.pick({"60", "5m", "1h", "300"});
    plan_.back().save = new_slot();
    return;
  }
  if (dice_.chance(65)) body["token"] = token();
  spoil(body, {"token"});
  const std::string action = kind < 6 ? "unwrap" : kind < 8 ? "lookup" : "rewrap";
  add(Method::post, "sys/wrapping/" + action, body);
  if (kind == 7 && dice_.chance(30)) plan_.back().method = Method::get;
  if (action != "lookup") plan_.back().save = new_slot();
}

void Author::nonsense() {
  const std::string where =
      dice_.chance(60)
          ? path()
          : dice_.pick({"auth/token", "auth/token/none", "auth", "sys/none", "sys/wrapping/none", "cubbyhole",
                        "nothing", "sys/policies", "auth/token/create/r1-{run}/x", "auth/token/roles/r1-{run}/x",
                        "auth/token/create/", "sys/capabilities/x", "auth/token/lookup/x", "sys/policies/acl/",
                        "auth/none/login", "sys/leases/revoke-prefix"});
  const Method method =
      std::vector<Method>{Method::get, Method::list, Method::post, Method::put, Method::del}[dice_.roll(5)];
  // Such a list could go on over everything that the server has mounted.
  const bool writes = method == Method::post || method == Method::put;
  add({.method = method, .path = where, .body = writes ? "{}" : "", .caller = caller()});
}

}  // namespace vtoken::differential
