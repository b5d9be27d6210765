// The cubbyhole: private to each service token, gone with it.
#include <doctest/doctest.h>

#include "core/json.hpp"
#include "play.hpp"
#include "subject.hpp"

using namespace vtoken;
using namespace vtoken::conformance;

namespace {

constexpr Method kGet = Method::get;
constexpr Method kList = Method::list;
constexpr Method kPost = Method::post;
constexpr Method kDelete = Method::del;

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

TEST_CASE("whole answers about folders") {
  std::vector<Step> steps;
  for (const char* path : {"a", "a/b/c", "a/b/d", "a-b", "a.b", "B", "_", "10", "9"}) {
    steps.push_back({kPost, std::string("cubbyhole/") + path, R"({"k":1})"});
  }
  for (const char* path : {"", "/", "/a", "/a/", "/a/b", "/a/b/c", "/a/b/", "/none", "/none/"}) {
    steps.push_back({kList, std::string("cubbyhole") + path});
    steps.push_back({kGet, std::string("cubbyhole") + path});
  }
  // A folder is not deleted, and nothing that lies in it.
  for (const char* path : {"", "/", "/a/b", "/a/", "/a", "/a/b/c", "/a/b/d"}) {
    steps.push_back({kDelete, std::string("cubbyhole") + path});
    steps.push_back({kList, "cubbyhole"});
    steps.push_back({kList, "cubbyhole/a"});
  }
  check_alike(steps);
}

TEST_CASE("whole answers about items with odd names") {
  std::vector<Step> steps;
  for (const char* name : {"a b", "\xc3\xa4", ".hidden", "a/..b", "a?b", "a#b", "a%b", "a%2Fb", "a+b", "a:b", "a\"b",
                           "*", "+", "response", "wrapinfo"}) {
    const std::string path = std::string("cubbyhole/") + name;
    steps.push_back({kPost, path, R"({"k":"v"})"});
    steps.push_back({kGet, path});
    steps.push_back({kList, "cubbyhole"});
    steps.push_back({kDelete, path});
    steps.push_back({kGet, path});
  }
  check_alike(steps);
}

TEST_CASE("whole answers about odd data: it comes back as it was put") {
  std::vector<Step> steps;
  for (const char* body : {R"({"":1})",
                           R"({"a":{}})",
                           R"({"a":[]})",
                           R"({"a":null})",
                           R"({"a":1,"a":2})",
                           R"({"a":"\u0000"})",
                           R"({"path":"x","v":1})",
                           R"({"path":{"a":5}})",
                           R"({"ttl":"5s"})",
                           R"({"a":-0.0})",
                           R"({"a":1E5})",
                           R"({"a":1.10})",
                           R"({"b":1,"a":2,"B":3,"10":1,"9":2})",
                           R"({"a":"<>&\u2028"})",
                           "  {\"a\":1}  ",
                           "null",
                           "true",
                           "5",
                           R"("x")",
                           "",
                           "{}"}) {
    steps.push_back({kPost, "cubbyhole/x", body});
    steps.push_back({kGet, "cubbyhole/x"});
  }
  check_alike(steps);
}

TEST_CASE("whole answers to every kind of caller") {
  check_alike({
      {kPost, "auth/token/create", R"({"policies":["default"],"type":"batch"})", "root", "B"},
      {kPost, "cubbyhole/a", R"({"k":1})", "B"},
      {kPost, "cubbyhole/a", "", "B"},
      {kGet, "cubbyhole/a", "", "B"},
      {kGet, "cubbyhole/a", "", "B", "", "60"},
      {kDelete, "cubbyhole/a", "", "B"},
      {kList, "cubbyhole", "", "B"},
      {kPost, "auth/token/create", R"({"policies":["default"],"num_uses":3})", "root", "L"},
      {kPost, "cubbyhole/a", R"({"k":1})", "L"},
      {kGet, "cubbyhole/a", "", "L"},
      {kGet, "cubbyhole/a", "", "L"},
      {kGet, "cubbyhole/a", "", "L"},
      {kPost, "sys/policies/acl/c",
       R"({"policy":"path \"cubbyhole/new\" { capabilities = [\"create\"] }\npath \"cubbyhole/old\" { capabilities = [\"update\"] }\npath \"cubbyhole/set\" { capabilities = [\"create\",\"update\"] }"})"},
      {kPost, "auth/token/create", R"({"policies":["c"],"no_default_policy":true})", "root", "P"},
      {kPost, "cubbyhole/new", R"({"k":1})", "P"},
      {kPost, "cubbyhole/new", R"({"k":1})", "P"},
      {kPost, "cubbyhole/old", R"({"k":1})", "P"},
      {kPost, "cubbyhole/set", R"({"k":1})", "P"},
      {kPost, "cubbyhole/set", R"({"k":1})", "P"},
      {kGet, "cubbyhole/set", "", "P"},
      {kList, "cubbyhole", "", "P"},
      {kPost, "cubbyhole/none", "", "P"},
      {kGet, "cubbyhole/a", "", "nobody"},
      {kGet, "cubbyhole/a", "", ""},
  });
}

TEST_CASE("whole answers to questions with something to say") {
  using Query = std::vector<std::pair<std::string, std::string>>;
  const auto with = [](Method method, std::string path, Query query, std::string wrap = {}) {
    return Step{method, std::move(path), "", "root", "", std::move(wrap), 0, std::move(query)};
  };
  check_alike({
      {kPost, "cubbyhole/a", R"({"k":1})"},
      with(kGet, "cubbyhole/a", {{"y", "1"}, {"x", "2"}, {"y", "3"}}),
      with(kGet, "cubbyhole/a", {{"path", "b"}}),
      with(kGet, "cubbyhole/a", {{"path", "b"}, {"x", "1"}}),
      with(kGet, "cubbyhole/none", {{"x", "1"}}),
      with(kGet, "cubbyhole", {{"path", "a"}}),
      with(kList, "cubbyhole", {{"x", "1"}}),
      with(kList, "cubbyhole/none", {{"x", "1"}}),
      with(kList, "cubbyhole/none", {{"x", "1"}}, "60"),
  });
}

TEST_CASE("an item of eight megabytes") {
  each_subject([](Bench& bench, const std::string&) {
    const Json big = {{"k", std::string(8 << 20, 'x')}};
    CHECK(bench.root().write("cubbyhole/big", big).has_value());
    CHECK(read(bench.root(), "cubbyhole/big") == big);
  });
}
