// Response wrapping, on every back end alike: whole answers are compared (play.hpp), and what they say is checked where
// two back ends could be wrong together.
#include <doctest/doctest.h>

#include <chrono>
#include <thread>

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

constexpr const char* kWrap = "sys/wrapping/wrap";
constexpr const char* kUnwrap = "sys/wrapping/unwrap";
constexpr const char* kRewrap = "sys/wrapping/rewrap";
constexpr const char* kLookup = "sys/wrapping/lookup";

Step wrap(std::string name, std::string body = R"({"a":1})", std::string ttl = "60") {
  return {kPost, kWrap, std::move(body), "root", std::move(name), std::move(ttl)};
}

}  // namespace

TEST_CASE("a wrapped creation is unwrapped once, by somebody else") {
  check_alike({
      {kPost, "auth/token/create", R"({"policies":["default"],"ttl":"1h","num_uses":3})", "root", "W", "5m"},
      {kPost, "auth/token/lookup", R"({"token":"{W}"})"},
      {kPost, "auth/token/lookup-accessor", R"({"accessor":"{W.accessor}"})"},
      {kPost, "auth/token/lookup-accessor", R"({"accessor":"{W.wrapped}"})"},
      {kPost, kLookup, R"({"token":"{W}"})"},
      {kPost, kUnwrap, R"({"token":"{W}"})", "root", "T"},
      {kGet, "auth/token/lookup-self", "", "T"},
      {kPost, kUnwrap, R"({"token":"{W}"})"},
      {kPost, kUnwrap, "", "W"},
      {kPost, kLookup, R"({"token":"{W}"})"},
      {kPost, kRewrap, R"({"token":"{W}"})"},
      {kPost, "auth/token/lookup", R"({"token":"{W}"})"},
      {kPost, "auth/token/lookup-accessor", R"({"accessor":"{W.accessor}"})"},
  });
}

TEST_CASE("a wrapping token unwraps what it holds as its own caller") {
  check_alike({
      wrap("W", R"({"b":[1,null],"a":{"z":"<&>","n":1.10},"big":12345678901234567890,"t":"é"})"),
      {kPost, kUnwrap, "", "W"},
      {kPost, kUnwrap, "", "W"},
      {kGet, "cubbyhole/response", "", "W"},
      wrap("V"),
      {kPost, kUnwrap, R"({"token":null})", "V"},
      wrap("U"),
      {kPost, kUnwrap, R"({"token":"{U}"})", "U"},
      {kPost, kUnwrap, R"({"token":"{U}"})"},
      wrap("A", R"({"mine":1})"),
      wrap("B", R"({"other":1})"),
      {kPost, kUnwrap, R"({"token":"{B}"})", "A"},
      {kPost, kUnwrap, R"({"token":"{A}"})"},
  });
}

TEST_CASE("only a caller who may gets what is wrapped, and a refusal uses nothing up") {
  check_alike({
      {kPost, "auth/token/create", R"({"policies":["none"],"no_default_policy":true})", "root", "N"},
      {kPost, "auth/token/create", R"({"policies":["default"]})", "root", "D"},
      {kPost, "auth/token/create", R"({"policies":["default"],"type":"batch"})", "root", "B"},
      {kPost, "auth/token/create", R"({"policies":["default"],"num_uses":2})", "root", "L"},
      wrap("W"),
      {kPost, kUnwrap, R"({"token":"{W}"})", ""},
      {kPost, kUnwrap, R"({"token":"{W}"})", "nobody"},
      {kPost, kUnwrap, R"({"token":"{W}"})", "N"},
      {kPost, kWrap, R"({"a":1})", "N", "", "60"},
      {kPost, kRewrap, R"({"token":"{W}"})", "N"},
      {kPost, kRewrap, R"({"token":"{W}"})", "D"},
      {kPost, kRewrap, R"({"token":"{W}"})", ""},
      {kPost, kUnwrap, R"({"token":"{W}"})", "D"},
      wrap("W"),
      {kPost, kUnwrap, R"({"token":"{W}"})", "B"},
      wrap("W"),
      {kPost, kUnwrap, R"({"token":"nothing"})", "L"},
      {kGet, "auth/token/lookup-self", "", "L"},
      {kPost, kUnwrap, R"({"token":"{W}"})", "L"},
      {kPost, kUnwrap, R"({"token":"{W}"})", "L"},
  });
}

