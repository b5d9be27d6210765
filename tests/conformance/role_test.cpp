// Token roles: written, read back, and what tokens made against them are.
#include <doctest/doctest.h>

#include "core/json.hpp"
#include "subject.hpp"

using namespace vtoken;
using namespace vtoken::conformance;

namespace {

using Names = std::vector<std::string>;
constexpr Nanoseconds kHour = 3600 * kSecond;

Json role(Bench& bench, const std::string& name) {
  const auto answer = bench.root().read_role(name);
  REQUIRE(answer.has_value());
  REQUIRE(answer->data != nullptr);
  return *answer->data;
}

void write(Bench& bench, const std::string& name, const Json& fields) {
  const auto answer = bench.root().write_role(name, fields);
  REQUIRE_MESSAGE(answer.has_value(), (answer ? "" : answer.error().error.text()));
}

}  // namespace

TEST_CASE("a role reads back as the server shows it") {
  each_subject([](Bench& bench, const std::string&) {
    write(bench, "x",
          {{"allowed_policies", "B,a,a, c "},
           {"disallowed_policies", Json::array({"Z"})},
           {"allowed_entity_aliases", "E1"},
           {"token_num_uses", 4},
           {"token_bound_cidrs", "127.0.0.1,10.0.0.0/8"}});
    const Json expected = {{"allowed_entity_aliases", Json::array({"e1"})},
                           {"allowed_policies", Json::array({"a", "b", "c"})},
                           {"allowed_policies_glob", Json::array()},
                           {"disallowed_policies", Json::array({"z"})},
                           {"disallowed_policies_glob", Json::array()},
                           {"explicit_max_ttl", 0},
                           {"name", "x"},
                           {"orphan", false},
                           {"path_suffix", ""},
                           {"period", 0},
                           {"renewable", true},
                           {"token_bound_cidrs", Json::array({"127.0.0.1", "10.0.0.0/8"})},
                           {"token_explicit_max_ttl", 0},
                           {"token_no_default_policy", false},
                           {"token_num_uses", 4},
                           {"token_period", 0},
                           {"token_type", "default-service"}};
    CHECK(role(bench, "x") == expected);
    // What a second write does not name stays.
    write(bench, "x", {{"orphan", true}});
    Json changed = expected;
    changed["orphan"] = true;
    CHECK(role(bench, "x") == changed);
  });
}

TEST_CASE("roles are listed, and gone when deleted") {
  each_subject([](Bench& bench, const std::string&) {
    check_refused(bench.root().list_roles(), 404, "");
    write(bench, "b", Json::object());
    write(bench, "A", Json::object());
    const auto listed = bench.root().list_roles();
    REQUIRE(listed.has_value());
    CHECK((*listed->data)["keys"] == Json::array({"A", "b"}));
    CHECK(bench.root().delete_role("A").has_value());
    check_refused(bench.root().read_role("A"), 404, "");
    CHECK(bench.root().delete_role("A").has_value());
    check_refused(bench.root().create({.role = "A"}), 400, "unknown role A");
  });
}

TEST_CASE("a role's members are checked") {
  each_subject([](Bench& bench, const std::string&) {
    const auto refused = [&bench](const Json& fields, const std::string& text) {
      check_refused(bench.root().write_role("bad", fields), 400, text);
    };
    refused({{"token_type", "weird"}}, "invalid 'token_type' value \"weird\"");
    refused({{"orphan", "abc"}},
            "error converting input for field \"orphan\": '' cannot parse value as 'bool': "
            "strconv.ParseBool: invalid syntax");
    refused({{"token_period", "abc"}},
            "error converting input for field \"token_period\": time: invalid duration \"abc\"");
    refused({{"token_period", -1}},
            "error converting input for field \"token_period\": cannot provide negative value '-1'");
    refused({{"token_num_uses", -1}}, "error parsing role fields: 'token_num_uses' cannot be negative");
    refused({{"path_suffix", "a b"}}, "given role path suffix contains invalid characters; must match \\w[\\w-.]+\\w");
    refused({{"path_suffix", "a"}}, "given role path suffix contains invalid characters; must match \\w[\\w-.]+\\w");
    refused({{"path_suffix", "a..b"}}, "error registering path suffix: path cannot contain parent references");
    refused({{"token_bound_cidrs", "abc"}},
            "error parsing role fields: error parsing address \"abc\": Unable to convert \"abc\" to an IPv4 or IPv6 "
            "address, or a UNIX Socket");
    check_refused(bench.root().read_role("bad"), 404, "");
    check_refused(bench.root().write_role("a/b", Json::object()), 404, "1 error occurred:\n\t* unsupported path\n\n");
  });
}

