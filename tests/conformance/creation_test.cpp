// What a creation makes of what it is asked: policies, names, ids, types, and who may ask.
#include <doctest/doctest.h>

#include "core/json.hpp"
#include "subject.hpp"
#include "token/ssc.hpp"

using namespace vtoken;
using namespace vtoken::conformance;

namespace {

using Names = std::vector<std::string>;
constexpr Nanoseconds kHour = 3600 * kSecond;

ApiResult<Answer> create_with(Bench& bench, std::string_view body) {
  return bench.root().ask({.method = Method::post, .path = "auth/token/create", .body = SecretString(body)});
}

}  // namespace

TEST_CASE("policies are sorted, lower case, each once, with default") {
  each_subject([](Bench& bench, const std::string&) {
    CHECK(bench.create({.policies = {"Zed", "app", "app", " ops "}}).policies == Names{"app", "default", "ops", "zed"});
    CHECK(bench.create({.policies = {"app", "root", "ops"}}).policies == Names{"root"});
    CHECK(bench.create({.policies = {"app"}, .no_default_policy = true}).policies == Names{"app"});
    const Auth comma = bench.create({.policies = {"app,ops"}});
    CHECK(comma.policies == Names{"app,ops", "default"});
  });
}

TEST_CASE("a policy that does not exist is named in a warning") {
  each_subject([](Bench& bench, const std::string&) {
    const auto answer = bench.root().create({.policies = {"does-not-exist"}});
    REQUIRE(answer.has_value());
    REQUIRE(answer->warnings.has_value());
    CHECK(answer->warnings->at(0) == "Policy \"does-not-exist\" does not exist");
  });
}

TEST_CASE("a member that the endpoint does not know is named in a warning") {
  each_subject([](Bench& bench, const std::string&) {
    const auto answer = create_with(bench, R"({"zeta":1,"alpha":2})");
    REQUIRE(answer.has_value());
    CHECK(answer->warnings->back() == "Endpoint ignored these unrecognized parameters: [alpha zeta]");
  });
}

TEST_CASE("display names are cleaned") {
  each_subject([](Bench& bench, const std::string&) {
    const auto name = [&bench](const std::string& given) {
      CreateOptions options{.policies = {"default"}};
      options.display_name = given;
      return bench.lookup(bench.create(options).client_token)["display_name"].get<std::string>();
    };
    CHECK(name("my app!") == "token-my-app");
    CHECK(name("--a b--") == "token---a-b-");
    CHECK(name("\u00e9t\u00e9") == "token--t");
    CHECK(bench.lookup(bench.create({.policies = {"default"}}).client_token)["display_name"] == "token");
  });
}

TEST_CASE("metadata is kept; a body's `metadata` is taken as meta where promises are kept") {
  each_subject([](Bench& bench, const std::string&) {
    const Auth token = bench.create({.policies = {"default"}, .meta = {{"env", "prod"}, {"team", "blue"}}});
    CHECK(bench.lookup(token.client_token)["meta"] == Json({{"env", "prod"}, {"team", "blue"}}));
    const auto answer = create_with(bench, R"({"policies":["default"],"metadata":{"purpose":"ci"}})");
    const Auth by_document = auth_of(answer);
    if (bench.subject().keeps_promises()) {
      CHECK(bench.lookup(by_document.client_token)["meta"] == Json({{"purpose", "ci"}}));
    } else {
      CHECK(bench.lookup(by_document.client_token)["meta"].is_null());
    }
    CHECK(bench.lookup(bench.create({.policies = {"default"}}).client_token)["meta"].is_null());
  });
}

