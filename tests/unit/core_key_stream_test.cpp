#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/answer.hpp"
#include "core/json.hpp"
#include "core/key_stream.hpp"

namespace vtoken {
namespace {

struct Outcome {
  std::vector<std::string> keys;
  Result<Response> rest = Response{};
  bool stopped = false;
};

// Feeds a body in pieces of `size` bytes.
Outcome stream(const std::string& body, std::size_t size, int status = 200, std::size_t most = 1'000'000) {
  Outcome outcome;
  const std::function<bool(std::string_view)> take = [&](std::string_view key) {
    outcome.keys.emplace_back(key);
    return outcome.keys.size() < most;
  };
  KeyStream keys(take);
  REQUIRE(keys.begin(status));
  for (std::size_t at = 0; at < body.size(); at += size) {
    if (!keys.piece(std::string_view(body).substr(at, size))) break;
  }
  outcome.rest = keys.rest();
  outcome.stopped = keys.stopped();
  return outcome;
}

using Keys = std::vector<std::string>;

TEST_CASE("keys are taken out wherever the pieces end") {
  const std::string body =
      R"({"request_id":"r \"keys\":[\"no\"]","keys":["no"],"data":{"key_info":{"data":{"keys":["no"]},"a":{"x":1}},)"
      R"( "keys" : [ "a","b\u00e9\"]\\", "c" ] ,"more":[{"keys":["no"]}]},"warnings":["w, \"data\":{"]})";
  for (std::size_t size = 1; size < body.size() + 1; ++size) {
    CAPTURE(size);
    const Outcome outcome = stream(body, size);
    CHECK(outcome.keys == Keys{"a", "b\xc3\xa9\"]\\", "c"});
    REQUIRE(outcome.rest);
    const auto answer = read_answer(*outcome.rest);
    REQUIRE(answer);
    CHECK(answer->request_id == "r \"keys\":[\"no\"]");
    CHECK(answer->data->at("keys") == Json::array());
    CHECK(answer->data->at("more").at(0).at("keys") == Json({"no"}));
    CHECK(answer->warnings == Keys{"w, \"data\":{"});
  }
}

TEST_CASE("what is kept has the answer's headers") {
  const std::function<bool(std::string_view)> take = [](std::string_view) { return true; };
  KeyStream keys(take);
  keys.headers({{"X-Vault-Index", "i"}});
  REQUIRE(keys.begin(200));
  CHECK(keys.rest()->headers.at(0).value == "i");
}

TEST_CASE("brackets inside strings do not count") {
  const Outcome outcome = stream(R"({"lease_id":"q\"[{","data":{"x":"\\","keys":["a"]}})", 3);
  CHECK(outcome.keys == Keys{"a"});
  REQUIRE(outcome.rest);
  CHECK(read_answer(*outcome.rest)->lease_id == "q\"[{");
}

TEST_CASE("an empty list, no list and no body") {
  CHECK(stream(R"({"data":{"keys":[]}})", 3).keys.empty());
  CHECK(read_answer(*stream(R"({"data":{"keys":null}})", 3).rest)->data->at("keys").is_null());
  CHECK(stream(R"({"data":["keys",["a"]]})", 3).keys.empty());
  CHECK(stream(R"([{"data":{"keys":["a"]}}])", 3).keys.empty());
  CHECK_FALSE(read_answer(*stream("", 1).rest)->has_body);
}

TEST_CASE("the transfer ends when the taker has enough") {
  const Outcome outcome = stream(R"({"data":{"keys":["a","b","c"]}})", 4, 200, 2);
  CHECK(outcome.keys == Keys{"a", "b"});
  CHECK(outcome.stopped);
}

TEST_CASE("keys that are no list of strings are damaged") {
  for (const char* list : {"[1]", "[null]", "[[\"a\"]]", "[\"a\" \"b\"]", "[,]", "[\"a\",]", "[\"a\",,\"b\"]", "[{}]",
                           "[\"a\\x\"]", "[\"\\ud800\"]", "[true]", "[}"}) {
    CAPTURE(list);
    const Outcome outcome = stream(std::string("{\"data\":{\"keys\":") + list + "}}", 5);
    REQUIRE_FALSE(outcome.rest);
    CHECK(outcome.rest.error().kind == ErrorKind::damaged);
  }
}

TEST_CASE("a body that is cut off is damaged") {
  const std::string body = R"({"data":{"keys":["a","b"]},"warnings":null})";
  for (std::size_t length = 1; length < body.size(); ++length) {
    CAPTURE(length);
    const Outcome outcome = stream(body.substr(0, length), 7);
    CHECK_FALSE((outcome.rest && read_answer(*outcome.rest)));
  }
}

TEST_CASE("errors are kept whole") {
  const std::string body = R"({"errors":["x"],"data":{"keys":["a"]}})";
  const Outcome outcome = stream(body, 5, 403);
  CHECK(outcome.keys.empty());
  REQUIRE(outcome.rest);
  CHECK(outcome.rest->status == 403);
  CHECK(outcome.rest->body.view() == body);
}

TEST_CASE("what is too long, or nested too deep, ends the transfer") {
  CHECK_FALSE(stream("{\"x\":\"" + std::string(2 << 20, 'x'), 65'536).rest);
  CHECK_FALSE(stream(std::string(2 << 20, 'x'), 65'536, 500).rest);
  CHECK_FALSE(stream(std::string(1000, '['), 10).rest);
  CHECK_FALSE(stream("{\"data\":{\"keys\":[\"" + std::string(70'000, 'x') + "\"]}}", 1000).rest);
  CHECK(stream(std::string(100, ']') + "}}}{\"data\":{\"keys\":[", 10).rest);
}

}  // namespace
}  // namespace vtoken