TEST_CASE("old names: the new one wins, with a warning") {
  each_subject([](Bench& bench, const std::string&) {
    const auto answer = bench.root().write_role("old", {{"token_period", "1h"}, {"period", "2h"}});
    REQUIRE(answer.has_value());
    REQUIRE(answer->warnings.has_value());
    CHECK(answer->warnings->at(0) ==
          "Both 'token_period' and deprecated 'period' value supplied, ignoring the deprecated value");
    CHECK(role(bench, "old")["token_period"] == 3600);
    CHECK(role(bench, "old")["period"] == 0);
    write(bench, "older", {{"period", "2h"}});
    CHECK(role(bench, "older")["token_period"] == 7200);
    CHECK(role(bench, "older")["period"] == 7200);
  });
}

TEST_CASE("allowed and disallowed policies, with globs") {
  each_subject([](Bench& bench, const std::string&) {
    write(bench, "x", {{"allowed_policies", "a,b,c"}});
    CHECK(bench.create({.role = "x"}).policies == Names{"a", "b", "c", "default"});
    CHECK(bench.create({.role = "x", .policies = {"a"}}).policies == Names{"a", "default"});
    check_refused(bench.root().create({.role = "x", .policies = {"q"}}), 400,
                  "token policies ([\"default\" \"q\"]) must be subset of the role's allowed policies ([\"a\" \"b\" "
                  "\"c\" \"default\"]) or glob policies ([])");
    write(bench, "g",
          {{"allowed_policies_glob", "a*"}, {"disallowed_policies_glob", "ab*"}, {"token_no_default_policy", true}});
    CHECK(bench.create({.role = "g", .policies = {"axc"}}).policies == Names{"axc"});
    check_refused(bench.root().create({.role = "g", .policies = {"abc"}}), 400,
                  "token policy \"abc\" is disallowed by this role");
    check_refused(bench.root().create({.role = "g", .policies = {"b"}}), 400,
                  "token policies ([\"b\"]) must be subset of the role's allowed policies ([]) or glob policies "
                  "([\"a*\"])");
    write(bench, "d", {{"disallowed_policies", "admin,root"}});
    check_refused(bench.root().create({.role = "d", .policies = {"admin"}}), 400,
                  "token policy \"admin\" is disallowed by this role");
    check_refused(bench.root().create({.role = "d"}), 400, "token policy \"root\" is disallowed by this role");
  });
}

TEST_CASE("a role overrides orphan, limits uses, names the path, and sets the period") {
  each_subject([](Bench& bench, const std::string&) {
    write(bench, "s",
          {{"allowed_policies", "default"},
           {"orphan", true},
           {"path_suffix", "rev2"},
           {"token_num_uses", 4},
           {"token_period", "1h"},
           {"renewable", true}});
    const auto answer = bench.root().create({.role = "s", .period = 1800 * kSecond, .num_uses = 9});
    const Auth token = auth_of(answer);
    CHECK(token.orphan);
    CHECK(token.num_uses == 4);
    CHECK(token.lease_duration == 1800);
    CHECK(answer->warnings->at(0) ==
          "Period specified both during creation call and in role; using the lesser value of 1800 seconds");
    const Json data = bench.lookup(token.client_token);
    CHECK(data["path"] == "auth/token/create/s/rev2");
    CHECK(data["role"] == "s");
    CHECK(data["orphan"] == true);
    // A role without orphan=true makes children, whatever is asked.
    write(bench, "c", {{"allowed_policies", "default"}});
    CreateOptions options{.role = "c"};
    options.orphan = true;
    CHECK_FALSE(bench.create(options).orphan);
  });
}