TEST_CASE("a chosen id is the token") {
  each_subject([](Bench& bench, const std::string&) {
    CreateOptions options{.policies = {"default"}, .ttl = kHour};
    options.id = "my-own-id";
    const auto answer = bench.root().create(options);
    CHECK(auth_of(answer).client_token == "my-own-id");
    CHECK(answer->warnings->at(0).starts_with("Supplying a custom ID for the token uses the weaker SHA1"));
    CHECK(bench.alive("my-own-id"));
    check_refused(bench.root().create(options), 400, "cannot create a token with a duplicate ID");
    options.id = "hvs.abc";
    check_refused(bench.root().create(options), 400, "custom token ID cannot have the 'hvs.' prefix");
    options.id = "s.abc";
    check_refused(bench.root().create(options), 400, "custom token ID cannot have the 's.' prefix");
    options.id = "a.b";
    check_refused(bench.root().create(options), 400, "custom token ID cannot have a '.' in the value");
  });
}

TEST_CASE("a chosen id is free again once its token has ended") {
  each_subject([](Bench& bench, const std::string&) {
    CreateOptions options{.policies = {"default"}, .ttl = kSecond};
    options.id = "again";
    (void)bench.create(options);
    bench.subject().wait(3);
    CHECK(bench.create(options).client_token == "again");
  });
}

TEST_CASE("types and limits that make no sense are refused") {
  each_subject([](Bench& bench, const std::string&) {
    check_refused(bench.root().create({.type = "weird"}), 400, "invalid 'token_type' value");
    check_refused(bench.root().create({.num_uses = -1}), 400, "number of uses cannot be negative");
    CreateOptions batch{.policies = {"default"}};
    batch.type = "batch";
    batch.num_uses = 2;
    check_refused(bench.root().create(batch), 400, "batch tokens cannot have \"num_uses\" set");
    check_refused(create_with(bench, R"({"ttl":"abc"})"), 400, "time: invalid duration \"abc\"");
    check_refused(create_with(bench, R"({"ttl":"-5s"})"), 400, "ttl must be positive");
    check_refused(create_with(bench, R"({"policies":["response-wrapping"]})"), 400,
                  "cannot assign policy \"response-wrapping\"");
    check_refused(create_with(bench, R"({"entity_alias":"x"})"), 400,
                  "'entity_alias' is only allowed in combination with token role");
  });
}

TEST_CASE("members of the wrong type are refused in the server's words") {
  each_subject([](Bench& bench, const std::string&) {
    const std::string start = "Field validation failed: error converting input for field ";
    check_refused(create_with(bench, R"({"ttl":[1]})"), 400,
                  start + "\"ttl\": '' expected type 'string', got unconvertible type '[]interface {}'");
    check_refused(create_with(bench, R"({"num_uses":"abc"})"), 400,
                  start + "\"num_uses\": '' cannot parse value as 'int': strconv.ParseInt: invalid syntax");
    check_refused(create_with(bench, R"({"renewable":"no"})"), 400,
                  start + "\"renewable\": '' cannot parse value as 'bool': strconv.ParseBool: invalid syntax");
    check_refused(create_with(bench, R"({"policies":{"a":1}})"), 400,
                  start +
                      "\"policies\": decoding failed due to the following error(s):\n\n'[0]' expected type "
                      "'string', got unconvertible type 'map[string]interface {}'");
    check_refused(create_with(bench, "[1]"), 400,
                  "failed to decode JSON input: json: cannot unmarshal array into Go value of type "
                  "map[string]interface {}");
    CHECK(create_with(bench, R"({"num_uses":"3","meta":"k=v","ttl":90})").has_value());
    CHECK(create_with(bench, "null").has_value());
    CHECK_FALSE(create_with(bench, "{nope").has_value());
  });
}

TEST_CASE("service tokens other than root are signed, and their inner id works as the token") {
  each_subject([](Bench& bench, const std::string&) {
    const Auth root = bench.create({});
    CHECK_FALSE(decode_ssc(root.client_token.view()).has_value());
    const Auth token = bench.create({.policies = {"default"}});
    const auto decoded = decode_ssc(token.client_token.view());
    REQUIRE(decoded.has_value());
    CHECK(bench.alive(decoded->random));
    // A signature that is not the server's is no token at all, also for who asks about it.
    SecretString forged = token.client_token;
    forged[20] = forged[20] == 'A' ? 'B' : 'A';
    check_refused(bench.root().lookup(forged), 403, "bad token");
    check_refused(bench.root().revoke(forged), 403, "bad token");
    check_refused(bench.as(forged).lookup_self(), 403, "permission denied");
    CHECK(bench.alive(token.client_token));
  });
}

