// inspect -lookup, -verify and -explain through run(), over back ends that note what they are asked.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "cmd/app.hpp"
#include "cmd/inspection_explain.hpp"
#include "cmd/target.hpp"
#include "core/json.hpp"
#include "token/base62.hpp"
#include "token/base64url.hpp"
#include "token/mint.hpp"

using namespace vtoken;

namespace {

constexpr const char* kDenied = R"({"errors":["1 error occurred:\n\t* permission denied\n\n"]})";
constexpr const char* kNoWrapping = R"({"errors":["wrapping token is not valid or does not exist"]})";

struct Reply {
  int status = 404;
  std::string body = "{}";
};

struct Asked {
  std::string path;
  std::string body;
  std::string token;
};

class FakeServer : public Backend {
 public:
  FakeServer(const std::map<std::string, Reply>& replies, std::vector<Asked>& asked)
      : replies_(replies), asked_(asked) {}
  Result<Response> handle(const Request& request) override {
    asked_.push_back({request.path, std::string(request.body.view()), std::string(request.token.view())});
    const auto found = replies_.find(request.path);
    if (found == replies_.end()) return fail(ErrorKind::unreachable, "connection refused");
    return Response{found->second.status, SecretString(found->second.body)};
  }
  [[nodiscard]] std::string address() const override { return "http://fake"; }

 private:
  const std::map<std::string, Reply>& replies_;
  std::vector<Asked>& asked_;
};

struct World {
  std::map<std::string, Reply> replies;
  std::vector<Asked> asked;
  cmd::Environment environment{{"VAULT_ADDR", "http://fake"}, {"VAULT_TOKEN", "caller"}, {"VAULT_MAX_RETRIES", "0"}};
  std::string out;
  std::string err;

