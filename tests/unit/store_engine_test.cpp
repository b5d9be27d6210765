// What only a store has: several connections to one file, copies that lag behind, terms, and lists that cost no memory.
#include <doctest/doctest.h>

#include <filesystem>
#include <set>
#include <vector>

#include "core/json.hpp"
#include "core/token_client.hpp"
#include "store/admin.hpp"
#include "store/store.hpp"
#include "store_fixture.hpp"
#include "token/ssc.hpp"

using namespace vtoken;
namespace fs = std::filesystem;

namespace {

constexpr Nanoseconds kHour = 3600 * kSecond;

struct World {
  World() {
    store::InitOptions options;
    options.path = path();
    auto report = store::init(options, clock);
    REQUIRE(report.has_value());
    root = report->root_token;
  }
  std::string path() const { return folder / "store.db"; }

  std::unique_ptr<Backend> open(const std::string& at) const {
    store::OpenOptions options;
    options.path = at;
    options.unlock.key_file = path() + ".key";
    auto backend = store::open(options, clock);
    REQUIRE_MESSAGE(backend.has_value(), (backend ? "" : backend.error().text()));
    return std::move(*backend);
  }

  store::test::Folder folder;
  ManualClock clock{1'795'000'000 * kSecond};
  // Lets tokens with the policy "maker" make others.
  void allow_making(TokenClient& root_client) const {
    const Json body = {{"policy", R"(path "auth/token/create" { capabilities = ["update"] })"}};
    REQUIRE(root_client.write("sys/policies/acl/maker", body).has_value());
  }

  SecretString root;
};

Auth made(const ApiResult<Answer>& answer) {
  REQUIRE(answer.has_value());
  REQUIRE(answer->auth.has_value());
  return *answer->auth;
}

}  // namespace

TEST_CASE("what one connection does the others see at once") {
  World world;
  const auto one = world.open(world.path());
  const auto two = world.open(world.path());
  TokenClient first(*one, {.token = world.root});
  world.allow_making(first);
  const Auth parent = made(first.create({.policies = {"maker"}, .ttl = kHour}));
  TokenClient second(*two, {.token = parent.client_token});
  // The second connection keeps the parent it has read …
  CHECK(second.create({.type = "batch"}).has_value());
  CHECK(second.create({.type = "batch"}).has_value());
  CHECK(first.revoke_accessor(parent.accessor).has_value());
  // … and must not use it once another has revoked it.
  CHECK_FALSE(second.create({.type = "batch"}).has_value());
  CHECK_FALSE(second.lookup_self().has_value());
}

TEST_CASE("a kept caller ends when its time is over") {
  World world;
  const auto backend = world.open(world.path());
  TokenClient root(*backend, {.token = world.root});
  world.allow_making(root);
  const Auth parent = made(root.create({.policies = {"maker"}, .ttl = 10 * kSecond}));
  TokenClient client(*backend, {.token = parent.client_token});
  CHECK(client.create({.type = "batch"}).has_value());
  world.clock.advance(11 * kSecond);
  CHECK_FALSE(client.create({.type = "batch"}).has_value());
}

TEST_CASE("a signed token carries the commit index it was written at") {
  World world;
  const auto backend = world.open(world.path());
  TokenClient root(*backend, {.token = world.root});
  // The first commit made the root token.
  for (std::uint64_t index = 2; index < 5; ++index) {
    const auto token = decode_ssc(made(root.create({.policies = {"default"}})).client_token.view());
    REQUIRE(token.has_value());
    CHECK(token->local_index == index);
    CHECK(token->index_epoch == 0);
  }
}

TEST_CASE("a copy older than the token answers 412, as a lagging node does") {
  World world;
  const std::string copy = world.folder / "copy.db";
  SecretString old_token;
  SecretString new_token;
  SecretString new_batch;
  {
    const auto backend = world.open(world.path());
    old_token = made(TokenClient(*backend, {.token = world.root}).create({.policies = {"default"}})).client_token;
  }
  fs::copy_file(world.path(), copy);
  {
    const auto backend = world.open(world.path());
    new_token = made(TokenClient(*backend, {.token = world.root}).create({.policies = {"default"}})).client_token;
  }
  const auto lagging = world.open(copy);
  CHECK(TokenClient(*lagging, {.token = old_token}).lookup_self().has_value());
  const auto self = TokenClient(*lagging, {.token = new_token}).lookup_self();
  REQUIRE_FALSE(self.has_value());
  CHECK(self.error().status == 412);
  CHECK(self.error().texts == std::vector<std::string>{"required index state not present"});
  const auto by_root = TokenClient(*lagging, {.token = world.root}).lookup(new_token);
  REQUIRE_FALSE(by_root.has_value());
  CHECK(by_root.error().status == 412);
  // Also in calls that write, whose own commit would be the one that is missing.
  CHECK(TokenClient(*lagging, {.token = new_token}).renew_self({}).error().status == 412);
  CHECK(TokenClient(*lagging, {.token = world.root}).revoke(new_token).error().status == 412);
  // The copy catches up by being written to; the token is then simply unknown.
  CHECK(TokenClient(*lagging, {.token = world.root}).create({.policies = {"default"}}).has_value());
  CHECK(TokenClient(*lagging, {.token = new_token}).lookup_self().error().status == 403);
}

TEST_CASE("a token made in a transaction is there for the rest of it") {
  World world;
  const auto backend = world.open(world.path());
  const SecretString id("chosen");
  std::vector<Request> requests{
      {.method = Method::post, .path = "auth/token/create", .body = SecretString(R"({"id":"chosen"})")},
      {.method = Method::post, .path = "auth/token/create", .body = SecretString(R"({"policies":["default"]})")},
      {.method = Method::post, .path = "auth/token/lookup", .body = SecretString(R"({"token":"chosen"})")}};
  std::size_t next = 0;
  std::vector<int> statuses;
  SecretString signed_token;
  const auto done = backend->submit(
      [&]() -> std::optional<Request> {
        if (next == requests.size()) return std::nullopt;
        requests[next].token = world.root;
        return requests[next++];
      },
      [&](std::size_t index, Result<Response> response) {
        REQUIRE(response.has_value());
        statuses.push_back(response->status);
        if (index == 1) signed_token = parse_json(response->body.view())->at("auth").at("client_token");
        return true;
      });
  REQUIRE(done.has_value());
  CHECK(statuses == std::vector<int>{200, 200, 200});
  const auto decoded = decode_ssc(signed_token.view());
  REQUIRE(decoded);
  CHECK(decoded->local_index == 2);  // the root token was the first commit
  CHECK(TokenClient(*backend, {.token = signed_token}).lookup_self().has_value());
}

TEST_CASE("tokens of an epoch that a restore ended wait for nothing") {
  World world;
  const std::string backup = world.folder / "backup.db";
  SecretString before;
  SecretString after;
  {
    const auto backend = world.open(world.path());
    before = made(TokenClient(*backend, {.token = world.root}).create({.policies = {"default"}})).client_token;
  }
  {
    auto file = store::StoreFile::open(world.path(), {});
    REQUIRE(file.has_value());
    REQUIRE(store::backup(*file, backup).has_value());
  }
  {
    const auto backend = world.open(world.path());
    after = made(TokenClient(*backend, {.token = world.root}).create({.policies = {"default"}})).client_token;
  }
  store::RestoreOptions options;
  options.path = world.path();
  options.from = backup;
  const auto restored = store::restore(options);
  REQUIRE_MESSAGE(restored.has_value(), (restored ? "" : restored.error().text()));
  const auto backend = world.open(world.path());
  CHECK(TokenClient(*backend, {.token = before}).lookup_self().has_value());
  const auto gone = TokenClient(*backend, {.token = after}).lookup_self();
  REQUIRE_FALSE(gone.has_value());
  CHECK(gone.error().status == 403);
  const auto fresh = decode_ssc(
      made(TokenClient(*backend, {.token = world.root}).create({.policies = {"default"}})).client_token.view());
  REQUIRE(fresh.has_value());
  CHECK(fresh->index_epoch >= 1);
}

TEST_CASE("after a rotation batch tokens have the new term and old ones still work") {
  World world;
  const auto backend = world.open(world.path());
  TokenClient root(*backend, {.token = world.root});
  const CreateOptions batch{.policies = {"default"}, .ttl = kHour, .type = "batch"};
  const Auth old_batch = made(root.create(batch));
  const Auth service = made(root.create({.policies = {"default"}}));
  {
    auto file = store::StoreFile::open(world.path(), {});
    REQUIRE(file.has_value());
    REQUIRE(store::rotate(*file, world.clock.now()).has_value());
  }
  // The connection that was open all the while takes the new key over.
  const Auth new_batch = made(root.create(batch));
  CHECK(old_batch.client_token.starts_with("hvb.AAAAAQ"));
  CHECK(new_batch.client_token.starts_with("hvb.AAAAAg"));
  for (const auto& token : {old_batch.client_token, new_batch.client_token, service.client_token})
    CHECK(TokenClient(*backend, {.token = token}).lookup_self().has_value());
}

TEST_CASE("many requests are one commit") {
  World world;
  const auto backend = world.open(world.path());
  TokenClient root(*backend, {.token = world.root});
  int asked = 0;
  const RequestSource source = [&]() -> std::optional<Request> {
    if (asked++ == 5) return std::nullopt;
    return root.complete(root.create_request({.policies = {"default"}}));
  };
  std::uint64_t index = 0;
  REQUIRE(backend->submit(source, [&](std::size_t, Result<Response> response) {
    const auto answer = read_answer(*response);
    REQUIRE(answer.has_value());
    const auto token = decode_ssc(answer->auth->client_token.view());
    REQUIRE(token.has_value());
    if (index != 0) CHECK(token->local_index == index);
    index = token->local_index;
    return true;
  }));
  CHECK(asked == 6);
  // The root token and the five.
  const auto reader = world.open(world.path());
  std::size_t before = 0;
  REQUIRE(TokenClient(*reader, {.token = world.root}).list_accessors([&](std::string_view) { return ++before != 0; }));
  CHECK(before == 6);
}

TEST_CASE("what changes nothing is answered at once, until something does") {
  World world;
  const auto backend = world.open(world.path());
  TokenClient root(*backend, {.token = world.root});
  const Request batch = root.create_request({.policies = {"default"}, .ttl = kHour, .type = "batch"});
  const Request service = root.create_request({.policies = {"default"}});
  const std::vector<Request> requests{batch, batch, service, batch, service};
  std::size_t asked = 0;
  std::size_t answered = 0;
  std::vector<std::size_t> answered_before;  // when each was asked for
  const auto other = world.open(world.path());
  REQUIRE(backend->submit(
      [&]() -> std::optional<Request> {
        answered_before.push_back(answered);
        // Nobody else has to wait meanwhile.
        if (asked == 2) CHECK(TokenClient(*other, {.token = world.root}).create({.policies = {"default"}}).has_value());
        if (asked == requests.size()) return std::nullopt;
        return requests[asked++];
      },
      [&](std::size_t index, const Result<Response>& response) {
        CHECK(index == answered++);
        CHECK(response->status == 200);
        return true;
      }));
  CHECK(answered_before == std::vector<std::size_t>{0, 1, 2, 2, 2, 2});
  CHECK(answered == 5);
}

TEST_CASE("tokens that are refused are not made, and the first refusal may end it") {
  World world;
  const auto backend = world.open(world.path());
  TokenClient root(*backend, {.token = world.root});
  int asked = 0;
  int answered = 0;
  REQUIRE(backend->submit([&]() -> std::optional<Request> { return ++asked, root.create_request({.type = "weird"}); },
                          [&](std::size_t, const Result<Response>& response) {
                            CHECK(response->status == 400);
                            return ++answered < 1;
                          }));
  CHECK(asked == 1);
  CHECK(answered == 1);
}

TEST_CASE("a long transaction's answers are all given after it") {
  World world;
  const auto backend = world.open(world.path());
  TokenClient root(*backend, {.token = world.root});
  const Request request = root.create_request({.policies = {"default"}});
  constexpr std::size_t kMany = 5000;  // more than are held in memory
  std::size_t asked = 0;
  std::size_t answered = 0;
  std::set<SecretString> tokens;
  REQUIRE(backend->submit(
      [&]() -> std::optional<Request> {
        CHECK(answered == 0);
        return asked++ < kMany ? std::optional(request) : std::nullopt;
      },
      [&](std::size_t index, const Result<Response>& response) {
        CHECK(index == answered++);
        tokens.insert(read_answer(*response)->auth->client_token);
        return true;
      }));
  CHECK(tokens.size() == kMany);
  CHECK(store::test::count_tokens(world.path()) == kMany + 1);
}

TEST_CASE("when one of many requests cannot be answered, none was, and no answer arrives") {
  World world;
  Auth broken;
  {
    const auto backend = world.open(world.path());
    broken = made(TokenClient(*backend, {.token = world.root}).create({.policies = {"default"}, .ttl = kHour}));
    auto file = store::StoreFile::open(world.path(), {});
    REQUIRE(file.has_value());
    REQUIRE(file->database().exec("UPDATE tokens SET uses = 7 WHERE expire_at IS NOT NULL"));
  }
  const auto backend = world.open(world.path());
  TokenClient root(*backend, {.token = world.root});
  int asked = 0;
  int answered = 0;
  const auto done = backend->submit(
      [&]() -> std::optional<Request> {
        if (asked++ == 5) return std::nullopt;
        if (asked == 4) return root.complete(root.accessor_request("lookup-accessor", broken.accessor));
        return root.complete(root.create_request({.policies = {"default"}}));
      },
      [&](std::size_t, const Result<Response>&) { return ++answered != 0; });
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().kind == ErrorKind::damaged);
  CHECK(asked == 4);
  CHECK(answered == 0);
  CHECK(store::test::count_tokens(world.path()) == 2);
}

