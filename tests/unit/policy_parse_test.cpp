#include <doctest/doctest.h>

#include <string>

#include "policy/acl.hpp"
#include "policy/builtin.hpp"
#include "policy/policy.hpp"

namespace vtoken::policy {
namespace {

std::string mistake(std::string_view text) {
  const auto policy = parse_policy("p", text);
  CAPTURE(text);
  REQUIRE_FALSE(policy);
  CHECK(policy.error().kind == ErrorKind::usage);
  return policy.error().message;
}

Policy read(std::string_view text) {
  auto policy = parse_policy("p", text);
  const std::string message = policy ? "" : policy.error().message;
  CAPTURE(text);
  REQUIRE_MESSAGE(policy, message);
  return std::move(*policy);
}

TEST_CASE("a mistake names its place and what is expected") {
  CHECK(mistake("path \"a\" {\n  capabilites = [\"read\"]\n}") ==
        "line 2, column 3: unknown key \"capabilites\" (did you mean \"capabilities\"?): a path has capabilities, "
        "policy, "
        "allowed_parameters, denied_parameters, required_parameters, min_wrapping_ttl, max_wrapping_ttl, expiration, "
        "comment");
  CHECK(mistake("path \"a\" { capabilities = [\"read\",\n \"wirte\", \"lst\"] }") ==
        "line 2, column 2: unknown capability \"wirte\": there are create, read, update, patch, delete, list, scan, "
        "sudo, "
        "deny");
  CHECK(mistake("path \"a\" { capabilities = [\"udpate\"] }").find("(did you mean \"update\"?)") != std::string::npos);
  CHECK(mistake("pth \"a\" { }") ==
        "line 1, column 1: unknown key \"pth\" (did you mean \"path\"?): a policy is made of blocks path \"secret/*\" "
        "{ … }");
  CHECK(mistake("path \"a\" { policy = \"raed\" }")
            .starts_with("line 1, column 21: unknown policy \"raed\" (did you mean"));
  CHECK(mistake("path \"a\" { capabilities = \"read\" }") ==
        "line 1, column 27: capabilities is a list of strings, such as [\"read\", \"list\"]");
  CHECK(mistake("path \"a\" { capabilities = [true] }") ==
        "line 1, column 28: capabilities is a list of strings alone");
  CHECK(
      mistake("path \"a\" { min_wrapping_ttl = \"soon\" }").starts_with("line 1, column 31: min_wrapping_ttl: not a "));
  CHECK(mistake("path \"a\" {\n min_wrapping_ttl = 9\n max_wrapping_ttl = \"8s\"\n}") ==
        "line 3, column 21: max_wrapping_ttl cannot be less than min_wrapping_ttl");
  CHECK(mistake("path \"a\" { allowed_parameters = { x = \"y\" } }")
            .starts_with("line 1, column 39: the values of \"x\""));
  CHECK(mistake("path \"a\" { expiration = \"noon\" }").starts_with("line 1, column 25: expiration: "));
  CHECK(mistake("path \"a/+*\" { }").starts_with("line 1, column 1: the path \"a/+*\" has \"+*\""));
  CHECK(mistake("path \"a/{{b\" { }").starts_with("line 1, column 1: a template is written"));
  CHECK(mistake("path = 5").starts_with("line 1, column 8: a path is written"));
  CHECK(mistake("path \"a\" {").starts_with("line 1, column 11: "));
}

TEST_CASE("a mistake in JSON, too") {
  CHECK(mistake("{\n  \"path\": {\n    \"a\": {\n      \"capabilities\": [\"read\", 5]\n    }\n  }\n}")
            .starts_with("line 4, column 32: unknown capability \"5\""));
  CHECK(mistake("{\"path\": {\"a\": {\"capability\": [\"read\"]}}}")
            .starts_with("line 1, column 17: unknown key \"capability\""));
  CHECK(mistake("{\"path\": {\"a\": {\"allowed_parameters\": {\"a\": [[1]]}}}}")
            .starts_with("line 1, column 46: a list"));
  CHECK(mistake("\xEF\xBB\xBF{\"path\": {\"a\": {\"allowed_parameters\": {\"a\": [[1]]}}}}")
            .starts_with("line 1, column 46: a list"));
  CHECK(mistake("{\"path\": {\"a\": {}}").starts_with("line 1, column 19: "));
  CHECK(mistake("{\"path\": [5]}").starts_with("line 1, column 10: "));
}

TEST_CASE("what a store cannot keep to is refused") {
  for (const char* key :
       {"mfa_methods = [\"x\"]", "pagination_limit = 5", "list_scan_response_keys_filter_path = \"x\""}) {
    const std::string message = mistake("path \"a\" {\n  " + std::string(key) + "\n}");
    CHECK(message.starts_with("line 2, column 3: "));
    CHECK(message.ends_with(" is not supported: a store cannot keep to it"));
  }
}

TEST_CASE("a path says how it is compared") {
  const Policy policy = read(R"(
    path "/a/*" { }
    path "b/+/c*" { }
    path "d" { }
    path "e/{{identity.entity.id}}*" { }
    path "f+" { }
  )");
  REQUIRE(policy.rules.size() == 5);
  CHECK(policy.rules[0].path == "a/");
  CHECK(policy.rules[0].prefix);
  CHECK(policy.rules[1].path == "b/+/c*");
  CHECK(policy.rules[1].segments);
  CHECK_FALSE(policy.rules[1].prefix);
  CHECK(policy.rules[2].path == "d");
  CHECK(policy.rules[2].at.line == 4);
  CHECK(policy.rules[3].templated);
  CHECK_FALSE(policy.rules[4].segments);
  CHECK(templated_paths(policy) == std::vector<std::string>{"e/{{identity.entity.id}}*"});
}

TEST_CASE("names of parameters are kept in lower case, lengths in nanoseconds") {
  const Policy policy = read(R"(path "a" {
    allowed_parameters = { "One" = ["x"], TWO = [] }
    min_wrapping_ttl = "1h30m"
    max_wrapping_ttl = 5400.9
  })");
  const Permissions& permissions = policy.rules.front().permissions;
  CHECK(permissions.allowed.contains("one"));
  CHECK(permissions.allowed.contains("two"));
  CHECK(permissions.min_wrapping_ttl == 5400 * kSecond);
  CHECK(permissions.max_wrapping_ttl == 5400 * kSecond);
  CHECK(mistake("path \"a\" { min_wrapping_ttl = 99999999999 }").starts_with("line 1, column 31: "));
  CHECK(mistake("path \"a\" { min_wrapping_ttl = 1e300 }").starts_with("line 1, column 31: "));
  CHECK(mistake("path \"a\" { min_wrapping_ttl = 089 }").starts_with("line 1, column 31: "));
}

TEST_CASE("the policies that are there from the start") {
  CHECK(read(default_policy_text()).rules.size() == 16);
  CHECK(read(response_wrapping_text()).rules.size() == 3);
  const Policy wrapping = read(response_wrapping_text());
  const Acl acl({&wrapping}, 0);
  CHECK(acl.capabilities("cubbyhole/response") == std::vector<std::string>{"create", "read"});
  CHECK(acl.capabilities("sys/wrapping/unwrap") == std::vector<std::string>{"update"});
}

TEST_CASE("an ACL is good until the first of its rules ends") {
  const Policy policy = read(R"(
    path "a" { expiration = 100, capabilities = ["read"] }
    path "b" { expiration = 200, capabilities = ["sudo"] }
    path "c" { expiration = 300, capabilities = ["read"] }
  )");
  CHECK(Acl({&policy}, 50 * kSecond).good_until() == 100 * kSecond);
  const Acl later({&policy}, 150 * kSecond);
  CHECK(later.good_until() == 200 * kSecond);
  CHECK_FALSE(later.ask({Operation::read, "a"}).allowed);
  CHECK(later.sudo("b"));
  CHECK_FALSE(later.sudo("c"));
  CHECK(Acl({&policy}, 300 * kSecond).good_until() == 300 * kSecond);
  CHECK(Acl({&policy}, 301 * kSecond).good_until() == 0);
  CHECK(Acl().good_until() == 0);
}

TEST_CASE("root has sudo everywhere, and says so when it is denied nothing") {
  const Policy root{"root", {}};
  const Acl acl({&root}, 0);
  CHECK(acl.root());
  CHECK(acl.sudo("anything"));
  const Verdict verdict = acl.ask({Operation::erase, "anything"});
  CHECK(verdict.allowed);
  CHECK(verdict.sudo);
}

}  // namespace
}  // namespace vtoken::policy
