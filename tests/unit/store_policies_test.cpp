// Policies in a store: kept, read again when they change, and asked for every request.
#include <doctest/doctest.h>

#include "core/json.hpp"
#include "core/token_client.hpp"
#include "store/admin.hpp"
#include "store/intake.hpp"
#include "store/policy_table.hpp"
#include "store/store.hpp"
#include "store_fixture.hpp"

using namespace vtoken;
using namespace vtoken::store;

namespace {

constexpr Nanoseconds kHour = 3600 * kSecond;

struct World {
  World() {
    InitOptions options;
    options.path = path();
    auto report = init(options, clock);
    REQUIRE(report.has_value());
    root = report->root_token;
  }
  std::string path() const { return folder / "store.db"; }
  std::unique_ptr<Backend> open() const {
    OpenOptions options;
    options.path = path();
    options.unlock.key_file = path() + ".key";
    auto backend = store::open(options, clock);
    REQUIRE_MESSAGE(backend.has_value(), (backend ? "" : backend.error().text()));
    return std::move(*backend);
  }

  test::Folder folder;
  ManualClock clock{1'795'000'000 * kSecond};
  SecretString root;
};

// Asks and gives the status.
int ask(Backend& backend, std::string_view token, Method method, const std::string& path, std::string_view body = "") {
  const auto answer =
      backend.handle({.method = method, .path = path, .body = SecretString(body), .token = SecretString(token)});
  REQUIRE_MESSAGE(answer.has_value(), (answer ? "" : answer.error().text()));
  return answer->status;
}

int write_policy(Backend& backend, const SecretString& root, const std::string& name, const std::string& text,
                 const std::string& more = "") {
  Json body = {{"policy", SecretString(text)}};
  std::string whole(dump_json(body).view());
  if (!more.empty()) whole.insert(whole.size() - 1, "," + more);
  return ask(backend, root.view(), Method::post, "sys/policies/acl/" + name, whole);
}

SecretString token_with(Backend& backend, const SecretString& root, const std::string& policy) {
  TokenClient client(backend, {.token = root});
  const auto answer = client.create({.policies = {policy}, .ttl = kHour});
  REQUIRE(answer.has_value());
  REQUIRE(answer->auth.has_value());
  return answer->auth->client_token;
}

}  // namespace

TEST_CASE("a change of a policy counts at once, for other connections too") {
  World world;
  const auto one = world.open();
  const auto two = world.open();
  const SecretString token = token_with(*one, world.root, "lister");
  const auto list = [&](Backend& backend) { return ask(backend, token.view(), Method::list, "auth/token/accessors"); };
  CHECK(list(*one) == 403);
  CHECK(list(*two) == 403);
  CHECK(write_policy(*one, world.root, "lister", R"(path "auth/token/accessors" { capabilities = ["list"] })") == 204);
  CHECK(list(*one) == 403);  // without sudo
  CHECK(list(*two) == 403);
  CHECK(write_policy(*one, world.root, "lister", R"(path "auth/token/accessors" { capabilities = ["list","sudo"] })") ==
        204);
  CHECK(list(*one) == 200);
  CHECK(list(*two) == 200);
  CHECK(ask(*two, world.root.view(), Method::del, "sys/policies/acl/lister") == 204);
  CHECK(list(*one) == 403);
  CHECK(list(*two) == 403);
}

TEST_CASE("a streamed list asks the policies too") {
  World world;
  const auto backend = world.open();
  const SecretString token = token_with(*backend, world.root, "lister");
  struct Sink final : BodySink {
    bool begin(int with) override {
      status = with;
      return true;
    }
    bool piece(std::string_view) override { return true; }
    int status = 0;
  };
  const auto stream = [&] {
    Sink sink;
    const auto done = backend->stream({.method = Method::list, .path = "auth/token/accessors", .token = token}, sink);
    REQUIRE(done.has_value());
    return sink.status;
  };
  CHECK(stream() == 403);
  CHECK(write_policy(*backend, world.root, "lister",
                     R"(path "auth/token/accessors/" { capabilities = ["list","sudo"] })") == 204);
  CHECK(stream() == 200);
}

TEST_CASE("a policy ends when its time is over") {
  World world;
  const auto backend = world.open();
  const SecretString token = token_with(*backend, world.root, "brief");
  CHECK(write_policy(*backend, world.root, "brief", R"(path "auth/token/roles" { capabilities = ["list"] })",
                     R"("ttl":"60s")") == 204);
  const auto list = [&] { return ask(*backend, token.view(), Method::list, "auth/token/roles"); };
  CHECK(list() == 404);  // allowed, and empty
  CHECK(ask(*backend, world.root.view(), Method::get, "sys/policies/acl/brief") == 200);
  world.clock.advance(61 * kSecond);
  CHECK(list() == 403);
  CHECK(ask(*backend, world.root.view(), Method::get, "sys/policies/acl/brief") == 404);
}

TEST_CASE("what is created and what is updated are told apart") {
  World world;
  const auto backend = world.open();
  const SecretString token = token_with(*backend, world.root, "author");
  CHECK(write_policy(*backend, world.root, "author", R"(path "auth/token/roles/*" { capabilities = ["create"] })") ==
        204);
  CHECK(ask(*backend, token.view(), Method::post, "auth/token/roles/new", "{}") == 204);
  CHECK(ask(*backend, token.view(), Method::post, "auth/token/roles/new", "{}") == 403);
}

TEST_CASE("versions of a policy are counted and may be asked for") {
  World world;
  const auto backend = world.open();
  const std::string text = R"(path "a" { capabilities = ["read"] })";
  CHECK(write_policy(*backend, world.root, "p", text, R"("cas":0)") == 204);
  CHECK(write_policy(*backend, world.root, "p", text, R"("cas":0)") == 400);
  CHECK(write_policy(*backend, world.root, "p", text, R"("cas":-1)") == 400);
  CHECK(write_policy(*backend, world.root, "p", text, R"("cas":1,"cas_required":true)") == 204);
  CHECK(write_policy(*backend, world.root, "p", text) == 400);
  TokenClient root(*backend, {.token = world.root});
  const auto answer = root.ask({.path = "sys/policies/acl/p"});
  REQUIRE(answer.has_value());
  CHECK((*answer->data)["version"] == 2);
  CHECK((*answer->data)["cas_required"] == true);
  CHECK((*answer->data)["policy"] == SecretString(text));
}

TEST_CASE("what trips the look whether a thing is there is told before policies are asked") {
  World world;
  const auto backend = world.open();
  const SecretString token = token_with(*backend, world.root, "nothing");
  const auto write = [&](std::string_view by, const char* path, const char* body) {
    return ask(*backend, by, Method::post, path, body);
  };
  CHECK(write(token.view(), "auth/token/roles/r", R"({"token_num_uses":"x"})") == 400);
  CHECK(write(token.view(), "auth/token/roles/r", R"({"token_num_uses":-1})") == 403);
  TokenClient root(*backend, {.token = world.root});
  const auto batch = root.create({.policies = {"nothing"}, .ttl = kHour, .type = "batch"});
  REQUIRE(batch.has_value());
  CHECK(write(batch->auth->client_token.view(), "cubbyhole/x", R"({"a":1})") == 400);
}

TEST_CASE("names of policies are bounded, and folders in them nest as deep as that") {
  World world;
  const auto backend = world.open();
  std::string deep;
  while (deep.size() < 510) deep += "a/";
  CHECK(write_policy(*backend, world.root, deep + "bb", R"(path "a" {})") == 204);
  CHECK(write_policy(*backend, world.root, deep + "bbb", R"(path "a" {})") == 400);
  CHECK(ask(*backend, world.root.view(), Method::list, "sys/policies/acl") == 200);
}

TEST_CASE("a token bound to addresses elsewhere is of no use here") {
  World world;
  const auto backend = world.open();
  const auto bound = [&](const std::string& blocks) {
    CHECK(ask(*backend, world.root.view(), Method::post, "auth/token/roles/bound",
              R"({"token_bound_cidrs":)" + blocks + "}") == 204);
    TokenClient client(*backend, {.token = world.root});
    const auto answer = client.create({.role = "bound", .policies = {"default"}, .ttl = kHour});
    REQUIRE(answer.has_value());
    return ask(*backend, answer->auth->client_token.view(), Method::get, "auth/token/lookup-self");
  };
  CHECK(bound(R"(["127.0.0.0/8"])") == 200);
  CHECK(bound(R"(["10.0.0.1","127.0.0.1"])") == 200);
  CHECK(bound(R"(["::ffff:127.0.0.1"])") == 200);
  CHECK(bound(R"(["10.0.0.0/8"])") == 403);
  CHECK(bound(R"(["128.0.0.0/1"])") == 403);
  CHECK(bound(R"(["0.0.0.0/0"])") == 200);
  CHECK(bound(R"(["::1"])") == 403);
}

TEST_CASE("a stored policy is read back as it was written") {
  StoredPolicy policy{.name = "p",
                      .text = "path \"é\\n\" {}",
                      .version = 3,
                      .cas_required = true,
                      .allow_wildcards_in_templates = true,
                      .allow_slashes_in_templates = false,
                      .modified = 5,
                      .expiration = 7};
  const auto back = decode_policy(encode_policy(policy));
  REQUIRE(back);
  CHECK(encode_policy(*back) == encode_policy(policy));
  CHECK(back->expiration == 7);
  CHECK_FALSE(decode_policy("{}"));
  CHECK_FALSE(decode_policy("[]"));
  CHECK_FALSE(decode_policy("x"));
}

TEST_CASE("a request is read before anybody looks at who asks") {
  const auto status = [](const Request& request) {
    const auto intake = read_request(request);
    return intake.refusal ? intake.refusal->status : 0;
  };
  CHECK(status({.path = "p"}) == 0);
  CHECK(status({.method = Method::post, .path = "p", .body = SecretString("{")}) == 400);
  CHECK(status({.method = Method::post, .path = "p", .body = SecretString("[]")}) == 400);
  CHECK(status({.method = Method::post, .path = "p", .body = SecretString("null")}) == 0);
  CHECK(status({.method = Method::post, .path = "p/"}) == 400);
  CHECK(status({.path = "p\nq"}) == 400);
  CHECK(status({.path = "p\x7f"}) == 400);
  CHECK(status({.path = "p\xc3\xa9"}) == 0);
  CHECK(status({.path = "p", .namespace_path = "n"}) == 400);
  CHECK(status({.path = "p", .wrap_ttl = "x"}) == 400);
  CHECK(status({.path = "p", .wrap_ttl = "-1s"}) == 400);
  CHECK(read_request({.path = "p", .wrap_ttl = "2m"}).wrap_ttl == 120 * kSecond);
  const auto intake = read_request({.path = "p", .query = {{"a", "1"}, {"b", "x"}, {"a", "2"}}});
  CHECK(dump_json(*intake.data) == R"({"a":["1","2"],"b":"x"})");
}