TEST_CASE("a role that is not renewable, and one whose type decides") {
  each_subject([](Bench& bench, const std::string&) {
    write(bench, "n", {{"allowed_policies", "default"}, {"renewable", false}});
    CHECK_FALSE(bench.create({.role = "n", .ttl = kHour}).renewable);
    write(bench, "b",
          {{"allowed_policies", "default"}, {"orphan", true}, {"renewable", false}, {"token_type", "batch"}});
    CHECK(bench.create({.role = "b", .ttl = kHour, .type = "service"}).token_type == "batch");
    write(bench, "db", {{"allowed_policies", "default"}, {"token_type", "default-batch"}});
    CHECK(bench.create({.role = "db", .ttl = kHour}).token_type == "batch");
    CHECK(bench.create({.role = "db", .ttl = kHour, .type = "service"}).token_type == "service");
    write(bench, "sv", {{"allowed_policies", "default"}, {"token_type", "service"}});
    CHECK(bench.create({.role = "sv", .ttl = kHour, .type = "batch"}).token_type == "service");
  });
}

TEST_CASE("the documents' ci-batch role: kept and honoured where promises are kept, else refused") {
  each_subject([](Bench& bench, const std::string&) {
    const Json fields = {{"allowed_policies", "ci-secrets"},
                         {"orphan", "false"},
                         {"token_type", "batch"},
                         {"token_ttl", "30m"},
                         {"token_max_ttl", "1h"}};
    const auto answer = bench.root().write_role("ci-batch", fields);
    if (!bench.subject().keeps_promises()) {
      check_refused(answer, 400, "'token_type' cannot be 'batch' when role is set to generate non-orphan tokens");
      return;
    }
    REQUIRE(answer.has_value());
    REQUIRE(answer->warnings.has_value());
    CHECK(answer->warnings->at(0).find("servers refuse it") != std::string::npos);
    const Auth token = bench.create({.role = "ci-batch"});
    CHECK(token.token_type == "batch");
    CHECK(token.lease_duration == 1800);
    CHECK_FALSE(token.orphan);
    const auto longer = bench.root().create({.role = "ci-batch", .ttl = 2 * kHour});
    CHECK(auth_of(longer).lease_duration == 3600);
    CHECK(longer->warnings->at(0) ==
          "TTL of \"2h\" exceeded the effective max_ttl of \"1h\"; TTL value is capped accordingly");
    CHECK(role(bench, "ci-batch")["token_ttl"] == 1800);
    CHECK(role(bench, "ci-batch")["token_max_ttl"] == 3600);
  });
}

TEST_CASE("a role's maximum holds for renewals, and a role that is gone ends them") {
  each_subject([](Bench& bench, const std::string&) {
    write(bench, "m", {{"allowed_policies", "default"}, {"token_explicit_max_ttl", "2h"}});
    const Auth token = bench.create({.role = "m", .ttl = kHour});
    CHECK(auth_of(bench.as(token.client_token).renew_self(5 * kHour)).lease_duration == 7200);
    CHECK(bench.root().delete_role("m").has_value());
    check_refused(bench.as(token.client_token).renew_self(), 500,
                  "1 error occurred:\n\t* failed to renew entry: original token role \"m\" could not be found, not "
                  "renewing\n\n");
  });
}

TEST_CASE("entity aliases as far as a role allows them") {
  each_subject([](Bench& bench, const std::string&) {
    write(bench, "e", {{"allowed_policies", "default"}, {"allowed_entity_aliases", "al*"}});
    CreateOptions options{.role = "e", .ttl = kHour};
    options.entity_alias = "alice";
    const Auth first = bench.create(options);
    CHECK(first.entity_id.size() == 36);
    CHECK(bench.create(options).entity_id == first.entity_id);
    options.entity_alias = "bob";
    check_refused(bench.root().create(options), 400, "invalid 'entity_alias' value");
  });
}
