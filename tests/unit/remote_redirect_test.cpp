#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "remote/redirect.hpp"

namespace vtoken::remote {
namespace {

Place at(const std::string& address) { return {*parse_address(address), "/v1/auth/token/lookup-self"}; }

// Where a redirect leads; "refused: …" when it does not.
std::string led(const std::string& from, const std::string& location, const std::vector<std::string>& known = {}) {
  std::vector<Address> addresses;
  for (const std::string& text : known) addresses.push_back(*parse_address(text));
  const auto place = follow(at(from), location, addresses);
  if (place) return place->url();
  CHECK(place.error().kind == ErrorKind::server);
  return "refused: " + place.error().message;
}

bool is_refused(const std::string& from, const std::string& location, const std::vector<std::string>& known = {}) {
  return led(from, location, known).starts_with("refused: ");
}

TEST_CASE("three statuses redirect") {
  for (const int status : {301, 302, 307}) CHECK(is_redirect(status));
  for (const int status : {0, 200, 300, 303, 304, 305, 308, 400}) CHECK_FALSE(is_redirect(status));
}

TEST_CASE("a redirect to the same host is followed") {
  CHECK(led("http://a:1", "http://a:1/v1/x?list=true") == "http://a:1/v1/x?list=true");
  CHECK(led("http://a:1", "http://a:2/v1/x") == "http://a:2/v1/x");
  CHECK(led("http://a:1", "HTTP://A:2/V1/X") == "http://a:2/V1/X");
  CHECK(led("http://a:1", "https://a:2/v1/x") == "https://a:2/v1/x");
  CHECK(led("https://a:1", "https://a/v1/x") == "https://a/v1/x");
  CHECK(led("http://[::1]:1", "http://[::1]:2/v1/x") == "http://[::1]:2/v1/x");
}

TEST_CASE("a path stays with the server") {
  CHECK(led("http://a:1", "/v1/x") == "http://a:1/v1/x");
  CHECK(led("https://a:1/vault", "/v1/x?a=b") == "https://a:1/v1/x?a=b");
  CHECK(led("unix:///run/a.sock", "/v1/x") == "http://%2Frun%2Fa.sock/v1/x");
}

TEST_CASE("a location without a path, and with a fragment") {
  CHECK(led("http://a:1", "http://a:1") == "http://a:1/");
  CHECK(led("http://a:1", "http://a:1?x=y") == "http://a:1/?x=y");
  CHECK(led("http://a:1", "http://a:1/v1/x#part") == "http://a:1/v1/x");
  CHECK(led("http://a:1", "/v1/x#part") == "http://a:1/v1/x");
  CHECK(led("http://a:1", "http://a:1#@b/") == "http://a:1/");
}

TEST_CASE("never from https to http") {
  CHECK(led("https://a:1", "http://a:1/v1/x") == "refused: redirect would cause protocol downgrade");
  CHECK(led("https://a:1", "HTTP://a:1/v1/x") == "refused: redirect would cause protocol downgrade");
  CHECK(is_refused("https://a:1", "http://b:1/v1/x", {"http://b:1"}));
}

TEST_CASE("another host only when an address names it") {
  CHECK(is_refused("http://a:1", "http://b:1/v1/x"));
  CHECK(is_refused("http://a:1", "http://b:1/v1/x", {"http://a:1", "http://c:1", "unix:///b"}));
  CHECK(led("http://a:1", "http://b:1/v1/x", {"http://a:1", "https://b:8200"}) == "http://b:1/v1/x");
  CHECK(is_refused("http://a:1", "http://a.b:1/v1/x"));
  CHECK(is_refused("http://a:1", "http://b.a:1/v1/x"));
  CHECK(is_refused("http://127.0.0.1:1", "http://localhost:1/v1/x"));
  CHECK(is_refused("unix:///run/a.sock", "http://localhost/v1/x"));
}

TEST_CASE("another host is named, so that it can be allowed") {
  const auto place = follow(at("http://a:1"), "https://b:8200/v1/x", {});
  REQUIRE_FALSE(place);
  CHECK(place.error().message.find("https://b:8200") != std::string::npos);
  CHECK(place.error().advice.find("https://b:8200") != std::string::npos);
}

TEST_CASE("tricks with who is meant") {
  for (const char* location : {"http://a@b/",
                               "http://a:1@b/",
                               "http://a:1@b:1/",
                               "http://b\\@a:1/",
                               "http://b\\.a:1/",
                               "//b/",
                               "//a:1/",
                               "http:/b/",
                               "http:b",
                               "http:///b/",
                               "http://a%2eb:1/",
                               "http://a%00.b/",
                               "http://a,b/",
                               "http://a;b/",
                               "://a:1/",
                               "a:1",
                               "?x",
                               "#x",
                               "x/y",
                               "http://[::1/",
                               "http://a:99999/",
                               "http://a:x/"}) {
    CHECK_MESSAGE(is_refused("http://a:1", location), location);
  }
}

TEST_CASE("other schemes") {
  for (const char* location :
       {"unix:///run/a.sock", "file:///etc/passwd", "ftp://a:1/", "gopher://a:1/", "javascript:alert(1)"}) {
    CHECK_MESSAGE(is_refused("http://a:1", location), location);
    CHECK_MESSAGE(is_refused("unix:///run/a.sock", location), location);
  }
}

TEST_CASE("no location") { CHECK(led("http://a:1", "").find("Location") != std::string::npos); }

TEST_CASE("what would have to be escaped is refused and not repeated") {
  for (const std::string& odd : {std::string(" "), std::string("\t"), std::string("\r\nX: y"), std::string("\0", 1),
                                 std::string("\x1b[31m"), std::string("\x7f"), std::string("\xc3\xa4")}) {
    for (const std::string& location : {"/v1/x" + odd, "http://a:1/" + odd, odd + "/v1/x", "http://b" + odd + "/"}) {
      const std::string text = led("http://a:1", location);
      CHECK(text.starts_with("refused: "));
      CHECK(text.find('\x1b') == std::string::npos);
    }
  }
}

}  // namespace
}  // namespace vtoken::remote
