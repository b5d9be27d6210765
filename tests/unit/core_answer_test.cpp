// Answers of servers, good and bad: what is read, and that nothing odd gets through.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/answer.hpp"
#include "core/json.hpp"

namespace vtoken {
namespace {

Response response(int status, std::string_view body) { return {status, SecretString(body), {}}; }

const char* const kWhole = R"({"request_id":"r","lease_id":"l","renewable":true,"lease_duration":60,"data":{"a":1},
  "wrap_info":{"token":"hvs.w","accessor":"wa","ttl":60,"creation_time":"2026-11-22T03:20:41Z","creation_path":"p",
               "wrapped_accessor":"x"},
  "warnings":["w1","w2"],
  "auth":{"client_token":"hvs.t","accessor":"a","policies":["p"],"token_policies":["q"],"identity_policies":[],
          "metadata":{"k":"v"},"orphan":true,"entity_id":"e","lease_duration":3600,"renewable":true,
          "token_type":"service","num_uses":3,"mfa_requirement":{"mfa_request_id":"m"}}})";

TEST_CASE("a redirect is no answer") {
  for (const int status : {300, 301, 304, 307, 399}) {
    const auto answer = read_answer(Response{status, R"({"data":{"a":1}})", {}});
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ErrorKind::server);
    CHECK(answer.error().message.find(std::to_string(status)) != std::string::npos);
  }
}

TEST_CASE("a whole answer is read") {
  const auto answer = read_answer(response(200, kWhole));
  REQUIRE(answer);
  CHECK(answer->has_body);
  CHECK(answer->request_id == "r");
  CHECK(answer->lease_id == "l");
  CHECK(answer->renewable);
  CHECK(answer->lease_duration == 60);
  CHECK(*answer->data == Json({{"a", 1}}));
  CHECK(answer->warnings == std::vector<std::string>{"w1", "w2"});
  REQUIRE(answer->auth);
  CHECK(answer->auth->client_token == "hvs.t");
  CHECK(answer->auth->policies == std::vector<std::string>{"p"});
  CHECK(answer->auth->token_policies == std::vector<std::string>{"q"});
  CHECK(answer->auth->identity_policies == std::vector<std::string>{});
  CHECK(answer->auth->metadata->at("k") == "v");
  CHECK(answer->auth->orphan);
  CHECK(answer->auth->num_uses == 3);
  CHECK(answer->auth->token_type == "service");
  CHECK(answer->auth->mfa_requirement != nullptr);
  REQUIRE(answer->wrap_info);
  CHECK(answer->wrap_info->token == "hvs.w");
  CHECK(answer->wrap_info->ttl == 60);
  CHECK(answer->wrap_info->wrapped_accessor == "x");
}

TEST_CASE("null and absent members are empty") {
  const auto answer =
      read_answer(response(200, R"({"request_id":"r","data":null,"warnings":null,"auth":{"policies":null}})"));
  REQUIRE(answer);
  CHECK(answer->data == nullptr);
  CHECK_FALSE(answer->warnings);
  CHECK_FALSE(answer->wrap_info);
  REQUIRE(answer->auth);
  CHECK_FALSE(answer->auth->policies);
  CHECK(answer->auth->lease_duration == 0);
}

TEST_CASE("no body is an empty answer") {
  const auto answer = read_answer(response(204, ""));
  REQUIRE(answer);
  CHECK(answer->status == 204);
  CHECK_FALSE(answer->has_body);
  CHECK_FALSE(read_answer(response(204, " \n")));
}

TEST_CASE("a body without the envelope is the data") {
  const auto health = read_answer(response(200, R"({"initialized":true,"sealed":false})"));
  REQUIRE(health);
  REQUIRE(health->data != nullptr);
  CHECK(health->data->at("initialized") == Json(true));
  CHECK(read_answer(response(200, "{}"))->data == nullptr);
  CHECK_FALSE(read_answer(response(200, R"({"errors":[]})"))->has_body);
}

