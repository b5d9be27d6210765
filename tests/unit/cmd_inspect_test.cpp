// The inspect command through run(), over back ends that tests make.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <filesystem>
#include <sstream>
#include <string>

#include "cmd/app.hpp"
#include "cmd/inspection.hpp"
#include "cmd/target.hpp"
#include "core/json.hpp"
#include "token/base62.hpp"
#include "token/keys.hpp"

using namespace vtoken;

namespace {

// A store with one key, which answers every lookup alike.
class FakeStore : public Backend, public TokenKeys {
 public:
  FakeStore(int status, std::string body) : status_(status), body_(std::move(body)) {}
  Result<Response> handle(const Request& request) override {
    CHECK(request.path.starts_with("auth/token/lookup"));
    return Response{status_, SecretString(body_)};
  }
  [[nodiscard]] std::string address() const override { return "file:///fake"; }
  [[nodiscard]] bool verify(const SscToken& token) const override { return verify_ssc(token, Key{}); }
  [[nodiscard]] Result<BatchEntry> open(const BatchEnvelope& envelope) const override {
    return open_batch(envelope, AesGcm(Key{}));
  }
  [[nodiscard]] std::optional<SecretBytes> unseal(const BatchEnvelope& envelope) const override {
    return AesGcm(Key{}).open(as_text(envelope.sealed), "");
  }

 private:
  int status_;
  std::string body_;
};

struct Ran {
  int status;
  std::string out;
  std::string err;
};

struct World {
  std::string input;
  cmd::Environment environment{{"VTOKEN_STORE", "/fake"}, {"VAULT_TOKEN", "caller"}};
  std::function<Result<std::unique_ptr<Backend>>()> open = [] { return std::make_unique<FakeStore>(403, "{}"); };
  int opened = 0;