TEST_CASE("a list arrives in pieces and can be stopped") {
  World world;
  const auto backend = world.open(world.path());
  TokenClient root(*backend, {.token = world.root});
  int asked = 0;
  REQUIRE(backend->submit(
      [&]() -> std::optional<Request> {
        if (asked++ == 5000) return std::nullopt;
        return root.complete(root.create_request({.policies = {"default"}}));
      },
      [](std::size_t, const Result<Response>&) { return true; }));
  struct Counter final : BodySink {
    bool begin(int status) override { return status == 200; }
    bool piece(std::string_view bytes) override {
      ++pieces;
      largest = std::max(largest, bytes.size());
      return pieces < stop_after;
    }
    int pieces = 0;
    int stop_after = 1000;
    std::size_t largest = 0;
  };
  Counter all;
  REQUIRE(backend->stream(root.complete({.method = Method::list, .path = "auth/token/accessors"}), all));
  CHECK(all.pieces >= 4);
  CHECK(all.largest < 64 * 1024);
  Counter two;
  two.stop_after = 2;
  REQUIRE(backend->stream(root.complete({.method = Method::list, .path = "auth/token/accessors"}), two));
  CHECK(two.pieces == 2);
}

TEST_CASE("a store says what it does not do") {
  World world;
  const auto backend = world.open(world.path());
  TokenClient root(*backend, {.token = world.root});
  root.options().namespace_path = "team-a";
  const auto answer = root.lookup_self();
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().status == 400);
}