TEST_CASE("without root: no sudo, a subset of the parent's policies, and what `default` allows") {
  each_subject([](Bench& bench, const std::string&) {
    const Auth plain = bench.create({.policies = {"app", "ops"}, .ttl = kHour});
    TokenClient client = bench.as(plain.client_token);
    CHECK(auth_of(client.create({})).policies == Names{"app", "default", "ops"});
    CHECK(auth_of(client.create({.policies = {"app"}})).policies == Names{"app", "default"});
    check_refused(client.create({.policies = {"admin"}}), 400, "child policies must be subset of parent");
    check_refused(client.create({.policies = {"root"}}), 400, "child policies must be subset of parent");
    CreateOptions options;
    options.orphan = true;
    check_refused(client.create(options), 400, "root or sudo privileges required to create orphan token");
    options = {};
    options.id = "x";
    check_refused(client.create(options), 400, "root or sudo privileges required to specify token id");
    options = {};
    options.period = kHour;
    check_refused(client.create(options), 400, "root or sudo privileges required to create periodic token");
    CHECK(client.lookup_self().has_value());
    CHECK(client.renew_self().has_value());
    const std::string denied = "1 error occurred:\n\t* permission denied\n\n";
    check_refused(client.list("auth/token/accessors"), 403, denied);
    check_refused(client.lookup(plain.client_token), 403, denied);
    check_refused(client.revoke_accessor(plain.accessor), 403, denied);
    check_refused(client.write_role("r", Json::object()), 403, denied);
    check_refused(client.read("no/such/path"), 403, denied);
    CHECK(client.revoke_self().has_value());
  });
}

TEST_CASE("without `default` a token may not even look at itself") {
  each_subject([](Bench& bench, const std::string&) {
    const Auth bare = bench.create({.policies = {"app"}, .no_default_policy = true});
    check_refused(bench.as(bare.client_token).lookup_self(), 403, "1 error occurred:\n\t* permission denied\n\n");
  });
}

TEST_CASE("paths that are not there") {
  each_subject([](Bench& bench, const std::string&) {
    check_refused(bench.root().read("foo/bar"), 404, "no handler for route \"foo/bar\". route entry not found.");
    check_refused(bench.root().read("auth/token/nope"), 404, "1 error occurred:\n\t* unsupported path\n\n");
    check_refused(bench.root().read("auth/token/accessors"), 405, "1 error occurred:\n\t* unsupported operation\n\n");
    check_refused(bench.root().read("auth/token/create"), 405, "1 error occurred:\n\t* unsupported operation\n\n");
    check_refused(bench.as("").lookup_self(), 403, "permission denied");
    check_refused(bench.as("bogus").lookup_self(), 403, "permission denied");
  });
}

TEST_CASE("many requests: answers in their order's numbers, refusals among them") {
  each_subject([](Bench& bench, const std::string&) {
    const auto backend = bench.subject().connect();
    TokenClient client(*backend, {.token = bench.subject().root()});
    int asked = 0;
    const RequestSource source = [&]() -> std::optional<Request> {
      if (asked == 20) return std::nullopt;
      CreateOptions options{.policies = {"default"}, .ttl = kHour};
      if (asked++ % 5 == 4) options.type = "weird";
      return client.complete(client.create_request(options));
    };
    std::vector<int> statuses(20, 0);
    const auto done = backend->submit(source, [&](std::size_t index, Result<Response> answer) {
      REQUIRE(answer.has_value());
      statuses.at(index) = answer->status;
      return true;
    });
    REQUIRE(done.has_value());
    for (std::size_t i = 0; i < statuses.size(); ++i) CHECK(statuses[i] == (i % 5 == 4 ? 400 : 200));
  });
}
