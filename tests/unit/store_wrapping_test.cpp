// Wrapped answers in the file: sealed, gone with their token, and read by one connection only.
#include <array>

#include "core/json.hpp"
#include "core/token_client.hpp"
#include "store_fixture.hpp"

namespace vtoken::store::test {
namespace {

class Wrapper {
 public:
  Wrapper() {
    InitOptions options;
    options.path = folder_ / "store.db";
    root_ = must(init(options, clock_)).root_token;
  }

  [[nodiscard]] std::unique_ptr<Engine> connect() const { return std::make_unique<Engine>(open_store(path()), clock_); }
  [[nodiscard]] std::string path() const { return folder_ / "store.db"; }
  [[nodiscard]] const Folder& folder() const { return folder_; }
  [[nodiscard]] const SecretString& root() const { return root_; }
  [[nodiscard]] ManualClock& clock() { return clock_; }
  [[nodiscard]] const ManualClock& clock() const { return clock_; }

  [[nodiscard]] Response ask(Engine& engine, Method method, const std::string& path, const std::string& body = {},
                             const std::string& as = {}, const std::string& wrap = {}) const {
    Request request{.method = method, .path = path, .body = SecretString(body)};
    request.token = as.empty() ? root_ : SecretString(as);
    request.wrap_ttl = wrap;
    return must(engine.handle(request));
  }

  [[nodiscard]] std::string wrapped(Engine& engine, const std::string& body, const std::string& ttl = "60") const {
    const Response response = ask(engine, Method::post, "sys/wrapping/wrap", body, {}, ttl);
    REQUIRE(response.status == 200);
    return Json::parse(response.body.view())["wrap_info"]["token"].get<std::string>();
  }

  [[nodiscard]] Response unwrap(Engine& engine, const std::string& token) const {
    return ask(engine, Method::post, "sys/wrapping/unwrap", R"({"token":")" + token + "\"}");
  }

 private:
  Folder folder_;
  ManualClock clock_{kStart};
  SecretString root_;
};

std::int64_t cubbyhole_rows(const std::string& path) {
  auto file = open_store(path);
  auto statement = must(file.database().prepare("SELECT count(*) FROM cubbyhole"));
  REQUIRE(must(statement->step()));
  return statement->integer(0);
}

TEST_CASE("nothing of what is wrapped, nor who made it, lies open in the file") {
  const Wrapper wrapper;
  auto engine = wrapper.connect();
  const std::string token = wrapper.wrapped(*engine, R"({"password":"correct-horse-battery"})");
  const Response made =
      wrapper.ask(*engine, Method::post, "auth/token/create", R"({"policies":["default"]})", {}, "60");
  const Json info = Json::parse(made.body.view())["wrap_info"];
  const Response inner = wrapper.unwrap(*engine, info["token"].get<std::string>());
  const std::string behind = Json::parse(inner.body.view())["auth"]["client_token"].get<std::string>();
  for (const auto& file : wrapper.folder().contents()) {
    INFO(file.first);
    for (const std::string& secret :
         {std::string("correct-horse"), std::string("password"), token, token.substr(10, 20), behind,
          behind.substr(10, 20), info["accessor"].get<std::string>(), info["wrapped_accessor"].get<std::string>(),
          std::string("sys/wrapping/wrap"), std::string("response-wrapping")}) {
      CHECK(file.second.find(secret) == std::string::npos);
    }
  }
}

TEST_CASE("what was unwrapped is gone from the file's tables, and so is what nobody fetched") {
  Wrapper wrapper;
  {
    auto engine = wrapper.connect();
    const std::string read = wrapper.wrapped(*engine, R"({"a":1})");
    const std::string left = wrapper.wrapped(*engine, R"({"a":2})", "5");
    const std::string own = wrapper.wrapped(*engine, R"({"a":3})");
    CHECK(cubbyhole_rows(wrapper.path()) == 6);
    CHECK(wrapper.unwrap(*engine, read).status == 200);
    CHECK(cubbyhole_rows(wrapper.path()) == 4);
    CHECK(wrapper.ask(*engine, Method::post, "sys/wrapping/unwrap", {}, own).status == 200);
    CHECK(cubbyhole_rows(wrapper.path()) == 2);
    wrapper.clock().advance(6 * kSecond);
    CHECK(wrapper.unwrap(*engine, left).status == 400);
    CHECK(wrapper.ask(*engine, Method::post, "auth/token/tidy").status == 202);
    CHECK(cubbyhole_rows(wrapper.path()) == 0);
  }
  CHECK(count_tokens(wrapper.path()) == 1);
  check_sound(wrapper.path());
}

TEST_CASE("two connections: whoever comes second finds the token used") {
  const Wrapper wrapper;
  auto first = wrapper.connect();
  auto second = wrapper.connect();
  for (const bool own : {false, true}) {
    const std::string token = wrapper.wrapped(*first, R"({"a":1})");
    // Both have seen it.
    for (Engine* engine : {first.get(), second.get()}) {
      CHECK(wrapper.ask(*engine, Method::post, "sys/wrapping/lookup", R"({"token":")" + token + "\"}").status == 200);
    }
    if (own) {
      CHECK(wrapper.ask(*first, Method::post, "sys/wrapping/unwrap", {}, token).status == 200);
    } else {
      CHECK(wrapper.unwrap(*first, token).status == 200);
    }
    CHECK(wrapper.unwrap(*second, token).status == 400);
    CHECK(wrapper.ask(*second, Method::post, "sys/wrapping/unwrap", {}, token).status == 400);
  }
}

