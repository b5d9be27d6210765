#include "sweep/facts.hpp"

#include <doctest/doctest.h>

#include <string>

namespace vtoken::sweep {
namespace {

using Texts = std::vector<std::string>;
using Pairs = std::vector<std::pair<std::string, std::string>>;

TokenFacts facts(const std::string& members) {
  const auto read = read_facts(R"({"request_id":"r","lease_duration":0,"data":{)" + members + R"(},"warnings":null})");
  REQUIRE(read.has_value());
  return *read;
}

TEST_CASE("a lookup's answer tells what a token is") {
  const TokenFacts token = facts(R"("accessor":"a1","creation_time":1700000000,"creation_ttl":2764800,
    "display_name":"userpass-ann","entity_id":"e1","expire_time":"2023-12-16T22:13:20Z","explicit_max_ttl":0,"id":"",
    "identity_policies":["app","ops"],"issue_time":"2023-11-14T22:13:20Z","meta":{"username":"ann","k":"v=w"},
    "num_uses":0,"orphan":true,"path":"auth/userpass/login/ann","policies":["default","a,b"],"renewable":true,
    "ttl":2764799,"type":"service")");
  CHECK(token.accessor == "a1");
  CHECK(token.display_name == "userpass-ann");
  CHECK(token.path == "auth/userpass/login/ann");
  CHECK(token.role.empty());
  CHECK(token.type == "service");
  CHECK(token.entity_id == "e1");
  CHECK(token.policies == Texts{"default", "a,b"});
  CHECK(token.identity_policies == Texts{"app", "ops"});
  CHECK(token.metadata == Pairs{{"username", "ann"}, {"k", "v=w"}});
  CHECK(token.orphan);
  CHECK_FALSE(token.endless);
  CHECK(token.creation_time == 1700000000);
  CHECK(token.ttl == 2764799);
  CHECK(token.expire_time == 1702764800 * kSecond);
  CHECK_FALSE(token.is_root());
}

TEST_CASE("a root token") {
  const TokenFacts token =
      facts(R"("policies":["root"],"meta":null,"ttl":0,"expire_time":null,"path":"auth/token/root")");
  CHECK(token.is_root());
  CHECK(token.endless);
  CHECK(token.metadata.empty());
  CHECK_FALSE(facts(R"("identity_policies":["root"],"policies":["a"])").is_root());
}

TEST_CASE("a token in its last second is not endless, and neither is one that does not say") {
  CHECK_FALSE(facts(R"("ttl":0,"expire_time":"2023-12-16T22:13:20.5+01:00")").endless);
  CHECK_FALSE(facts(R"("expire_time":null)").endless);
}

TEST_CASE("a role is told, or is in the path") {
  CHECK(facts(R"("role":"r1","path":"auth/token/create/r2")").role == "r1");
  CHECK(facts(R"("path":"auth/token/create/r2")").role == "r2");
  CHECK(facts(R"("path":"auth/token/create/r2","role":"")").role == "r2");
  CHECK(facts(R"("path":"auth/token/create")").role.empty());
  CHECK(facts(R"("path":"x/auth/token/create/r2")").role.empty());
}

TEST_CASE("members of another type count as absent") {
  const TokenFacts token = facts(R"("accessor":1,"display_name":null,"path":["p"],"role":{"role":"r"},"type":true,
    "entity_id":{},"policies":{"a":"b"},"identity_policies":"app","meta":["a"],"orphan":"true","creation_time":"1",
    "ttl":1.5,"expire_time":7)");
  CHECK(token.accessor.empty());
  CHECK(token.display_name.empty());
  CHECK(token.path.empty());
  CHECK(token.role.empty());
  CHECK(token.type.empty());
  CHECK(token.entity_id.empty());
  CHECK(token.policies.empty());
  CHECK(token.identity_policies.empty());
  CHECK(token.metadata.empty());
  CHECK_FALSE(token.orphan);
  CHECK_FALSE(token.creation_time);
  CHECK_FALSE(token.ttl);
  CHECK(token.expire_time == 0);
}

TEST_CASE("within lists and metadata too") {
  const TokenFacts token = facts(R"("policies":["a",1,["b"],{"c":"d"},null,"e"],
    "meta":{"a":1,"b":{"accessor":"x","c":"d"},"e":["f"],"g":"h","":""},"accessor":"y")");
  CHECK(token.policies == Texts{"a", "e"});
  CHECK(token.metadata == Pairs{{"g", "h"}, {"", ""}});
  CHECK(token.accessor == "y");
}

TEST_CASE("numbers") {
  CHECK(facts(R"("ttl":-5)").ttl == -5);
  CHECK(facts(R"("ttl":9223372036854775807)").ttl == 9223372036854775807);
  CHECK_FALSE(facts(R"("ttl":9223372036854775808)").ttl);
  CHECK_FALSE(facts(R"("ttl":99999999999999999999999)").ttl);
  CHECK_FALSE(facts(R"("ttl":1e3)").ttl);
}

TEST_CASE("what is elsewhere has no say") {
  const auto read = read_facts(
      R"({"accessor":"no","auth":{"accessor":"no","policies":["no"]},"data":{"wrap":{"accessor":"no"},"accessor":"yes",
      "external_namespace_policies":{"n":["no"]}},"wrap_info":{"data":{"accessor":"no"}},"list":[{"data":{"ttl":1}}]})");
  REQUIRE(read.has_value());
  CHECK(read->accessor == "yes");
  CHECK(read->policies.empty());
  CHECK(read->identity_policies.empty());
  CHECK_FALSE(read->ttl);
}