TEST_CASE("a member of a wrong type is an error that names it") {
  const std::vector<std::string> values{"1",     "-1",        "1.5",       "1e400",     "18446744073709551615",
                                        "\"x\"", "true",      "[]",        "[1]",       "[null]",
                                        "{}",    "{\"k\":1}", "[[\"x\"]]", "{\"k\":{}}"};
  // A member, and the values above that are good for it.
  const std::vector<std::pair<std::string, std::vector<std::string>>> members{
      {"request_id", {"\"x\""}},
      {"lease_id", {"\"x\""}},
      {"lease_duration", {"1", "-1"}},
      {"renewable", {"true"}},
      {"data", {"{}", "{\"k\":1}", "{\"k\":{}}"}},
      {"warnings", {"[]", "[null]"}},
      {"auth", {"{}", "{\"k\":1}", "{\"k\":{}}"}},
      {"wrap_info", {"{}", "{\"k\":1}", "{\"k\":{}}"}},
      {"auth.client_token", {"\"x\""}},
      {"auth.accessor", {"\"x\""}},
      {"auth.policies", {"[]", "[null]"}},
      {"auth.token_policies", {"[]", "[null]"}},
      {"auth.identity_policies", {"[]", "[null]"}},
      {"auth.metadata", {"{}"}},
      {"auth.orphan", {"true"}},
      {"auth.entity_id", {"\"x\""}},
      {"auth.lease_duration", {"1", "-1"}},
      {"auth.renewable", {"true"}},
      {"auth.token_type", {"\"x\""}},
      {"auth.num_uses", {"1", "-1"}},
      {"auth.mfa_requirement", {"{}", "{\"k\":1}", "{\"k\":{}}"}},
      {"wrap_info.token", {"\"x\""}},
      {"wrap_info.accessor", {"\"x\""}},
      {"wrap_info.ttl", {"1", "-1"}},
      {"wrap_info.creation_time", {"\"x\""}},
      {"wrap_info.creation_path", {"\"x\""}},
      {"wrap_info.wrapped_accessor", {"\"x\""}}};
  for (const auto& [path, good] : members) {
    const std::size_t dot = path.find('.');
    const std::string name = dot == std::string::npos ? path : path.substr(dot + 1);
    for (const std::string& value : values) {
      std::string body = "{\"" + name + "\":" + value + "}";
      if (dot != std::string::npos) body = "{\"" + path.substr(0, dot) + "\":" + body + "}";
      CAPTURE(body);
      const auto answer = read_answer(response(200, body));
      const bool is_good = std::find(good.begin(), good.end(), value) != good.end();
      CHECK(answer.has_value() == is_good);
      if (answer || is_good) continue;
      CHECK(answer.error().kind == ErrorKind::damaged);
      if (parse_json(body)) CHECK(answer.error().message.find(name) != std::string::npos);
    }
  }
}

TEST_CASE("what is no JSON object is damaged, never a crash") {
  const std::string deep(100'000, '[');
  for (const std::string& body :
       {std::string("<html>"), std::string("[]"), std::string("\"x\""), std::string("1"), std::string("{"),
        std::string("{\"a\":\xff}"), deep, std::string("{\"data\":") + deep}) {
    const auto answer = read_answer(response(200, body));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ErrorKind::damaged);
  }
}

TEST_CASE("a status of 400 or more is a failure of its kind") {
  const std::vector<std::pair<int, ErrorKind>> kinds{
      {400, ErrorKind::server},       {403, ErrorKind::denied}, {404, ErrorKind::not_found}, {412, ErrorKind::stale},
      {429, ErrorKind::rate_limited}, {500, ErrorKind::server}, {501, ErrorKind::sealed},    {503, ErrorKind::sealed}};
  for (const auto& [code, expected] : kinds) {
    const int status = code;  // clang 14 cannot capture a structured binding
    CAPTURE(status);
    const auto answer = read_answer(response(status, R"({"errors":["no"]})"));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == expected);
    CHECK(answer.error().message.find("no") != std::string::npos);
  }
}

TEST_CASE("a 404 with data or warnings is an answer") {
  const auto answer = read_answer(response(404, R"({"data":{"metadata":{}},"warnings":null})"));
  REQUIRE(answer);
  CHECK(answer->status == 404);
  CHECK(read_answer(response(404, R"({"request_id":"r","warnings":["w"]})")));
  CHECK_FALSE(read_answer(response(404, R"({"request_id":"r"})")));
  CHECK_FALSE(read_answer(response(404, R"({"errors":[]})")));
  CHECK_FALSE(read_answer(response(404, "")));
}

TEST_CASE("the errors of a server") {
  CHECK(read_errors(response(400, R"({"errors":["a","b"]})")) == std::vector<std::string>{"a", "b"});
  CHECK(read_errors(response(404, R"({"errors":[]})")).empty());
  CHECK(read_errors(response(404, R"({"errors":null})")).empty());
  for (const char* body : {"<html>bad gateway</html>", R"({"errors":"x"})", R"({"errors":[1]})", R"(["x"])", ""}) {
    const auto errors = read_server_errors(response(502, body));
    CHECK(errors.raw);
    CHECK(errors.texts == std::vector<std::string>{body});
  }
}

}  // namespace
}  // namespace vtoken