  int run(std::vector<std::string> words) {
    words.insert(words.begin(), {"vtoken", "inspect"});
    std::istringstream in;
    std::ostringstream to_out;
    std::ostringstream to_err;
    cmd::Streams streams{in, to_out, to_err};
    const ManualClock clock(1'700'000'000 * kSecond);
    const cmd::Services services{clock,
                                 [this](const cmd::Target&) -> Result<std::unique_ptr<Backend>> {
                                   return std::make_unique<FakeServer>(replies, asked);
                                 },
                                 {}};
    const int status = cmd::run(words, environment, streams, services);
    out = to_out.str();
    err = to_err.str();
    return status;
  }
  [[nodiscard]] Json json() const {
    auto parsed = parse_json(out);
    REQUIRE(parsed.has_value());
    return *parsed;
  }
};

std::string minted(TokenFormat format) {
  MintSettings settings;
  settings.format = format;
  const Key key{};
  auto token = mint_token(settings, key);
  REQUIRE(token.has_value());
  return std::string(token->view());
}

std::string jwt_with(std::string_view claims) {
  SecretString text;
  const std::string header = R"({"alg":"ES512","typ":"JWT"})";
  for (const std::string_view part : {std::string_view(header), claims, std::string_view("signature")}) {
    if (!text.empty()) text += '.';
    append_base64url({reinterpret_cast<const unsigned char*>(part.data()), part.size()}, text);
  }
  return std::string(text.view());
}

}  // namespace

TEST_CASE("a wrapping token never asks about itself") {
  for (const bool is_caller : {false, true}) {
    World world;
    const std::string token = minted(TokenFormat::ssc);
    if (is_caller) world.environment["VAULT_TOKEN"] = token;
    if (!is_caller) world.environment.erase("VAULT_TOKEN");
    world.replies["sys/wrapping/lookup"] = {
        200, R"({"data":{"creation_path":"a/b","creation_time":"2023-11-14T22:13:00Z","creation_ttl":60}})"};
    CHECK(world.run({"-lookup", "-format=json", token}) == 0);
    REQUIRE(world.asked.size() == 1);
    CHECK(world.asked[0].path == "sys/wrapping/lookup");
    CHECK(world.asked[0].token.empty());
    CHECK(world.json()["ttl"].get<int>() == 40);
    CHECK(text_member(world.json()["wrapping"], "creation_path") == "a/b");
  }
}

TEST_CASE("when nobody says whether a token wraps something, it does not ask about itself") {
  World world;
  world.environment.erase("VAULT_TOKEN");
  CHECK(world.run({"-lookup", minted(TokenFormat::ssc)}) == 2);
  CHECK(world.asked.size() == 1);
  CHECK(world.out.find("the server did not answer") != std::string::npos);
}

TEST_CASE("a failure that does not say no leaves that open, too") {
  for (const int code : {412, 429, 500, 503}) {
    World world;
    world.environment.erase("VAULT_TOKEN");
    world.replies["sys/wrapping/lookup"] = {code, R"({"errors":["later"]})"};
    world.replies["auth/token/lookup-self"] = {200, R"({"data":{"ttl":60}})"};
    CHECK(world.run({"-lookup", minted(TokenFormat::legacy)}) == 2);
    CHECK(world.asked.size() == 1);
  }
}

TEST_CASE("without a caller's token other tokens ask about themselves, which is said") {
  for (const TokenFormat format : {TokenFormat::ssc, TokenFormat::legacy, TokenFormat::batch}) {
    World world;
    world.environment.erase("VAULT_TOKEN");
    world.replies["sys/wrapping/lookup"] = {400, kNoWrapping};
    const std::string token = minted(format);
    world.replies["auth/token/lookup-self"] = {
        200, R"({"data":{"id":")" + token + R"(","ttl":60,"expire_time":"2023-11-14T22:14:20Z"}})"};
    CHECK(world.run({"-lookup", "-format=json", token}) == 0);
    CHECK(world.asked.back().path == "auth/token/lookup-self");
    CHECK(world.asked.back().token == token);
    CHECK(world.asked.size() == (format == TokenFormat::batch ? 1 : 2));
    CHECK(world.err.find("counts as a use") != std::string::npos);
    CHECK(world.err.find(token) == std::string::npos);
  }
}

TEST_CASE("a token with the shape of an accessor is looked up as both") {
  World world;
  const std::string text(random_base62(24).view());
  world.replies["auth/token/lookup-accessor"] = {403, R"({"errors":["invalid accessor"]})"};
  world.replies["auth/token/lookup"] = {
      200, R"({"data":{"id":")" + text + R"(","ttl":0,"expire_time":null,"type":"service"}})"};
  CHECK(world.run({"-lookup", "-format=json", text}) == 0);
  CHECK(world.asked.size() == 2);
  CHECK(world.json()["ttl"].get<int>() == 0);
}

TEST_CASE("odd answers end in a word, not in a crash") {
  const std::string token = minted(TokenFormat::ssc);
  for (
      const char* body :
      {"", "[]", "{", "null", R"({"data":null})", R"({"data":[]})", R"({"data":{"ttl":"x","policies":7,"meta":[1]}})",
       R"({"data":{"ttl":1e300,"num_uses":{},"creation_time":-9223372036854775808,"creation_ttl":9223372036854775807}})",
       R"({"data":{"policies":["response-wrapping"]}})", R"({"data":{"meta":{"a":{"b":[1,null]}},"orphan":"no"}})"}) {
    for (const int code : {200, 403, 500}) {
      World world;
      world.replies["auth/token/lookup"] = {code, body};
      world.replies["auth/token/lookup-self"] = {code, body};
      world.replies["sys/wrapping/lookup"] = {code, body};
      for (const char* format : {"-format=table", "-format=json", "-format=yaml"}) {
        const int status = world.run({"-lookup", "-verify", "-explain", format, token});
        CHECK(status == 2);
        CHECK(world.out.find(token) == std::string::npos);
      }
    }
  }
}

TEST_CASE("an answer about another token is none") {
  World world;
  const std::string token = minted(TokenFormat::ssc);
  const std::string accessor(random_base62(24).view());
  for (const char* data : {R"({"id":"hvs.other","accessor":"other","ttl":60})", R"({"ttl":60})", "{}"}) {
    world.replies["auth/token/lookup"] =
        world.replies["auth/token/lookup-accessor"] = {200, R"({"data":)" + std::string(data) + "}"};
    for (const std::string& text : {token, accessor}) {
      CHECK(world.run({"-lookup", "-format=json", text}) == 2);
      CHECK(world.json()["lookup"].is_null());
      CHECK(world.json()["verified"].is_null());
      CHECK(world.json()["ttl"].is_null());
      CHECK(world.err.find("about something else") != std::string::npos);
    }
  }
}

TEST_CASE("a JWT is genuine when its server knows it whole, not when it knows the id in it") {
  World world;
  const std::string token = jwt_with(R"({"type":"wrapping","jti":"hvs.x","exp":1700000090})");
  world.replies["auth/token/lookup"] = {200, R"({"data":{"id":"hvs.x","policies":["response-wrapping"],"ttl":60}})"};
  world.replies["sys/wrapping/lookup"] = {400, kNoWrapping};
  CHECK(world.run({"-lookup", "-verify", "-format=json", token}) == 2);
  CHECK(world.json()["verified"].is_null());
  CHECK(world.json()["lookup"].is_object());
  world.replies["sys/wrapping/lookup"] = {200, R"({"data":{"creation_path":"a/b","creation_ttl":60}})"};
  CHECK(world.run({"-lookup", "-verify", "-format=json", token}) == 0);
  CHECK(text_member(world.json(), "verified_by") == "server");
}

TEST_CASE("what a server says cannot steer the terminal, and its token is masked") {
  World world;
  const std::string token = minted(TokenFormat::ssc);
  world.replies["auth/token/lookup"] = {
      200,
      R"({"data":{"id":")" + token + R"(","path":"\u001b[31m","policies":["a\u0007"],"meta":{"\u001b":"\u001b"}}})"};
  CHECK(world.run({"-lookup", token}) == 0);
  CHECK(world.out.find('\x1b') == std::string::npos);
  CHECK(world.out.find('\a') == std::string::npos);
  CHECK(world.run({"-lookup", "-format=json", token}) == 0);
  CHECK(world.out.find(token) == std::string::npos);
  world.replies["auth/token/lookup"] = {403, R"({"errors":["\u001b[31m )" + token + R"("]})"};
  CHECK(world.run({"-lookup", token}) == 2);
  CHECK(world.out.find('\x1b') == std::string::npos);
  CHECK(world.out.find(token) == std::string::npos);
  CHECK(world.err.find(token) == std::string::npos);
}

TEST_CASE("who may not look up still hears what a token wraps") {
  World world;
  world.replies["auth/token/lookup"] = {403, kDenied};
  world.replies["sys/wrapping/lookup"] = {200, R"({"data":{"creation_path":"a/b","creation_ttl":60}})"};
  CHECK(world.run({"-q", "-lookup", "-format=json", minted(TokenFormat::ssc)}) == 2);
  CHECK(text_member(world.json()["wrapping"], "creation_path") == "a/b");
  CHECK(text_member(world.json(), "lookup_problem") == "permission denied");
}

TEST_CASE("JSON web tokens: claims of a wrapping token, with the id masked; others are told apart") {
  World world;
  const std::string id = "hvs." + std::string(random_base62(24).view());
  const std::string token =
      jwt_with(R"({"type":"wrapping","jti":")" + id + R"(","addr":"http://a","exp":1700000090,"accessor":"x"})");
  CHECK(world.run({"-explain", "-format=json", token}) == 0);
  CHECK(world.asked.empty());
  CHECK(world.out.find(id) == std::string::npos);
  CHECK(world.json()["ttl"].get<int>() == 90);
  CHECK(text_member(world.json()["jwt"]["claims"], "addr") == "http://a");
  CHECK(world.run({"-field=ttl", jwt_with(R"({"type":"wrapping","jti":"x","exp":1600000000})")}) == 0);
  CHECK(world.out == "0");
  CHECK(world.run({"-reveal", token}) == 0);
  CHECK(world.out.find(id) != std::string::npos);
  for (const char* claims : {"{}", "[]", "7", "{", R"({"type":"wrapping"})", R"({"type":7,"jti":7,"exp":"soon"})",
                             R"({"type":"wrapping","jti":{},"exp":9223372036854775807})", R"({"exp":-1,"iat":1e9})"}) {
    const int status = world.run({"-format=json", jwt_with(claims)});
    CHECK((status == 0 || status == 2));
    CHECK_FALSE(flag_member(world.json()["jwt"], "wrapping"));
    CHECK(world.run({"-lookup", jwt_with(claims)}) == 2);
    CHECK(world.asked.empty());
  }
}

TEST_CASE("explanations fit a terminal and hide what could be used, whatever the text") {
  CHECK(rc::check([] {
    const std::string id(random_base62(24).view());
    MintSettings settings;
    settings.format = *rc::gen::element(TokenFormat::ssc, TokenFormat::inner, TokenFormat::batch, TokenFormat::recovery,
                                        TokenFormat::accessor, TokenFormat::legacy);
    settings.random = id;
    settings.entry.display_name = *rc::gen::string<std::string>();
    const Key key{};
    auto token = mint_token(settings, key);
    RC_ASSERT(token.has_value());
    std::string text(token->view());
    const auto cut = *rc::gen::inRange<std::size_t>(1, text.size() + 1);
    if (*rc::gen::arbitrary<bool>()) text = text.substr(0, cut) + *rc::gen::string<std::string>();
    cmd::Inspection inspection = cmd::inspect_offline(text, 0);
    const SecretString hidden = cmd::explain_text(inspection, false);
    RC_ASSERT(hidden.find(id) == SecretString::npos);
    for (const bool reveal : {false, true}) {
      const SecretString shown = cmd::explain_text(inspection, reveal);
      std::size_t columns = 0;
      for (const char c : shown) {
        columns = c == '\n' ? 0 : columns + 1;
        RC_ASSERT(columns <= 80);
        RC_ASSERT(c == '\n' || (c >= ' ' && c != 0x7f));
      }
      // Revealed, every byte of the text is there.
      const Json layers = cmd::explain_json(inspection, reveal)["layers"];
      for (const Json& layer : layers) {
        std::uint64_t at = 0;
        for (const Json& part : layer["parts"]) {
          RC_ASSERT(part["at"].get<std::uint64_t>() == at);
          at += part["size"].get<std::uint64_t>();
          RC_ASSERT(part["hex"].get_ref<const SecretString&>().size() == 2 * part["size"].get<std::size_t>());
        }
        RC_ASSERT(at == layer["size"].get<std::uint64_t>());
      }
    }
  }));
}
