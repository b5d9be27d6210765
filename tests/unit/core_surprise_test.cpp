// What is told when an answer differs from what was asked.
#include <doctest/doctest.h>

#include <map>
#include <string>

#include "core/json.hpp"
#include "core/surprise.hpp"

namespace vtoken {
namespace {

constexpr Nanoseconds kMinute = 60 * kSecond;
constexpr Nanoseconds kHour = 60 * kMinute;

// A token as asked for by `asked()`; tests change one member of it.
Answer made() {
  Answer answer;
  answer.auth.emplace();
  Auth& auth = *answer.auth;
  auth.client_token = "hvs.new";
  auth.policies = auth.token_policies = Lines{"app", "default"};
  auth.metadata = std::map<std::string, std::string>{{"k", "v"}};
  auth.orphan = true;
  auth.entity_id = "e";
  auth.lease_duration = 3600;
  auth.renewable = true;
  auth.token_type = "service";
  auth.num_uses = 5;
  return answer;
}

CreateOptions asked() {
  CreateOptions create;
  create.policies = {" App "};
  create.meta = {{"k", "v"}};
  create.ttl = kHour;
  create.explicit_max_ttl = 2 * kHour;
  create.orphan = true;
  create.num_uses = 5;
  create.renewable = true;
  create.type = "service";
  create.entity_alias = "me";
  return create;
}

// The only line, or all of them.
std::string told(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : " | ") + line;
  return text;
}

TEST_CASE("a token as it was asked for surprises nobody") {
  CHECK(told(creation_surprises(asked(), made())).empty());
  CHECK(told(creation_surprises({}, made())).empty());
  Answer wrapped;
  wrapped.wrap_info.emplace();
  CHECK(told(creation_surprises(asked(), wrapped)).empty());
}

TEST_CASE("another life than was asked for") {
  Answer answer = made();
  answer.auth->lease_duration = 7200;
  CHECK(told(creation_surprises(asked(), answer)) == "The token lives 2h, not the 1h that were asked for");
  CreateOptions by_role = asked();
  by_role.role = "ci";
  CHECK(told(creation_surprises(by_role, answer)) ==
        "The token lives 2h, not the 1h that were asked for: its role decides");
  answer.auth->lease_duration = 0;
  answer.auth->renewable = false;
  CHECK(told(creation_surprises(asked(), answer)) ==
        "The token lives without end, not the 1h that were asked for | "
        "The token lives without end, beyond the explicit maximum of 2h that was asked for");
  // A server that says so itself is not repeated.
  answer = made();
  answer.auth->lease_duration = 600;
  answer.warnings = Lines{R"(TTL of "1h" exceeded the effective max_ttl of "10m"; TTL value is capped accordingly)"};
  CHECK(told(creation_surprises(asked(), answer)).empty());
  // Parts of a second are cut.
  CreateOptions part;
  part.ttl = kHour + kSecond / 2;
  CHECK(told(creation_surprises(part, made())).empty());
}

TEST_CASE("another period than was asked for, or a TTL beside one") {
  CreateOptions create;
  create.period = 2 * kHour;
  CHECK(told(creation_surprises(create, made())) == "The token lives 1h, not the period of 2h that was asked for");
  create.period = kHour;
  create.ttl = 10 * kMinute;
  CHECK(told(creation_surprises(create, made())) ==
        "The token lives 1h, not the 10m that were asked for: a periodic token lives its period");
}

TEST_CASE("a token that cannot be renewed") {
  Answer answer = made();
  answer.auth->renewable = false;
  CHECK(told(creation_surprises({}, answer)) == "The token cannot be renewed");
  CreateOptions create;
  create.renewable = false;
  CHECK(told(creation_surprises(create, answer)).empty());
  answer.auth->token_type = "batch";
  CHECK(told(creation_surprises({}, answer)).empty());
  create.renewable = true;
  CHECK(told(creation_surprises(create, answer)) ==
        "The token cannot be renewed, though that was asked for: batch tokens never can");
}

TEST_CASE("another kind of token, other policies, fewer uses, nobody's") {
  const auto after = [](auto change) {
    Answer answer = made();
    change(*answer.auth);
    return told(creation_surprises(asked(), answer));
  };
  CHECK(after([](Auth& auth) { auth.token_type = "batch"; }) ==
        "The token is of type batch, not service as was asked for");
  CHECK(after([](Auth& auth) { auth.orphan = false; }) ==
        "The token is no orphan, though that was asked for, and ends with the token that made it");
  CHECK(after([](Auth& auth) { auth.token_policies = Lines{"default"}; }) ==
        "The token does not have the policy \"app\" that was asked for");
  CHECK(after([](Auth& auth) {
          auth.token_policies = Lines{"app", "ops"};
        }) == "The token has the policy \"ops\", which was not asked for");
  CHECK(after([](Auth& auth) { auth.num_uses = 3; }) == "The token can be used 3 times, not the 5 that were asked for");
  CHECK(after([](Auth& auth) { auth.entity_id.clear(); }) ==
        "The token belongs to no entity: the alias \"me\" was not taken");
  CHECK(after([](Auth& auth) { auth.metadata.reset(); }) == "The token's metadata lacks \"k\" as it was given");
  // Servers too old to say are believed.
  CHECK(after([](Auth& auth) {
          auth.token_type.clear();
          auth.orphan = false;
          auth.num_uses = 0;
          auth.policies.reset();
          auth.token_policies.reset();
        }).empty());

  CreateOptions child;
  child.orphan = false;
  child.no_default_policy = true;
  CHECK(told(creation_surprises(child, made())) ==
        "The token is an orphan, though that was not asked for, and outlives the token that made it | "
        "The token has the policy \"default\", though that was to be left out");
  CreateOptions own;
  own.id = "mine";
  CHECK(told(creation_surprises(own, made())) == "The token is not the one that was asked for as its id");
}

TEST_CASE("root beside other policies is no surprise") {
  CreateOptions create;
  create.policies = {"root", "app"};
  Answer answer = made();
  answer.auth->token_policies = Lines{"root"};
  CHECK(told(creation_surprises(create, answer)).empty());
}

TEST_CASE("mistakes that a request shows") {
  CreateOptions create;
  create.policies = {"app", "a, b"};
  CHECK(told(doubtful_policies(create)) ==
        "-policy=a, b names one policy with a comma in its name; for several write -policy=a -policy=b instead");
  create.display_name = "my äpp!";
  CHECK(told(changed_display_name(create)) ==
        "The token's display name is token-my--pp: only letters, digits and - are kept");
  create.display_name = "my-app";
  CHECK(told(changed_display_name(create)).empty());
}

TEST_CASE("a batch token ends with its parent") {
  Answer answer = made();
  answer.auth->token_type = "batch";
  answer.auth->orphan = false;
  answer.auth->lease_duration = 4 * 3600;
  REQUIRE(depends_on_parent(answer));
  CHECK(told(parent_surprises(answer, Json({{"ttl", 7200}, {"expire_time", "2030-01-01T00:00:00Z"}}))) ==
        "The batch token stops working when its parent, the token in use, ends: in 2h, at 2030-01-01T00:00:00Z, not "
        "after the 4h that it says");
  CHECK(told(parent_surprises(answer, Json({{"ttl", 4 * 3600}}))).empty());
  CHECK(told(parent_surprises(answer, Json({{"ttl", 0}, {"expire_time", nullptr}}))).empty());
  CHECK(told(parent_surprises(answer, Json({{"ttl", "soon"}}))).empty());
  CHECK(told(parent_surprises(answer, Json::array())).empty());
  answer.auth->orphan = true;
  CHECK_FALSE(depends_on_parent(answer));
}

TEST_CASE("a role's parameters that are not there when it is read back") {
  const Json kept({{"allowed_policies", {"app", "ops"}},
                   {"allowed_entity_aliases", nullptr},
                   {"orphan", true},
                   {"token_period", 3600},
                   {"token_num_uses", 3},
                   {"token_type", "batch"},
                   {"path_suffix", ""}});
  const auto after = [&](std::string_view given) { return told(role_surprises(*parse_json(given), kept, {})); };
  CHECK(after(R"({"allowed_policies":"Ops, app","orphan":"true","period":"1h","token_num_uses":"3","token_type":"batch",
                  "token_period":3600,"token_bound_cidrs":"","path_suffix":"","token_max_ttl":"0s","bogus":null,
                  "allowed_entity_aliases":[],"renewable":false,"name":"x"})")
            .empty());
  CHECK(after(R"({"bogus":1})") == "The role does not keep bogus: the server has no such parameter");
  CHECK(after(R"({"token_ttl":"30m"})").starts_with("The role does not keep token_ttl: servers ignore it"));
  CHECK(after(R"({"token_policies":["a"]})").starts_with("The role does not keep token_policies"));
  CHECK(after(R"({"token_period":"2h"})") == "The role keeps token_period=1h, not 2h as was given");
  CHECK(after(R"({"token_period":"soon"})") == "The role keeps token_period=1h, not soon as was given");
  CHECK(after(R"({"orphan":"f"})") == "The role keeps orphan=true, not f as was given");
  CHECK(after(R"({"token_num_uses":true})") == "The role keeps token_num_uses=3, not true as was given");
  CHECK(after(R"({"allowed_policies":["app"]})") ==
        "The role keeps allowed_policies=[app ops], not [app] as was given");
  CHECK(after(R"({"allowed_entity_aliases":"a"})") == "The role keeps allowed_entity_aliases=null, not a as was given");
  // What the server said when it was written is not said again.
  CHECK(told(role_surprises(*parse_json(R"({"bogus":1})"), kept,
                            {"Endpoint ignored these unrecognized parameters: [bogus]"}))
            .empty());
  CHECK(told(role_surprises(Json::array(), kept, {})).empty());
  CHECK(told(role_surprises(Json({{"a", 1}}), Json(1), {})).empty());
}

TEST_CASE("parameters that servers are known to ignore") {
  CHECK(
      ignored_role_parameters(*parse_json(R"({"token_ttl":"30m","token_max_ttl":3600,"token_period":"1h"})")).size() ==
      2);
  CHECK(ignored_role_parameters(*parse_json(R"({"token_ttl":"0","token_max_ttl":""})")).empty());
  CHECK(ignored_role_parameters(Json(nullptr)).empty());
}

}  // namespace
}  // namespace vtoken
