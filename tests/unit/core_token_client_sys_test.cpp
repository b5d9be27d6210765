// The requests and answers of the calls under sys/.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/json.hpp"
#include "core/token_client.hpp"

namespace vtoken {
namespace {

// Notes the requests and gives the answers in turn, then the last again.
class ScriptedBackend final : public Backend {
 public:
  Result<Response> handle(const Request& request) override {
    asked.push_back(std::string(method_name(request.method)) + " " + request.path + " " +
                    std::string(request.body.view()) + " as " + std::string(request.token.view()));
    const Response answer = answers.front();
    if (answers.size() > 1) answers.erase(answers.begin());
    return answer;
  }
  std::string address() const override { return "test"; }

  std::vector<std::string> asked;
  std::vector<Response> answers{Response{204, {}, {}}};
};

struct Fixture {
  ScriptedBackend backend;
  TokenClient client{backend, {.token = "me"}};
};

Answer with_data(const char* data) {
  Answer answer;
  answer.data = std::make_shared<const Json>(*parse_json(data));
  return answer;
}

TEST_CASE_FIXTURE(Fixture, "capabilities ask for all paths at once, as Vault's client for one") {
  static_cast<void>(client.capabilities_self({"a", "b"}));
  static_cast<void>(client.capabilities("t", {"a"}));
  static_cast<void>(client.capabilities_accessor("acc", {"a"}));
  client.options().style = BodyStyle::as_vault;
  static_cast<void>(client.capabilities_self({"a"}));
  static_cast<void>(client.capabilities("t", {"a"}));
  CHECK(backend.asked == std::vector<std::string>{
                             R"(POST sys/capabilities-self {"paths":["a","b"]} as me)",
                             R"(POST sys/capabilities {"paths":["a"],"token":"t"} as me)",
                             R"(POST sys/capabilities-accessor {"accessor":"acc","paths":["a"]} as me)",
                             R"(POST sys/capabilities-self {"path":"a","token":"me"} as me)",
                             R"(POST sys/capabilities {"path":"a","token":"t"} as me)",
                         });
}

TEST_CASE("capabilities on a path: its own, those of the one path, or none") {
  using Names = std::vector<std::string>;
  const auto answer = with_data(R"({"a":["read"],"e":[],"bad":[1],"text":"x"})");
  CHECK(**capabilities_on(answer, "a") == Names{"read"});
  CHECK(**capabilities_on(answer, "e") == Names{});
  CHECK_FALSE(capabilities_on(answer, "b")->has_value());
  CHECK_FALSE(capabilities_on(answer, "bad"));
  CHECK_FALSE(capabilities_on(answer, "text"));
  CHECK(**capabilities_on(with_data(R"({"capabilities":["deny"]})"), "a") == Names{"deny"});
  CHECK_FALSE(capabilities_on(Answer{}, "a")->has_value());
}

TEST_CASE_FIXTURE(Fixture, "unwrapping asks as the caller, or as the wrapping token when there is no caller") {
  static_cast<void>(client.unwrap("w"));
  static_cast<void>(client.unwrap(""));
  static_cast<void>(client.unwrap("me"));
  client.options().token = {};
  static_cast<void>(client.unwrap("w"));
  CHECK(backend.asked == std::vector<std::string>{
                             R"(PUT sys/wrapping/unwrap {"token":"w"} as me)",
                             R"(PUT sys/wrapping/unwrap null as me)",
                             R"(PUT sys/wrapping/unwrap null as me)",
                             R"(PUT sys/wrapping/unwrap null as w)",
                         });
}

TEST_CASE_FIXTURE(Fixture, "a 404 is what was wrapped, or an old server, whose cubbyhole has the answer") {
  backend.answers = {{404, R"({"data":{"a":1}})", {}}};
  CHECK(client.unwrap("w")->data->at("a") == 1);
  backend.asked.clear();
  backend.answers = {{404, R"({"errors":[]})", {}}, {200, R"({"data":{"response":"{\"data\":{\"k\":2}}"}})", {}}};
  CHECK(client.unwrap("w")->data->at("k") == 2);
  CHECK(backend.asked.back() == "GET cubbyhole/response  as w");
  for (const char* second :
       {R"({"data":{"x":1}})", R"({"data":{"response":"no JSON"}})", R"({"request_id":"r"})", ""}) {
    backend.answers = {{404, "", {}}, {200, second, {}}};
    CHECK_FALSE(client.unwrap("w"));
  }
}

TEST_CASE_FIXTURE(Fixture, "policies") {
  static_cast<void>(client.list_policies());
  static_cast<void>(client.read_policy("p"));
  static_cast<void>(client.write_policy("p", "path \"a\" {}"));
  static_cast<void>(client.delete_policy("p"));
  CHECK(backend.asked == std::vector<std::string>{
                             "LIST sys/policies/acl  as me",
                             "GET sys/policies/acl/p  as me",
                             R"(PUT sys/policies/acl/p {"policy":"path \"a\" {}"} as me)",
                             "DELETE sys/policies/acl/p  as me",
                         });
}

TEST_CASE("numbers keep their text") {
  const char* const text = R"({"a":1e3,"b":1.10,"c":12345678901234567890123,"d":1.5,"e":-7,"f":18446744073709551615})";
  const auto value = parse_json(text);
  REQUIRE(value);
  CHECK(dump_json(*value) == text);
  CHECK(literal_text(value->at("a")) == "1e3");
  CHECK(value->at("d").is_number_float());
}

TEST_CASE("the first value of a text, and JSON that may stand in JavaScript") {
  CHECK(parse_first_json("{\"a\":1} rest")->at("a") == 1);
  CHECK_FALSE(parse_json("{\"a\":1} rest"));
  CHECK_FALSE(parse_first_json(""));
  CHECK(dump_json(Json(SecretString("a\xe2\x80\xa8\xe2\x80\xa9<"))) == R"("a\u2028\u2029\u003c")");
  std::string deep(65, '[');
  CHECK_FALSE(parse_json(deep + std::string(65, ']')));
  CHECK(parse_json(deep.substr(1) + std::string(64, ']')));
}

}  // namespace
}  // namespace vtoken
