#include <doctest/doctest.h>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "sweep/situation.hpp"

namespace vtoken::sweep {
namespace {

constexpr Nanoseconds kNow = 784'111'777 * kSecond;

Request asking(Method method, std::string path) {
  Request request{method, std::move(path)};
  request.token = SecretString("hvs.CAESIJaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
  return request;
}

Request lookup() { return asking(Method::post, "auth/token/lookup-accessor"); }
Request revocation() { return asking(Method::post, "auth/token/revoke-accessor"); }
Request list() { return asking(Method::list, "auth/token/accessors"); }
const std::vector<Request> kAll = {lookup(), revocation(), list()};

Response answer(int status, std::string_view body = "", std::vector<Header> headers = {}) {
  return {status, SecretString(body), std::move(headers)};
}

// As servers write a failure of the request, …
Response error(int status, std::string_view text) {
  return answer(status, "{\"errors\":[\"" + std::string(text) + "\"]}\n");
}

// … and one that a handler returned.
Response raised(int status, const std::string& text) {
  return error(status, "1 error occurred:\\n\\t* " + text + "\\n\\n");
}

Situation read(const Request& asked, const Result<Response>& given) {
  return read_situation(asked, given, kNow).situation;
}

std::string text(const Request& asked, const Result<Response>& given) {
  return read_situation(asked, given, kNow).text;
}

constexpr std::string_view kLooked = R"({"request_id":"x","data":{"accessor":"a","policies":["invalid accessor"]}})";
constexpr std::string_view kNoToken =
    R"({"request_id":"x","data":null,"warnings":["No token found with this accessor"],"auth":null})";

TEST_CASE("yes") {
  CHECK(read(lookup(), answer(200, kLooked)) == Situation::done);
  CHECK(read(revocation(), answer(204)) == Situation::done);
  CHECK(read(revocation(), answer(200, R"({"data":null,"warnings":null})")) == Situation::done);
  CHECK(read(list(), answer(200, R"({"data":{"keys":["a"]}})")) == Situation::done);
  // A list whose body went elsewhere, and one of nothing.
  CHECK(read(list(), answer(200)) == Situation::done);
  CHECK(read(list(), answer(404, "{\"errors\":[]}\n")) == Situation::done);
  CHECK(text(lookup(), answer(200, kLooked)).empty());
}

TEST_CASE("gone, in the words of each version") {
  for (const int status : {400, 403, 404}) {
    for (const auto& asked : {lookup(), revocation()}) {
      CHECK(read(asked, raised(status, "invalid accessor")) == Situation::gone);
      CHECK(read(asked, error(status, "invalid accessor")) == Situation::gone);
    }
  }
  CHECK(text(lookup(), raised(400, "invalid accessor")) == "invalid accessor");
  CHECK(read(revocation(), answer(200, kNoToken)) == Situation::gone);
  CHECK(text(revocation(), answer(200, kNoToken)) == "No token found with this accessor");
  // A name in a lookup's data says nothing.
  CHECK(read(lookup(), answer(200, R"({"data":{"display_name":"No token found with this accessor"}})")) ==
        Situation::done);
}

TEST_CASE("dangling") {
  for (const int status : {400, 403}) {
    CHECK(read(revocation(), raised(status, "token not found")) ==
          (status == 400 ? Situation::dangling : Situation::refused));
  }
  CHECK(read(revocation(), error(400, "token not found")) == Situation::dangling);
  // A lookup says it as a denial.
  const Reading reading = read_situation(lookup(), raised(403, "permission denied"), kNow);
  CHECK(reading.situation == Situation::refused);
  CHECK(!reading.maybe_dead);
}

TEST_CASE("denied, or by a server that does not know the caller") {
  for (const auto& asked : kAll) {
    const Reading denied = read_situation(asked, raised(403, "permission denied"), kNow);
    CHECK(denied.situation == Situation::refused);
    CHECK(denied.text == "permission denied");
    CHECK(!denied.maybe_dead);
    const Reading unknown = read_situation(asked, error(403, "permission denied"), kNow);
    CHECK(unknown.situation == Situation::refused);
    CHECK(unknown.maybe_dead);
    CHECK(read(asked, error(403, "bad token")) == Situation::caller_dead);
    CHECK(read(asked, error(403, "invalid token")) == Situation::caller_dead);
    CHECK(read(asked, raised(403, "bad token")) == Situation::caller_dead);
    CHECK(read(asked, error(403, "2 errors occurred:\\n\\t* permission denied\\n\\t* invalid token\\n\\n")) ==
          Situation::caller_dead);
    CHECK(read(asked, error(403, "token mac for token is incorrect")) == Situation::caller_dead);
    CHECK(read(asked, answer(403, "{\"errors\":[]}")) == Situation::refused);
    CHECK(read(asked, answer(403, "{\"errors\":null}")) == Situation::refused);
  }
  CHECK(text(list(), error(403, "2 errors occurred:\\n\\t* permission denied\\n\\t* invalid token\\n\\n")) ==
        "permission denied; invalid token");
}

TEST_CASE("a rate limit, with and without a time") {
  const Response plain = error(429, "request path \\\"auth/token/lookup-accessor\\\": rate limit quota exceeded");
  Response timed = plain;
  timed.headers = {{"Retry-After", "9"}, {"X-Ratelimit-Limit", "1"}};
  for (const auto& asked : kAll) {
    CHECK(read(asked, plain) == Situation::rate_limited);
    CHECK(!read_situation(asked, plain, kNow).wait);
    CHECK(read_situation(asked, timed, kNow).wait == 9 * kSecond);
    CHECK(read(asked, answer(429, "<html>slow down</html>")) == Situation::rate_limited);
    CHECK(read(asked, answer(429)) == Situation::rate_limited);
  }
  CHECK(text(lookup(), plain) == "request path \"auth/token/lookup-accessor\": rate limit quota exceeded");
  const Response dated = answer(503, "", {{"Retry-After", "Sun, 06 Nov 1994 08:49:50 GMT"}});
  CHECK(read_situation(lookup(), dated, kNow).wait == 13 * kSecond);
  // Who will not be asked again says nothing about waiting.
  CHECK(!read_situation(lookup(), answer(403, "{\"errors\":[]}", {{"Retry-After", "9"}}), kNow).wait);
}

TEST_CASE("what passes") {
  for (const auto& asked : kAll) {
    CHECK(read(asked, error(412, "required index state not present")) == Situation::stale);
    CHECK(read(asked, raised(412, "required index state not present")) == Situation::stale);
    CHECK(read(asked, error(500, "local node not active but active cluster node not found")) == Situation::no_leader);
    CHECK(read(asked, error(503, "node is not active")) == Situation::no_leader);
    CHECK(read(asked, answer(307, "", {{"Location", "http://127.0.0.1:1/v1/x"}})) == Situation::no_leader);
    for (const int status : {502, 503, 504}) {
      CHECK(read(asked, answer(status, "<html><h1>Bad Gateway</h1></html>")) == Situation::no_leader);
      CHECK(read(asked, answer(status)) == Situation::overloaded);
    }
    CHECK(read(asked, error(500, "internal error")) == Situation::overloaded);
    CHECK(read(asked, raised(500, "context deadline exceeded")) == Situation::overloaded);
    CHECK(read(asked, error(503, "too many requests in flight")) == Situation::overloaded);
    CHECK(read(asked, fail(ErrorKind::unreachable, "dial tcp: connection refused")) == Situation::unreachable);
    CHECK(read(asked, fail(ErrorKind::lost, "EOF")) == Situation::lost);
  }
  for (const auto& asked : {lookup(), revocation()}) {
    CHECK(read(asked, error(400, "invalid request")) == Situation::overloaded);
    CHECK(read(asked, raised(400, "invalid request")) == Situation::overloaded);
  }
  CHECK(text(lookup(), fail(ErrorKind::lost, "context\ndeadline", "http://h")) == "http://h: context deadline");
}

TEST_CASE("what ends a sweep") {
  for (const auto& asked : kAll) {
    CHECK(read(asked, error(503, "Vault is sealed")) == Situation::sealed);
    CHECK(read(asked, error(500, "Vault is sealed")) == Situation::sealed);
    CHECK(read(asked, error(503, "server is not yet initialized")) == Situation::sealed);
    CHECK(read(asked, error(503, "Vault is not initialized")) == Situation::sealed);
    CHECK(read(asked, error(501, "anything")) == Situation::sealed);
    CHECK(read(asked, fail(ErrorKind::untrusted, "tls: …")) == Situation::untrusted);
    CHECK(read(asked, fail(ErrorKind::damaged, "malformed HTTP response")) == Situation::foreign);
    CHECK(read(asked, answer(200, "<!DOCTYPE html><p>Sign in")) == Situation::foreign);
    CHECK(read(asked, answer(302, "<a href=/login>")) == Situation::foreign);
    CHECK(read(asked, answer(403, "<html>Forbidden</html>")) == Situation::foreign);
    CHECK(read(asked, answer(404, "404 page not found\n")) == Situation::foreign);
    CHECK(read(asked, answer(400, "Client sent an HTTP request to an HTTPS server.\n")) == Situation::foreign);
  }
  CHECK(text(lookup(), answer(400, "Client sent an HTTP request to an HTTPS server.\n")) ==
        "status 400, not a Vault server's answer: Client sent an HTTP request to an HTTPS server.");
}

TEST_CASE("a token that is too long for a header") {
  CHECK(read(lookup(), answer(431, "431 Request Header Fields Too Large")) == Situation::too_long);
  Request asked = lookup();
  asked.token = SecretString(std::string(8193, 'a'));
  CHECK(read(asked, error(403, "permission denied")) == Situation::too_long);
  CHECK(read(asked, answer(400, "400 Bad Request: Request Header Or Cookie Too Large")) == Situation::too_long);
  // A server that takes it says what it says to everybody.
  CHECK(read(asked, raised(403, "permission denied")) == Situation::refused);
  CHECK(read(asked, raised(400, "invalid accessor")) == Situation::gone);
  CHECK(read(asked, answer(200, kLooked)) == Situation::done);
  asked.token = SecretString(std::string(8192, 'a'));
  CHECK(read(asked, error(403, "permission denied")) == Situation::refused);
}

TEST_CASE("what will be the same next time") {
  for (const auto& asked : {lookup(), revocation()}) {
    CHECK(read(asked, raised(500, "no namespace")) == Situation::hopeless);
    CHECK(read(asked, raised(500, "cannot lookup token in different namespace")) == Situation::hopeless);
    CHECK(read(asked, raised(400, "missing accessor")) == Situation::hopeless);
    CHECK(read(asked, raised(405, "unsupported operation")) == Situation::hopeless);
    CHECK(read(asked, error(404, "namespace not found")) == Situation::hopeless);
    CHECK(read(asked, error(404, "no handler for route")) == Situation::hopeless);
    CHECK(read(asked, answer(404, "{\"errors\":[]}")) == Situation::hopeless);
    CHECK(read(asked, answer(413, "{\"errors\":[\"request too large\"]}")) == Situation::hopeless);
  }
  CHECK(read(lookup(), answer(204)) == Situation::hopeless);
  // A portal between may say yes to anything.
  CHECK(read(revocation(), answer(200)) == Situation::hopeless);
  CHECK(read(lookup(), answer(200, "")) == Situation::hopeless);
  for (const auto kind :
       {ErrorKind::usage, ErrorKind::refused, ErrorKind::io, ErrorKind::wrong_key, ErrorKind::internal}) {
    CHECK(read(lookup(), fail(kind, "x")) == Situation::hopeless);
  }
}

TEST_CASE("the text is one line, short, and shows no token") {
  const Request asked = lookup();
  const std::string token(asked.token.view());
  for (const auto& given : {answer(403, "{\"errors\":[\"token mac for token " + token + " is incorrect\"]}"),
                            answer(502, "<html>\n\t" + token + "\r\n</html>"), answer(200, "GET / " + token)}) {
    const std::string line = text(asked, given);
    CAPTURE(line);
    CHECK(line.find(token) == std::string::npos);
    CHECK(line.find_first_of("\r\n\t") == std::string::npos);
    CHECK(!line.empty());
  }
  CHECK(text(asked, fail(ErrorKind::lost, "sent " + token)).find(token) == std::string::npos);
  std::string umlauts = "x";
  for (int i = 0; i < 1000; ++i) umlauts += "ü";
  const std::string line = text(asked, error(500, umlauts));
  CHECK(line.size() < 320);
  CHECK(line.ends_with("ü…"));
  CHECK(text(asked, error(500, "\\u001b[31mred\\u0007")) == " [31mred ");
  CHECK(text(asked, answer(500)) == "status 500");
  CHECK(text(asked, answer(500, R"({"errors":["one\n","two"]})")) == "one; two");
}

TEST_CASE("each situation has a name, and is one or the other") {
  std::vector<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Situation::hopeless); ++i) {
    const auto situation = static_cast<Situation>(i);
    CHECK(!situation_name(situation).empty());
    CHECK(std::find(names.begin(), names.end(), situation_name(situation)) == names.end());
    names.push_back(situation_name(situation));
    CHECK(!(is_passing(situation) && ends_sweep(situation)));
  }
  CHECK(situation_name(Situation::rate_limited) == "rate limited");
  CHECK(situation_name(Situation::hopeless) == "refused for good");
}

}  // namespace
}  // namespace vtoken::sweep
