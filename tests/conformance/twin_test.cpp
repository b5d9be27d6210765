// The same requests to every back end, and the whole answers compared: what the other files do not look at. Left out is
// what differs on purpose: the store says which of a role's parameters it does not know, where a server is silent; what
// is wrong with a body that is no JSON is told in other words; and a server's root token, in tests, is one with an id.
#include <doctest/doctest.h>

#include "play.hpp"

using namespace vtoken;
using namespace vtoken::conformance;

namespace {

constexpr Method kGet = Method::get;
constexpr Method kList = Method::list;
constexpr Method kPost = Method::post;
constexpr Method kDelete = Method::del;

}  // namespace

TEST_CASE("whole answers about a token's life") {
  check_alike({
      {kPost, "auth/token/create", R"({"policies":["app"],"ttl":"1h","meta":{"a":"b"}})", "root", "T"},
      {kPost, "auth/token/lookup", R"({"token":"{T}"})"},
      {kPost, "auth/token/lookup-accessor", R"({"accessor":"{T.accessor}"})"},
      {kGet, "auth/token/lookup-self", "", "T"},
      {kPost, "auth/token/renew-self", "{}", "T"},
      {kPost, "auth/token/renew", R"({"token":"{T}","increment":7200})"},
      {kPost, "auth/token/renew-accessor", R"({"accessor":"{T.accessor}","increment":"30m"})"},
      {kGet, "auth/token/lookup-self", "", "T"},
      {kPost, "auth/token/create", R"({"ttl":"10m"})", "T", "C"},
      {kPost, "auth/token/lookup", R"({"token":"{C}"})"},
      {kPost, "auth/token/revoke", R"({"token":"{T}"})"},
      {kPost, "auth/token/revoke", R"({"token":"{T}"})"},
      {kPost, "auth/token/lookup", R"({"token":"{C}"})"},
      {kPost, "auth/token/revoke-accessor", R"({"accessor":"{C.accessor}"})"},
      {kGet, "auth/token/lookup-self", "", "T"},
  });
}

TEST_CASE("whole answers about every kind of token") {
  check_alike({
      {kPost, "auth/token/create", "{}", "root", "R"},
      {kGet, "auth/token/lookup-self", "", "R"},
      {kPost, "auth/token/create", R"({"policies":["app"],"type":"batch","ttl":"5m"})", "root", "B"},
      {kPost, "auth/token/lookup", R"({"token":"{B}"})"},
      {kGet, "auth/token/lookup-self", "", "B"},
      {kPost, "auth/token/create", R"({"policies":["app"],"period":"1h","no_parent":true})", "root", "P"},
      {kPost, "auth/token/lookup", R"({"token":"{P}"})"},
      {kPost, "auth/token/renew-self", R"({"increment":"5h"})", "P"},
      {kPost, "auth/token/create-orphan", R"({"policies":["app"],"display_name":"x y","num_uses":5})", "root", "O"},
      {kPost, "auth/token/lookup", R"({"token":"{O}"})"},
      {kPost, "auth/token/create", R"({"policies":["app"],"explicit_max_ttl":"2h","renewable":false})", "root", "E"},
      {kPost, "auth/token/lookup", R"({"token":"{E}"})"},
      {kPost, "auth/token/renew", R"({"token":"{E}"})"},
      {kPost, "auth/token/create", R"({"policies":["app","ops"],"no_default_policy":true,"ttl":90})"},
      {kPost, "auth/token/create", R"({"policies":[],"ttl":"0"})"},
      {kPost, "auth/token/create", R"({"policies":"app,ops","ttl":"1d"})"},
      {kPost, "auth/token/create", R"({"policies":null,"meta":null,"ttl":null})"},
      {kPost, "auth/token/create", R"({"policies":["app"],"ttl":"1h","period":"2h"})"},
      {kPost, "auth/token/create", R"({"policies":["app"],"ttl":3600.7})"},
      {kPost, "auth/token/create", R"({"policies":["app"],"ttl":""})"},
      {kPost, "auth/token/create", R"({"policies":["app"],"ttl":"1h","num_uses":"2"})"},
      {kPost, "auth/token/create", R"({"policies":["app"],"type":"SERVICE"})"},
      {kPost, "auth/token/create", R"({"policies":["app"],"type":"default-service"})"},
      {kPost, "auth/token/create", R"({"policies":["app"],"renewable":"false"})"},
      {kPost, "auth/token/create", R"({"policies":["app"],"meta":{"n":5,"t":true}})"},
      {kPost, "auth/token/create", R"({"policies":["app"],"meta":["a=b"]})"},
      {kPost, "auth/token/create", R"({"policies":["app"],"meta":"ab"})"},
      {kPost, "auth/token/create", R"({"policies":["app"],"meta":["a=b","c"]})"},
      {kPost, "auth/token/create", R"({"policies":["app"],"meta":{}})"},
      {kPost, "auth/token/create", R"({"lease":"1h","policies":["app"]})"},
  });
}