TEST_CASE("a lookup asks for no caller and uses nothing up") {
  check_alike({
      {kPost, "auth/token/create", R"({"policies":["default"],"num_uses":2})", "root", "L"},
      wrap("W", R"({"a":1})", "1500ms"),
      {kPost, kLookup, R"({"token":"{W}"})"},
      wrap("W", R"({"a":1})", "90"),
      {kPost, kLookup, R"({"token":"{W}"})", ""},
      {kPost, kLookup, R"({"token":"{W}"})", "nobody"},
      {kPost, kLookup, R"({"token":"{W}"})", "W"},
      {kPost, kLookup, R"({"token":"{W}","more":1,"other":2})", "L"},
      {kPost, kLookup, R"({"token":"{W}"})", "L"},
      {kPost, kLookup, R"({"token":"{W}"})", "L"},
      {kPost, kLookup, "", "W"},
      {kGet, kLookup, "", "W"},
      {kGet, kLookup, "", ""},
      {kGet, kLookup, "", "root"},
      {kPost, kLookup, R"({"token":"{W}"})", "", "V", "30"},
      {kPost, kUnwrap, R"({"token":"{V}"})"},
      {kGet, "auth/token/lookup-self", "", "L"},
      {kPost, kUnwrap, "", "W"},
  });
}

TEST_CASE("what names no wrapping token is refused before anybody looks at the caller") {
  std::vector<Step> steps;
  for (const char* path : {kUnwrap, kRewrap, kLookup}) {
    for (const char* as : {"root", "", "nobody"}) {
      for (const char* body : {"", "{}", R"({"token":""})", R"({"token":5})", R"({"token":null})", R"({"token":["x"]})",
                               R"({"token":"{root}"})", R"({"token":"nothing"})", R"({"token":"hvs.nothing"})",
                               R"({"token":" "})", R"({"x":1})", "[1]"}) {
        steps.push_back({kPost, path, body, as});
      }
    }
    steps.push_back({kGet, path});
    steps.push_back({kDelete, path});
    steps.push_back({kList, path});
    steps.push_back({kGet, path, "", ""});
    steps.push_back({kList, path, "", ""});
  }
  check_alike(steps);
}

TEST_CASE("a rewrap gives a new token for the same answer, no longer than before") {
  check_alike({
      {kPost, "auth/token/create", R"({"policies":["default"]})", "root", "W", "10m"},
      {kPost, kRewrap, R"({"token":"{W}"})", "root", "V"},
      {kPost, kLookup, R"({"token":"{W}"})"},
      {kPost, kUnwrap, R"({"token":"{W}"})"},
      {kPost, kLookup, R"({"token":"{V}"})"},
      {kPost, "auth/token/lookup", R"({"token":"{V}"})"},
      {kPost, kRewrap, R"({"token":"{V}","x":1})", "root", "U", "30"},
      {kPost, kLookup, R"({"token":"{U}"})"},
      {kPost, kRewrap, R"({"token":"{U}"})", "root", "S", "1h"},
      {kPost, kLookup, R"({"token":"{S}"})"},
      {kPost, kUnwrap, R"({"token":"{S}"})", "root", "T"},
      {kGet, "auth/token/lookup-self", "", "T"},
      // A wrapping token may not rewrap itself, and trying uses it up.
      wrap("W"),
      {kPost, kRewrap, "", "W"},
      {kPost, kUnwrap, "", "W"},
  });
}