TEST_CASE("a row that was moved or changed by hand does not open") {
  World world;
  {
    const auto backend = world.open(world.path());
    TokenClient root(*backend, {.token = world.root});
    for (int i = 0; i < 2; ++i) (void)made(root.create({.policies = {"default"}, .ttl = kHour}));
  }
  auto file = store::StoreFile::open(world.path(), {});
  REQUIRE(file.has_value());
  REQUIRE(file->database().exec("UPDATE tokens SET expire_at = expire_at + 1000000000 WHERE expire_at IS NOT NULL"));
  const auto backend = world.open(world.path());
  TokenClient root(*backend, {.token = world.root});
  const auto listed = root.list_accessors([](std::string_view) { return true; });
  REQUIRE_FALSE(listed.has_value());
  CHECK(listed.error().error.kind == ErrorKind::damaged);
}

TEST_CASE("000: Performance; 002: Performance: a batch token is made and used without a write or a word in the file") {
  World world;
  const auto backend = world.open(world.path());
  TokenClient root(*backend, {.token = world.root});
  const auto before = world.folder.contents();
  for (int i = 0; i < 50; ++i) {
    const Auth batch = made(root.create({.policies = {"default"}, .ttl = kHour, .type = "batch"}));
    CHECK(TokenClient(*backend, {.token = batch.client_token}).lookup_self().has_value());
  }
  const auto after = world.folder.contents();
  for (const char* name : {"store.db", "store.db-wal"}) {
    const auto was = before.find(name);
    const auto is = after.find(name);
    CHECK((was == before.end() ? "" : was->second) == (is == after.end() ? "" : is->second));
  }
  (void)made(root.create({.policies = {"default"}}));
  CHECK(world.folder.contents() != after);
}

TEST_CASE("verify finds what is wrong with a cubbyhole") {
  World world;
  {
    const auto backend = world.open(world.path());
    TokenClient root(*backend, {.token = world.root});
    CHECK(root.write("cubbyhole/a", {{"k", "v"}}).has_value());
  }
  auto file = store::test::open_store(world.path());
  CHECK(store::test::must(store::verify(file)).findings.empty());
  REQUIRE(file.database().exec("INSERT INTO cubbyhole SELECT 77, path_hash, sealed FROM cubbyhole"));
  CHECK(store::test::must(store::verify(file)).findings.size() == 2);
}