TEST_CASE("one commit holds several unwraps of one token: the first gets the answer") {
  const Wrapper wrapper;
  auto engine = wrapper.connect();
  const std::string token = wrapper.wrapped(*engine, R"({"a":1})");
  int asked = 0;
  std::vector<int> statuses;
  must(engine->submit(
      [&]() -> std::optional<Request> {
        if (++asked > 3) return std::nullopt;
        Request request{.method = Method::post, .path = "sys/wrapping/unwrap"};
        request.body = SecretString(R"({"token":")" + token + "\"}");
        request.token = wrapper.root();
        return request;
      },
      [&](std::size_t, Result<Response> response) {
        statuses.push_back(must(std::move(response)).status);
        return true;
      }));
  CHECK(statuses == std::vector<int>{200, 400, 400});
}

TEST_CASE("a store copied before the wrapping does not have the token") {
  const Wrapper wrapper;
  auto engine = wrapper.connect();
  {
    auto file = open_store(wrapper.path());
    must(backup(file, wrapper.folder() / "copy.db"));
  }
  (void)wrapper.wrapped(*engine, R"({"a":0})");
  const std::string token = wrapper.wrapped(*engine, R"({"a":1})");
  Engine copy(must(StoreFile::open(wrapper.folder() / "copy.db", {}, wrapper.path())), wrapper.clock());
  CHECK(wrapper.unwrap(copy, token).status == 412);
}

TEST_CASE("a wrapped renewal is seen by the next request of the same connection") {
  Wrapper wrapper;
  auto engine = wrapper.connect();
  const Response made =
      wrapper.ask(*engine, Method::post, "auth/token/create", R"({"policies":["default"],"ttl":"1h"})");
  const std::string token = Json::parse(made.body.view())["auth"]["client_token"].get<std::string>();
  const auto left = [&] {
    const Response looked = wrapper.ask(*engine, Method::get, "auth/token/lookup-self", {}, token);
    return Json::parse(looked.body.view())["data"]["ttl"].get<int>();
  };
  CHECK(left() == 3600);
  wrapper.clock().advance(3000 * kSecond);
  CHECK(left() == 600);
  CHECK(wrapper.ask(*engine, Method::post, "auth/token/renew-self", "{}", token, "60").status == 200);
  CHECK(left() == 3600);
}

TEST_CASE("a wrapping as long as a number can say ends some day, not at once") {
  const Wrapper wrapper;
  auto engine = wrapper.connect();
  const std::string token = wrapper.wrapped(*engine, R"({"a":1})", "9223372036");
  CHECK(wrapper.ask(*engine, Method::post, "auth/token/lookup", R"({"token":")" + token + "\"}").status == 200);
  CHECK(wrapper.unwrap(*engine, token).status == 200);
}

TEST_CASE("an answer of a megabyte is wrapped and comes back as it was") {
  const Wrapper wrapper;
  auto engine = wrapper.connect();
  const std::string big(1 << 20, 'x');
  const std::string token = wrapper.wrapped(*engine, R"({"a":")" + big + "\"}");
  const Response answer = wrapper.unwrap(*engine, token);
  CHECK(answer.status == 200);
  CHECK(Json::parse(answer.body.view())["data"]["a"].get<std::string>() == big);
}

}  // namespace
}  // namespace vtoken::store::test