TEST_CASE("any answer with something in it is wrapped, errors and silence are not") {
  check_alike({
      {kList, "auth/token/roles", "", "root", "", "60"},
      {kList, "cubbyhole", "", "root", "", "60"},
      {kGet, "cubbyhole/none", "", "root", "", "60"},
      {kPost, "cubbyhole/a", R"({"k":"v"})", "root", "", "60"},
      {kGet, "cubbyhole/a", "", "root", "W", "60"},
      {kPost, kUnwrap, R"({"token":"{W}"})"},
      {kList, "cubbyhole", "", "root", "W", "60"},
      {kPost, kLookup, R"({"token":"{W}"})"},
      {kPost, "auth/token/lookup", R"({"token":"{W}"})"},
      {kPost, kUnwrap, R"({"token":"{W}"})"},
      {kDelete, "cubbyhole/a", "", "root", "", "60"},
      {kPost, "auth/token/create", R"({"policies":["nope"],"x":1})", "root", "W", "60"},
      {kPost, kUnwrap, R"({"token":"{W}"})"},
      {kPost, "auth/token/create", R"({"policies":["default"],"type":"batch"})", "root", "W", "60"},
      {kPost, kUnwrap, R"({"token":"{W}"})", "root", "B"},
      {kGet, "auth/token/lookup-self", "", "B", "W", "60"},
      {kPost, "auth/token/lookup-accessor", R"({"accessor":"{W.accessor}"})"},
      {kPost, kUnwrap, R"({"token":"{W}"})", "B"},
      {kPost, "auth/token/create", R"({"policies":["default"],"ttl":"1h"})", "root", "T"},
      {kGet, "auth/token/lookup-self", "", "T", "W", "60"},
      {kPost, kUnwrap, R"({"token":"{W}"})"},
      {kPost, "auth/token/renew-self", "{}", "T", "W", "60"},
      {kPost, kUnwrap, R"({"token":"{W}"})"},
      {kPost, "auth/token/renew", R"({"token":"{T}"})", "root", "W", "60"},
      {kPost, kUnwrap, R"({"token":"{W}"})"},
      {kPost, "auth/token/renew-accessor", R"({"accessor":"{T.accessor}"})", "root", "W", "60"},
      {kPost, kUnwrap, R"({"token":"{W}"})"},
      {kPost, "auth/token/lookup", R"({"token":"{T}"})", "root", "W", "60"},
      {kPost, kUnwrap, R"({"token":"{W}"})"},
      {kPost, "auth/token/lookup-accessor", R"({"accessor":"{T.accessor}"})", "root", "W", "60"},
      {kPost, kUnwrap, R"({"token":"{W}"})"},
      {kPost, "sys/capabilities-self", R"({"paths":["a","b"]})", "T", "W", "60"},
      {kPost, kUnwrap, R"({"token":"{W}"})"},
      {kPost, "auth/token/revoke", R"({"token":"{T}"})", "root", "", "60"},
      {kPost, "auth/token/lookup", R"({"token":"{T}"})", "root", "", "60"},
      {kPost, "auth/token/renew", R"({"token":"{T}"})", "root", "", "60"},
      {kPost, "auth/token/roles/app", "{}", "root", "", "60"},
      {kGet, "auth/token/roles/app", "", "root", "W", "60"},
      {kPost, kUnwrap, R"({"token":"{W}"})"},
      {kList, "auth/token/roles", "", "root", "W", "60"},
      {kPost, kUnwrap, R"({"token":"{W}"})"},
      {kDelete, "auth/token/roles/app", "", "root", "", "60"},
      {kGet, "sys/policies/acl/root", "", "root", "W", "60"},
      {kPost, kUnwrap, R"({"token":"{W}"})"},
      {kGet, "nothing/here", "", "root", "", "60"},
      {kPost, kWrap, R"({"a":1})"},
      {kPost, kWrap, R"({"a":1})", "root", "", "0"},
      {kPost, kWrap, R"({"a":1})", "", "", "60"},
      {kPost, kWrap, R"({"a":1})", "nobody", "", "60"},
      {kGet, kWrap, "", "root", "", "60"},
      {kPost, kWrap, "", "root", "W", "60"},
      {kPost, kUnwrap, R"({"token":"{W}"})"},
      {kPost, kWrap, "{}", "root", "W", "60"},
      {kPost, kUnwrap, R"({"token":"{W}"})"},
      {kPost, kWrap, R"({"token":"x","ttl":5})", "root", "W", "60"},
      {kPost, kUnwrap, R"({"token":"{W}"})"},
  });
}

TEST_CASE("an answer keeps its status") {
  each_subject([](Bench& bench, const std::string& name) {
    const auto backend = bench.subject().connect();
    Result<Response> answer = Response{};
    // A server that tidies can take a token that is being made for a leftover, and the wrapped answer with it.
    const int most = name == "server" ? 20 : 1;
    for (int tries = 0; tries < most && answer->status != 202; ++tries) {
      if (tries > 0) std::this_thread::sleep_for(std::chrono::milliseconds(200));
      Request request{.method = kPost, .path = "auth/token/tidy"};
      request.token = bench.subject().root();
      request.wrap_ttl = "60";
      const auto wrapped = backend->handle(request);
      REQUIRE(wrapped.has_value());
      CHECK(wrapped->status == 200);
      request = {.method = kPost, .path = kUnwrap};
      request.token = Json::parse(wrapped->body.view())["wrap_info"]["token"].get<SecretString>();
      answer = backend->handle(request);
      REQUIRE(answer.has_value());
    }
    CHECK(answer->status == 202);
    CHECK(Json::parse(answer->body.view())["warnings"].size() == 1);
  });
}

TEST_CASE("what was unwrapped may be wrapped again at once") {
  check_alike({
      {kPost, "auth/token/create", R"({"policies":["default"]})", "root", "W", "60"},
      {kPost, kUnwrap, R"({"token":"{W}"})", "root", "V", "30"},
      {kPost, kLookup, R"({"token":"{V}"})"},
      {kPost, kUnwrap, R"({"token":"{V}"})", "root", "T"},
      {kGet, "auth/token/lookup-self", "", "T"},
      {kPost, kUnwrap, R"({"token":"nothing"})", "root", "", "30"},
  });
}

