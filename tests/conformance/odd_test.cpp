// Odd requests that were once answered otherwise than by a server: found by tests/differential.
#include <doctest/doctest.h>

#include "play.hpp"

using namespace vtoken;
using namespace vtoken::conformance;

namespace {

constexpr Method kGet = Method::get;
constexpr Method kList = Method::list;
constexpr Method kPost = Method::post;

}  // namespace

TEST_CASE("whole answers to creations that are wrong in several ways") {
  check_alike({
      {kPost, "auth/token/create", R"({"period":"-1h","type":"BATCH"})"},
      {kPost, "auth/token/create", R"({"ttl":"5x","type":"default-service"})"},
      {kPost, "auth/token/create", R"({"type":"batch","policies":["app"],"explicit_max_ttl":"x"})"},
      {kPost, "auth/token/create", R"({"ttl":"9999999999999"})"},
      {kPost, "auth/token/create", R"({"ttl":"99999999999999999999"})"},
      {kPost, "auth/token/create", R"({"ttl":"é"})"},
      {kPost, "auth/token/create", R"({"meta":{"a":{"b":1}}})"},
      {kPost, "auth/token/create", R"({"policies":[[1],{}]})"},
      {kPost, "auth/token/create", R"({"no_default_policy":-1})"},
      {kPost, "auth/token/create/none", R"({"num_uses":"x"})"},
      {kPost, "auth/token/create", R"({"policies":["control-group"]})"},
      {kPost, "auth/token/renew", R"({}{})"},
  });
}

TEST_CASE("whole answers about roles that are wrong in several ways") {
  check_alike({
      {kPost, "auth/token/roles/odd", R"({"token_explicit_max_ttl":"-1h"})"},
      {kPost, "auth/token/roles/odd", R"({"token_num_uses":-1,"token_period":"x"})"},
      {kPost, "auth/token/roles/odd", R"({"path_suffix":"a/b","orphan":"x"})"},
      {kPost, "auth/token/roles/odd", R"({"token_type":"z","token_num_uses":-1})"},
      {kPost, "auth/token/roles/odd", R"({"token_type":null})"},
      {kPost, "auth/token/roles/odd", R"({"allowed_policies":{"a":{"b":[1,"x"]},"c":null}})"},
      {kPost, "auth/token/roles/odd", R"({"allowed_policies":{},"token_period":"1h"})"},
      {kPost, "auth/token/roles/odd", R"({"token_period":null})"},
      {kGet, "auth/token/roles/odd"},
      {kPost, "auth/token/roles/light", R"({"token_type":"default-batch"})"},
      {kPost, "auth/token/roles/light", R"({"token_num_uses":2})"},
      {kPost, "auth/token/roles/light", R"({"token_period":"1h"})"},
      {kPost, "auth/token/roles/light", R"({"orphan":true})"},
  });
}

TEST_CASE("whole answers to a token on its last use") {
  check_alike({
      {kPost, "auth/token/create", R"({"num_uses":1})", "root", "A"},
      {kPost, "auth/token/renew-self", "{}", "A"},
      {kPost, "auth/token/create", R"({"num_uses":1})", "root", "B"},
      {kPost, "auth/token/renew", R"({"token":"{B}"})", "B"},
      {kPost, "auth/token/create", R"({"num_uses":1})", "root", "C"},
      {kPost, "auth/token/revoke-accessor", R"({"accessor":"{C.accessor}"})", "C"},
      {kPost, "auth/token/create", R"({"num_uses":1})", "root", "D"},
      {kPost, "auth/token/revoke-orphan", R"({"token":"{D}"})", "D"},
      {kPost, "auth/token/create", R"({"num_uses":1})", "root", "E"},
      {kPost, "auth/token/create", "{}", "E"},
      {kPost, "auth/token/create", R"({"num_uses":1})", "root", "F"},
      {kPost, "sys/capabilities", R"({"token":"{F}","path":"a"})", "F"},
  });
}

TEST_CASE("whole answers on older paths of sys, and to what is looked at before the caller") {
  check_alike({
      {kPost, "sys/policy/a/b", R"({"policy":"path \"x\" { capabilities = [\"read\"] }"})"},
      {kGet, "sys/policy"},
      {kList, "sys/policies/acl"},
      {kPost, "sys/policies/acl/a/b", R"({"policy":"path \"x\" {}","cas":7})"},
      {kPost, "sys/policies/acl/a/b", R"({"policy":"path \"x\" {}","expiration":[]})"},
      {kPost, "sys/policies/acl/a/b", R"({"policy":"path \"x\" {}","expiration":300.5})"},
      {kPost, "sys/policies/acl/a/b", R"({"policy":"path \"x\" {}","ttl":null})"},
      {kPost, "sys/capabilities-self", R"({"paths":["a"]})"},
      {kPost, "sys/capabilities-self", R"({"token":[]})"},
      {kPost, "sys/capabilities", R"({"token":5,"path":"a"})"},
      {kPost, "sys/capabilities-accessor", R"({"accessor":true,"path":"a"})"},
      {kPost, "auth/token/lookup", R"({"token":{}})", ""},
      {kPost, "auth/token/lookup-accessor", R"({"accessor":{}})"},
      {kPost, "auth/token/revoke-accessor", R"({"accessor":"none","more":1})"},
      {kPost, "auth/token/renew", R"({"increment":"1w"})"},
      {kPost, "cubbyhole", "{}"},
  });
}
