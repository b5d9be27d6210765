// The cubbyhole: private to each service token, gone with it.
#include <doctest/doctest.h>

#include "core/json.hpp"
#include "subject.hpp"

using namespace vtoken;
using namespace vtoken::conformance;

namespace {

Auth made(Bench& bench) { return bench.create({.policies = {"default"}, .ttl = 3600 * kSecond}); }

Json read(TokenClient client, const std::string& path) {
  const auto answer = client.read(path);
  REQUIRE_MESSAGE(answer.has_value(), (answer ? "" : answer.error().error.text()));
  REQUIRE(answer->data != nullptr);
  return *answer->data;
}

Json keys(TokenClient client, const std::string& path) {
  const auto answer = client.list(path);
  REQUIRE_MESSAGE(answer.has_value(), (answer ? "" : answer.error().error.text()));
  return (*answer->data)["keys"];
}

}  // namespace

TEST_CASE("001: Has Cubbyhole") {
  each_subject([](Bench& bench, const std::string&) {
    const Auth one = made(bench);
    const Auth two = made(bench);
    const Json secret = {{"k", "v"}, {"n", 5}, {"deep", Json::array({1, Json{{"y", nullptr}}})}};
    CHECK(bench.as(one.client_token).write("cubbyhole/a", secret).has_value());
    CHECK(read(bench.as(one.client_token), "cubbyhole/a") == secret);
    // Nobody else's: not another token's, not root's.
    check_refused(bench.as(two.client_token).read("cubbyhole/a"), 404, "");
    check_refused(bench.root().read("cubbyhole/a"), 404, "");
    CHECK(bench.root().write("cubbyhole/a", {{"mine", true}}).has_value());
    CHECK(read(bench.as(one.client_token), "cubbyhole/a") == secret);

    const Auth batch = bench.create({.policies = {"default"}, .ttl = 3600 * kSecond, .type = "batch"});
    const std::string none = "cubbyhole operations are only supported by 'service' type tokens";
    check_refused(bench.as(batch.client_token).write("cubbyhole/a", {{"k", "v"}}), 400, none);
    check_refused(bench.as(batch.client_token).read("cubbyhole/a"), 400, none);
    check_refused(bench.as(batch.client_token).list("cubbyhole"), 400, none);
  });
}

TEST_CASE("a cubbyhole is written over, listed and emptied") {
  each_subject([](Bench& bench, const std::string&) {
    TokenClient client = bench.as(made(bench).client_token);
    check_refused(client.list("cubbyhole"), 404, "");
    CHECK(client.write("cubbyhole/a", {{"v", 1}}).has_value());
    CHECK(client.write("cubbyhole/a", {{"v", 2}}).has_value());
    CHECK(read(client, "cubbyhole/a") == Json({{"v", 2}}));
    CHECK(client.write("cubbyhole/d/e", {{"v", 3}}).has_value());
    CHECK(client.write("cubbyhole/d/f/g", {{"v", 4}}).has_value());
    CHECK(keys(client, "cubbyhole") == Json::array({"a", "d/"}));
    CHECK(keys(client, "cubbyhole/d") == Json::array({"e", "f/"}));
    check_refused(client.list("cubbyhole/none"), 404, "");
    CHECK(client.remove("cubbyhole/d").has_value());
    CHECK(read(client, "cubbyhole/d/e") == Json({{"v", 3}}));
    CHECK(client.remove("cubbyhole/a").has_value());
    check_refused(client.read("cubbyhole/a"), 404, "");
    CHECK(client.remove("cubbyhole/a").has_value());
    check_refused(client.write("cubbyhole/a", Json::object()), 500, "1 error occurred:\n\t* missing data fields\n\n");
  });
}

TEST_CASE("a cubbyhole needs the policy `default`, like other doors") {
  each_subject([](Bench& bench, const std::string&) {
    const Auth bare = bench.create({.policies = {"app"}, .no_default_policy = true});
    check_refused(bench.as(bare.client_token).read("cubbyhole/a"), 403, "1 error occurred:\n\t* permission denied\n\n");
  });
}

TEST_CASE("a cubbyhole is gone with its token: a token of the same id finds nothing") {
  each_subject([](Bench& bench, const std::string&) {
    CreateOptions options{.policies = {"default"}, .ttl = 3600 * kSecond};
    options.id = "same-id";
    (void)bench.create(options);
    CHECK(bench.as("same-id").write("cubbyhole/a", {{"k", "v"}}).has_value());
    CHECK(bench.root().revoke("same-id").has_value());
    (void)bench.create(options);
    check_refused(bench.as("same-id").read("cubbyhole/a"), 404, "");
  });
}