TEST_CASE("lengths of a wrapping") {
  std::vector<Step> steps;
  for (const char* ttl : {"5", "1m", "1d", "1.5s", "500ms", "+5", "99999h", "9223372036", "x", "-1", "-5s", "5x", "1e3",
                          "1m30", "5S", "292y", "0", "0s"}) {
    steps.push_back(wrap("W", R"({"a":1})", ttl));
    steps.push_back({kPost, kLookup, R"({"token":"{W}"})"});
    steps.push_back({kGet, "auth/token/lookup-self", "", "nobody", "", ttl});
  }
  check_alike(steps);
}

TEST_CASE("policies set how long a wrapping may last") {
  check_alike({
      {kPost, "sys/policies/acl/short",
       R"({"policy":"path \"auth/token/create\" { capabilities = [\"update\"] min_wrapping_ttl = \"1m\" max_wrapping_ttl = \"2m\" }"})"},
      {kPost, "auth/token/create", R"({"policies":["short"]})", "root", "T"},
      {kPost, "auth/token/create", "{}", "T"},
      {kPost, "auth/token/create", "{}", "T", "", "0"},
      {kPost, "auth/token/create", "{}", "T", "", "59"},
      {kPost, "auth/token/create", "{}", "T", "", "60"},
      {kPost, "auth/token/create", "{}", "T", "", "120"},
      {kPost, "auth/token/create", "{}", "T", "", "121"},
  });
}

TEST_CASE("a wrapping token is good for nothing else") {
  std::vector<Step> steps;
  for (const auto& [method, path] : std::vector<std::pair<Method, std::string>>{{kGet, "cubbyhole/wrapinfo"},
                                                                                {kPost, "cubbyhole/response"},
                                                                                {kDelete, "cubbyhole/response"},
                                                                                {kList, "cubbyhole"},
                                                                                {kGet, "auth/token/lookup-self"},
                                                                                {kPost, "auth/token/renew-self"},
                                                                                {kPost, "auth/token/create"},
                                                                                {kPost, kWrap},
                                                                                {kGet, kUnwrap}}) {
    steps.push_back(wrap("W"));
    steps.push_back({method, path, method == kPost ? R"({"a":1})" : "", "W", "", path == kWrap ? "60" : ""});
    steps.push_back({kPost, kUnwrap, R"({"token":"{W}"})"});
  }
  for (const Step& step : std::vector<Step>{
           wrap("W"),
           {kGet, "cubbyhole/response", "", "W"},
           {kGet, "cubbyhole/response", "", "W"},
           wrap("W"),
           {kPost, "auth/token/renew", R"({"token":"{W}"})"},
           {kPost, "auth/token/create", R"({"policies":["response-wrapping"]})"},
           {kPost, "auth/token/create", R"({"policies":["default","response-wrapping"]})"},
           {kPost, "auth/token/revoke", R"({"token":"{W}"})"},
           {kPost, kUnwrap, R"({"token":"{W}"})"},
           {kPost, kUnwrap, "", "W"},
           wrap("W"),
           {kPost, "auth/token/revoke-accessor", R"({"accessor":"{W.accessor}"})"},
           {kPost, kUnwrap, R"({"token":"{W}"})"},
           wrap("W"),
           {kPost, "auth/token/revoke-orphan", R"({"token":"{W}"})"},
           {kPost, kUnwrap, R"({"token":"{W}"})"},
       }) {
    steps.push_back(step);
  }
  check_alike(steps);
}

TEST_CASE("an expired wrapping token is no wrapping token; what it held lives on") {
  check_alike({
      {kPost, "auth/token/create", R"({"policies":["default"],"ttl":"1h"})", "root", "W", "1"},
      wrap("V", R"({"a":1})", "1"),
      {kPost, kUnwrap, R"({"token":"{W}"})", "root", "", "", 2},
      {kPost, kUnwrap, "", "V"},
      {kPost, kLookup, R"({"token":"{W}"})"},
      {kPost, kRewrap, R"({"token":"{W}"})"},
      {kGet, "cubbyhole/response", "", "V"},
      {kPost, "auth/token/lookup-accessor", R"({"accessor":"{W.wrapped}"})"},
  });
}

TEST_CASE("a wrapping outlives the one who asked for it") {
  check_alike({
      {kPost, "auth/token/create", R"({"policies":["default"],"ttl":"1h"})", "root", "T"},
      {kPost, "cubbyhole/a", R"({"k":"v"})", "T"},
      {kGet, "cubbyhole/a", "", "T", "W", "60"},
      {kPost, "auth/token/revoke", R"({"token":"{T}"})"},
      {kPost, kUnwrap, "", "W"},
      {kPost, "auth/token/create", R"({"policies":["default"],"num_uses":1})", "root", "L"},
      {kGet, "auth/token/lookup-self", "", "L", "W", "60"},
      {kGet, "auth/token/lookup-self", "", "L"},
      {kPost, kUnwrap, R"({"token":"{W}"})"},
  });
}