TEST_CASE("whole answers about roles") {
  check_alike({
      {kList, "auth/token/roles"},
      {kPost, "auth/token/roles/app", R"({"allowed_policies":"app","token_period":"1h","orphan":true})"},
      {kGet, "auth/token/roles/app"},
      {kList, "auth/token/roles"},
      {kPost, "auth/token/create/app", R"({"policies":["app"]})", "root", "T"},
      {kPost, "auth/token/lookup", R"({"token":"{T}"})"},
      {kPost, "auth/token/renew", R"({"token":"{T}","increment":"5h"})"},
      {kPost, "auth/token/create/app", R"({"policies":["root"]})"},
      {kPost, "auth/token/create/app", R"({"policies":["app"],"type":"batch"})"},
      {kPost, "auth/token/create/none", "{}"},
      {kPost, "auth/token/create", R"({"role_name":"app"})", "root"},
      {kPost, "auth/token/roles/app", R"({"token_period":"0","token_num_uses":3,"token_no_default_policy":true})"},
      {kGet, "auth/token/roles/app"},
      {kPost, "auth/token/create/app", R"({"ttl":"10m","num_uses":9})", "root", "U"},
      {kPost, "auth/token/lookup", R"({"token":"{U}"})"},
      {kPost, "auth/token/roles/lit",
       R"({"token_type":"batch","orphan":true,"renewable":false,"allowed_policies":"x"})"},
      {kGet, "auth/token/roles/lit"},
      {kPost, "auth/token/create/lit", R"({"ttl":"10m"})", "root", "L"},
      {kPost, "auth/token/lookup", R"({"token":"{L}"})"},
      {kPost, "auth/token/roles/lit", R"({"token_type":"service"})"},
      {kGet, "auth/token/roles/lit"},
      {kPost, "auth/token/roles/cap",
       R"({"token_explicit_max_ttl":"1h","allowed_policies":"app","token_bound_cidrs":["127.0.0.1/32","::1/128","10.1.2.3/8"]})"},
      {kPost, "auth/token/create/cap", R"({"ttl":"5h"})", "root", "X"},
      {kPost, "auth/token/lookup", R"({"token":"{X}"})"},
      {kGet, "auth/token/lookup-self", "", "X"},
      {kPost, "auth/token/roles/both", R"({"token_explicit_max_ttl":"1h","token_period":"2h"})"},
      {kGet, "auth/token/roles/cap"},
      {kList, "auth/token/roles/cap"},
      {kGet, "auth/token/roles/none"},
      {kDelete, "auth/token/roles/app"},
      {kDelete, "auth/token/roles/app"},
      {kPost, "auth/token/renew", R"({"token":"{T}"})"},
      {kPost, "auth/token/lookup", R"({"token":"{T}"})"},
  });
}

TEST_CASE("whole answers about the cubbyhole") {
  check_alike({
      {kPost, "cubbyhole/a", R"({"t":"x","n":1.5,"big":12345678901234567890,"l":[1,null],"o":{"z":1,"a":2}})"},
      {kGet, "cubbyhole/a"},
      {kPost, "cubbyhole/a/b", R"({"x":1})"},
      {kList, "cubbyhole"},
      {kList, "cubbyhole/a"},
      {kGet, "cubbyhole/a/"},
      {kGet, "cubbyhole"},
      {kPost, "cubbyhole", R"({"x":1})"},
      {kPost, "cubbyhole/c", ""},
      {kPost, "cubbyhole/c", "[]"},
      {kDelete, "cubbyhole/a"},
      {kList, "cubbyhole"},
      {kGet, "cubbyhole/a"},
      {kDelete, "cubbyhole/none"},
      {kPost, "cubbyhole/a", R"({"x":1})", ""},
  });
}

TEST_CASE("whole answers to requests that go wrong") {
  check_alike({
      {kPost, "auth/token/lookup", R"({"token":5})"},
      {kPost, "auth/token/lookup", R"({"token":"none"})"},
      {kPost, "auth/token/lookup", R"({"token":"none","more":1})"},
      {kPost, "auth/token/lookup-accessor", "{}"},
      {kPost, "auth/token/lookup-accessor", R"({"accessor":"none"})"},
      {kPost, "auth/token/renew", "{}"},
      {kPost, "auth/token/renew", R"({"token":"none"})"},
      {kPost, "auth/token/renew-accessor", "{}"},
      {kPost, "auth/token/renew-self", R"({"increment":"x"})"},
      {kPost, "auth/token/revoke", "{}"},
      {kPost, "auth/token/revoke", R"({"token":"none"})"},
      {kPost, "auth/token/revoke-orphan", "{}"},
      {kPost, "auth/token/revoke-orphan", R"({"token":"none"})"},
      {kPost, "auth/token/revoke-accessor", "{}"},
      {kPost, "auth/token/revoke-accessor", R"({"accessor":"none"})"},
      {kPost, "sys/leases/revoke-prefix/auth/token/create/none", "{}"},
      {kPost, "auth/token/create", R"({"ttl":"5x"})"},
      {kPost, "auth/token/create", R"({"ttl":"5 h"})"},
      {kPost, "auth/token/create", R"({"ttl":"1h5"})"},
      {kPost, "auth/token/create", R"({"period":"h"})"},
      {kPost, "auth/token/roles/bad", R"({"token_period":"5x"})"},
      {kPost, "auth/token/roles/bad", R"({"token_explicit_max_ttl":1.5})"},
      {kList, "auth/token/accessors/x"},
      {kGet, "auth/token"},
      {kList, "auth/token"},
      {kDelete, "auth/token/create"},
      {kList, "auth/token/create"},
      {kGet, "nothing/here"},
      {kList, "nothing/here"},
      {kDelete, "nothing/here"},
      {kPost, "nothing/here", "{}"},
      {kPost, "auth/token/create", "", "root"},
      {kPost, "auth/token/create", "{}", ""},
      {kList, "auth/token/accessors", "", ""},
  });
}