TEST_CASE("of members with the same name the last counts") {
  const TokenFacts token = facts(R"("accessor":"a","accessor":1,"policies":["a"],"policies":["b"],"ttl":1,"ttl":"x",
    "meta":{"a":"b"},"meta":{"c":"d","c":"e"},"orphan":true,"orphan":null)");
  CHECK(token.accessor.empty());
  CHECK(token.policies == Texts{"b"});
  CHECK(token.metadata == Pairs{{"c", "e"}});
  CHECK_FALSE(token.ttl);
  CHECK_FALSE(token.orphan);
  const auto again = read_facts(R"({"data":{"accessor":"a","role":"r"},"data":{"accessor":"b"}})");
  REQUIRE(again.has_value());
  CHECK(again->accessor == "b");
  CHECK(again->role.empty());
}

TEST_CASE("escapes and other alphabets") {
  CHECK(facts(R"("display_name":"\u0061\"\n\u00e9 \ud83d\ude00")").display_name == "a\"\n\u00e9 \U0001F600");
  CHECK(facts("\"display_name\":\"t\u00f6ken-\u65e5\u672c\"").display_name == "t\u00f6ken-\u65e5\u672c");
}

TEST_CASE("what is no answer to a lookup is damaged") {
  for (const std::string body :
       {"", " ", "null", "1", "\"data\"", "[]", "[{\"data\":{}}]", "{}", R"({"data":null})", R"({"data":[]})",
        R"({"data":"x"})", R"({"data":{})", R"({"data":{}},)", R"({"data":{}}x)", R"({"data":{},"data":1})",
        R"({"data":{"a":"\ud800"}})", "{\"data\":{\"a\":\"\xff\"}}", "<html>", R"({"errors":["no"]})"}) {
    CAPTURE(body);
    const auto read = read_facts(body);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().kind == ErrorKind::damaged);
  }
  CHECK_FALSE(read_facts(std::string("{\"data\":{}}\0{}", 14)).has_value());
  CHECK(read_facts(R"({"data":{}})").has_value());
  const auto nested = [](std::size_t depth) {
    return R"({"data":{"x":)" + std::string(depth, '[') + std::string(depth, ']') + "}}";
  };
  CHECK(read_facts(nested(62)).has_value());
  CHECK_FALSE(read_facts(nested(63)).has_value());
  CHECK_FALSE(read_facts(nested(1000000)).has_value());
}

}  // namespace
}  // namespace vtoken::sweep
