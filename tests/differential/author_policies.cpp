// Requests about policies, and what they allow.
#include "author.hpp"

namespace vtoken::differential {
namespace {

constexpr const char* kWrongs[] = {
    "path \"a\" { capabilities = [\"read\" }",
    "path \"a\" { capabilities = [\"reed\"] }",
    "path \"a\" { capabilites = [\"read\"] }",
    "path \"a\" { policy = \"reed\" }",
    "x",
    "path \"+*\" { capabilities = [\"read\"] }",
    "path \"a\" {",
    "{}",
    "{\"path\":{\"a\":{\"capabilities\":[\"read\"]}}}",
    "path = 5",
    " ",
    "name = \"x\"",
    "path \"a\" { capabilities = [\"read\"] min_wrapping_ttl = \"2h\" max_wrapping_ttl = \"1h\" }",
    "path \"a\" { min_wrapping_ttl = \"x\" }"};

}  // namespace

std::string Author::path() {
  return dice_.pick({"auth/token/create",
                     "auth/token/create",
                     "auth/token/create-orphan",
                     "auth/token/create/r1-{run}",
                     "auth/token/create/r2-{run}",
                     "auth/token/lookup",
                     "auth/token/lookup-self",
                     "auth/token/lookup-accessor",
                     "auth/token/renew",
                     "auth/token/renew-self",
                     "auth/token/renew-accessor",
                     "auth/token/revoke",
                     "auth/token/revoke-self",
                     "auth/token/revoke-orphan",
                     "auth/token/revoke-accessor",
                     "auth/token/accessors",
                     "auth/token/accessors/",
                     "auth/token/roles",
                     "auth/token/roles/",
                     "auth/token/roles/r1-{run}",
                     "auth/token/roles/r2-{run}",
                     "cubbyhole/a",
                     "cubbyhole/a/b",
                     "cubbyhole/",
                     "sys/policies/acl",
                     "sys/policies/acl/",
                     "sys/policies/acl/p1-{run}",
                     "sys/policy/p2-{run}",
                     "sys/capabilities",
                     "sys/capabilities-self",
                     "sys/capabilities-accessor",
                     "sys/wrapping/wrap",
                     "sys/wrapping/lookup",
                     "sys/wrapping/unwrap",
                     "sys/wrapping/rewrap",
                     "sys/leases/revoke-prefix/none",
                     "auth/token/tidy",
                     "nothing/here",
                     "nothing/a/b/c"});
}

void Author::prepare() {
  const auto by_root = [this](std::string path, const Json& body, std::string save) {
    plan_.push_back({.method = Method::post,
                     .path = std::move(path),
                     .body = std::string(body.dump().view()),
                     .caller = "{root}",
                     .save = std::move(save)});
  };
  const std::string all = R"(capabilities = ["create", "read", "update", "delete", "list")";
  const std::string much = dice_.pick({R"(path "auth/token/*" { )", R"(path "auth/*" { )", R"(path "+/token/*" { )"}) +
                           all + (dice_.chance(25) ? R"(, "sudo"] })" : "] }");
  const std::string other = dice_.pick({R"(path "auth/token/*" { capabilities = ["deny"] })",
                                        R"(path "auth/token/create" { capabilities = ["deny"] })",
                                        R"(path "auth/token/+" { capabilities = ["update", "sudo"] })",
                                        R"(path "auth/token/create" { capabilities = ["update", "sudo"] })",
                                        R"(path "auth/token/create/+" { capabilities = ["read"] })"});
  by_root("sys/policies/acl/p1-{run}", {{"policy", SecretString(much)}}, "");
  by_root("sys/policies/acl/p2-{run}", {{"policy", SecretString(other)}}, "");
  for (const char* policies : {R"(["p1-{run}"])", R"(["p1-{run}","p2-{run}","p3-{run}"])"}) {
    by_root("auth/token/create", {{"policies", Json::parse(policies)}, {"ttl", "2h"}}, new_slot());
  }
}

// One path with what may be done there.
std::string Author::rule() {
  static const std::vector<std::string> kGlobs = {"auth/token/*",
                                                  "auth/token/create*",
                                                  "auth/token/create/*",
                                                  "auth/token/+",
                                                  "auth/+/lookup-self",
                                                  "auth/token/roles/*",
                                                  "auth/token/roles/+",
                                                  "cubbyhole/*",
                                                  "cubbyhole/+/b",
                                                  "cubbyhole/+",
                                                  "sys/policies/acl/*",
                                                  "sys/policies/*",
                                                  "sys/policy*",
                                                  "sys/wrapping/*",
                                                  "sys/capabilities*",
                                                  "*",
                                                  "+/token/create",
                                                  "+/+/lookup*",
                                                  "auth/token/lookup*",
                                                  "auth/token/re*",
                                                  "auth/token/+/r1-{run}",
                                                  "sys/+/acl/*",
                                                  "/auth/token/lookup",
                                                  "sys/leases/*",
                                                  "{{identity.entity.id}}/x"};
  std::string text = "path \"" + (dice_.chance(50) ? dice_.pick(kGlobs) : path()) + "\" {\n";
  if (dice_.chance(5)) {
    text += "  policy = \"" + dice_.pick({"read", "write", "sudo", "deny"}) + "\"\n";
  } else {
    std::string list;
    const std::size_t count = 1 + dice_.roll(4);
    for (std::size_t i = 0; i < count; ++i) {
      list += (list.empty() ? "\"" : ", \"") +
              dice_.pick({"create", "update", "update", "read", "read", "delete", "list", "sudo", "patch", "scan"}) +
              "\"";
    }
    if (dice_.chance(8)) list += ", \"deny\"";
    text += "  capabilities = [" + list + "]\n";
  }
  const std::string parameters =
      dice_.pick({"{ \"ttl\" = [] }", "{ \"ttl\" = [\"1h\", \"2h\"] }", "{ \"*\" = [] }",
                  "{ \"policies\" = [\"default\"] \"*\" = [] }", "{ \"token\" = [] }", "{ \"*\" = [\"a*\"] }",
                  "{ \"display_name\" = [\"c*\", \"x y\"] \"ttl\" = [] }", "{}",
                  "{ \"num_uses\" = [1, 2] \"ttl\" = [\"*m\"] }", "{ \"renewable\" = [true] \"*\" = [] }"});
  if (dice_.chance(10)) text += "  allowed_parameters = " + parameters + "\n";
  if (dice_.chance(8)) text += "  denied_parameters = " + parameters + "\n";
  if (dice_.chance(6))
    text +=
        "  required_parameters = " + dice_.pick({"[\"ttl\"]", "[\"TTL\", \"policies\"]", "[\"token\"]", "[]"}) + "\n";
  if (dice_.chance(6)) text += "  min_wrapping_ttl = " + dice_.pick({"\"1m\"", "\"100s\"", "60", "\"1h\""}) + "\n";
  if (dice_.chance(6)) text += "  max_wrapping_ttl = " + dice_.pick({"\"1h\"", "\"2h\"", "7200"}) + "\n";
  return text + "}\n";
}

std::string Author::policy_text() {
  if (dice_.chance(4)) return kWrongs[dice_.roll(std::size(kWrongs))];
  std::string text;
  const std::size_t count = 1 + dice_.roll(6);
  for (std::size_t i = 0; i < count; ++i) text += rule();
  return text;
}

void Author::write_policy() {
  Json body = Json::object();
  body["policy"] = policy_text();
  if (dice_.chance(4)) body["cas"] = std::vector<int>{-1, 0, 1, 2}[dice_.roll(4)];
  if (dice_.chance(2)) body["cas_required"] = true;
  if (dice_.chance(2))
    body[dice_.chance(50) ? "ttl" : "expiration"] =
        dice_.pick({"1h", "2030-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "x"});
  spoil(body, {"policy", "cas", "cas_required", "ttl", "expiration", "name", "rules"});
  std::string name = dice_.pick({"p1", "p2", "p3", "p4"}) + std::string("-{run}");
  if (dice_.chance(4)) name = dice_.pick({"root", "response-wrapping", "control-group", "P1-{run}", "a/b-{run}"});
  add(Method::put, (dice_.chance(75) ? "sys/policies/acl/" : "sys/policy/") + name, body);
}

void Author::other_policy() {
  const std::string folder = dice_.chance(60) ? "sys/policies/acl" : "sys/policy";
  std::string name = policy();
  if (dice_.chance(8)) name = dice_.pick({"root", "response-wrapping", "none", "P1-{run}", "a", "a/b-{run}"});
  switch (dice_.roll(6)) {
    case 0: add({.method = Method::list, .path = folder, .caller = caller()}); return;
    case 1: add({.method = Method::get, .path = folder, .caller = caller()}); return;
    case 2: add({.method = Method::del, .path = folder + "/" + name, .caller = caller()}); return;
    default: add({.method = Method::get, .path = folder + "/" + name, .caller = caller()});
  }
}

void Author::capabilities() {
  Json body = Json::object();
  Json paths = Json::array();
  const std::size_t count = dice_.pick(std::vector<std::size_t>{0, 1, 1, 2, 3, 5});
  for (std::size_t i = 0; i < count; ++i) paths.push_back(path());
  if (dice_.chance(70)) {
    body["paths"] = paths;
  } else {
    body["path"] = dice_.chance(50) ? Json(path()) : paths;
  }
  const std::vector<std::string> members = {"path", "paths", "token", "accessor"};
  switch (dice_.roll(3)) {
    case 0:
      spoil(body, members);
      add(Method::post, "sys/capabilities-self", body);
      return;
    case 1:
      body["token"] = token();
      spoil(body, members);
      add(Method::post, "sys/capabilities", body);
      return;
    default:
      body["accessor"] = accessor();
      spoil(body, members);
      add(Method::post, "sys/capabilities-accessor", body);
  }
}

}  // namespace vtoken::differential