  Ran run(std::vector<std::string> words) {
    words.insert(words.begin(), {"vtoken", "inspect"});
    std::istringstream in(input);
    std::ostringstream out;
    std::ostringstream err;
    cmd::Streams streams{in, out, err};
    const ManualClock clock(1'700'000'000 * kSecond);
    const cmd::Services services{clock, [this](const cmd::Target&) {
                                   ++opened;
                                   return open();
                                 }};
    const int status = cmd::run(words, environment, streams, services);
    return {status, out.str(), err.str()};
  }
};

World answering(int status, std::string body) {
  World world;
  world.open = [status, body] { return std::make_unique<FakeStore>(status, body); };
  return world;
}

std::string some_ssc(std::uint64_t index = 5) {
  return std::string(encode_ssc("hvs.ABCDEFGHIJKLMNOPQRSTUVWX", index, 1, Key{}).view());
}

}  // namespace

TEST_CASE("a store's answer gives TTL and end") {
  World world = answering(200, R"({"data":{"ttl":3599,"expire_time":"2026-01-01T00:00:00Z"}})");
  const Ran ran = world.run({"-format=json", some_ssc()});
  CHECK(ran.status == 0);
  CHECK(ran.err.empty());
  const auto json = parse_json(ran.out);
  REQUIRE(json.has_value());
  CHECK(find_member(*json, "ttl")->get<int>() == 3599);
  CHECK(text_member(*json, "expire_time") == "2026-01-01T00:00:00Z");
  CHECK(text_member(*json, "hmac") == "valid");
  CHECK(find_member(*json, "wal_index")->get<int>() == 5);
  CHECK(find_member(*json, "index_epoch")->get<int>() == 1);
}

TEST_CASE("the largest WAL index is a number") {
  World world;
  CHECK(world.run({"-field=wal_index", some_ssc(18446744073709551615U)}).out == "18446744073709551615");
  const Ran json = world.run({"-format=json", some_ssc(18446744073709551615U)});
  CHECK(json.out.find("\"wal_index\": 18446744073709551615,") != std::string::npos);
}

TEST_CASE("what the store says instead of a TTL is passed on") {
  World stale = answering(412, R"({"errors":["required index state not present"]})");
  CHECK(stale.run({some_ssc()}).out.find("the store answers \"required index state not present\"") !=
        std::string::npos);
  for (const char* body : {"", "[]", "{", R"({"data":null})", R"({"data":{"ttl":"x"}})", R"({"data":{"ttl":1e300}})"}) {
    World odd = answering(200, body);
    const Ran ran = odd.run({"-format=json", some_ssc()});
    CHECK(ran.status == 0);
    CHECK(ran.out.find("\"ttl\": null") != std::string::npos);
  }
}

TEST_CASE("a batch token opens without a caller's token; its own end is then told") {
  BatchEntry entry;
  entry.policies = {"default"};
  entry.creation_time = 1'700'000'000;
  entry.ttl = 90 * kSecond;
  const std::string token(seal_batch(entry, 1, AesGcm(Key{})).view());
  World world;
  world.environment = {{"VTOKEN_STORE", "/fake"}};
  const auto json = parse_json(world.run({"-format=json", token}).out);
  REQUIRE(json.has_value());
  CHECK(find_member(*json, "ttl")->get<int>() == 90);
  CHECK(text_member(*json, "expire_time") == "2023-11-14T22:14:50Z");
  CHECK(find_member(*find_member(*json, "contents"), "parent")->is_null());

  entry.creation_time = std::numeric_limits<std::int64_t>::max();
  entry.ttl = std::numeric_limits<std::int64_t>::min();
  const std::string odd(seal_batch(entry, 1, AesGcm(Key{})).view());
  CHECK(world.run({odd}).status == 0);
  CHECK(world.run({"-format=json", odd}).status == 0);
}

TEST_CASE("the store is opened once for many tokens, and not at all for damaged ones") {
  World world;
  world.input = some_ssc() + "\n" + some_ssc(6) + "\r\n\n  \n" + some_ssc(7);
  const Ran ran = world.run({"-", "-field=wal_index"});
  CHECK(ran.out == "5\n6\n7");
  CHECK(world.opened == 1);
  World damaged;
  CHECK(damaged.run({some_ssc().substr(0, 50)}).status == 2);
  CHECK(damaged.opened == 0);
}

TEST_CASE("a store that cannot be opened does not keep a token from being shown") {
  World world;
  world.open = []() -> Result<std::unique_ptr<Backend>> { return fail(ErrorKind::wrong_key, "the key is wrong"); };
  const Ran named = world.run({"-field=wal_index", some_ssc()});
  CHECK(named.status == 2);
  CHECK(named.out == "5");
  CHECK(named.err == "the key is wrong\n");

  const std::string home = std::filesystem::temp_directory_path() / "vtoken-inspect-test";
  std::filesystem::create_directories(home + "/.local/share/vtoken/store.db");
  world.environment = {{"HOME", home}};
  const Ran unnamed = world.run({"-field=wal_index", some_ssc()});
  CHECK(unnamed.status == 0);
  CHECK(unnamed.err == "The default store is left out: the key is wrong\n");
  std::filesystem::remove_all(home);
}

TEST_CASE("offline nothing is opened, whatever the settings of servers are") {
  for (const cmd::Environment& environment :
       std::vector<cmd::Environment>{{},
                                     {{"HOME", "/nonexistent"}},
                                     {{"VAULT_TOKEN", "x"}},
                                     {{"VAULT_ADDR", "https://127.0.0.1:1"}},
                                     {{"VAULT_ADDR", "https://a"}, {"BAO_ADDR", "https://b"}}}) {
    World world;
    world.environment = environment;
    const Ran ran = world.run({some_ssc()});
    CHECK(ran.status == 0);
    CHECK(ran.err.empty());
    CHECK(world.opened == 0);
    for (const char* line : {"\nPrefix ", "\nWAL index ", "\nTTL "}) CHECK(ran.out.find(line) != std::string::npos);
  }
}

TEST_CASE("prefix, WAL index and TTL have their line for every kind of text") {
  const std::string id = "ABCDEFGHIJKLMNOPQRSTUVWX";
  for (const std::string& text : {some_ssc(), "hvs." + id, "s." + id, "hvr." + id, id, std::string("x"),
                                  std::string("hvb.x"), std::string("7d2e3179-f69b-450c-7179-ac8ee8bd8ca9")}) {
    World world;
    world.environment = {};
    const Ran table = world.run({text});
    for (const char* line : {"\nPrefix ", "\nWAL index ", "\nTTL "}) CHECK(table.out.find(line) != std::string::npos);
    const auto json = parse_json(world.run({"-format=json", text}).out);
    REQUIRE(json.has_value());
    for (const char* name : {"prefix", "wal_index", "ttl", "expire_time", "type", "format", "length", "index_epoch",
                             "hmac", "key_term", "version", "cipher_version"}) {
      CHECK(find_member(*json, name) != nullptr);
    }
  }
}

TEST_CASE("nothing that could be used is shown without -reveal") {
  CHECK(rc::check([] {
    const std::string id(random_base62(kTokenIdLength).view());
    BatchEntry entry;
    entry.parent = SecretString("hvs." + id);
    const std::string noise = *rc::gen::string<std::string>();
    const std::string ssc(encode_ssc("hvs." + id, 1, 0, Key{}).view());
    const std::string batch(seal_batch(entry, 1, AesGcm(Key{})).view());
    for (const std::string& text :
         {ssc, batch, "hvs." + id, id, id + noise, ssc + noise, ssc.substr(0, 60), "s." + id}) {
      for (const char* format : {"-format=table", "-format=json", "-format=yaml"}) {
        World world;
        const Ran ran = world.run({format, "--", text});
        RC_ASSERT(ran.out.find(id) == std::string::npos);
        RC_ASSERT(ran.out.find(text.substr(0, 12)) == std::string::npos);
        RC_ASSERT(ran.err.find(id) == std::string::npos);
      }
    }
  }));
}

TEST_CASE("tables hold no control characters, even revealed") {
  CHECK(rc::check([](const std::string& noise) {
    World world;
    world.environment = {};
    for (const char c : world.run({"-reveal", "--", "x" + noise}).out) {
      RC_ASSERT((c == '\n' || static_cast<unsigned char>(c) >= 0x20) && c != 0x7f);
    }
  }));
}

TEST_CASE("ten megabytes in a line") {
  World world;
  world.environment = {};
  world.input = "hvs." + std::string(10'000'000, 'A') + "\nhvs.ABCDEFGHIJKLMNOPQRSTUVWX\n";
  const Ran ran = world.run({"-field=format", "-"});
  CHECK(ran.status == 2);
  CHECK(ran.out == "ssc\ninner");
  world.input = "x\n" + std::string(17'000'000, 'A');
  const Ran endless = world.run({"-field=format", "-"});
  CHECK(endless.status == 2);
  CHECK(endless.out == "unknown");
  CHECK(endless.err == "standard input: a line of more than 16 MiB\n");
}
