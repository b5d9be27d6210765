#include <doctest/doctest.h>

#include <string>

#include "core/url.hpp"

namespace vtoken {
namespace {

std::string target(Method method, const std::string& path, const std::string& prefix = {}) {
  return request_target(Request{method, path}, prefix);
}

TEST_CASE("a path stands behind the version, and a list asks for one") {
  CHECK(target(Method::get, "auth/token/lookup-self") == "/v1/auth/token/lookup-self");
  CHECK(target(Method::list, "auth/token/roles") == "/v1/auth/token/roles?list=true");
  CHECK(target(Method::put, "sys/x", "/vault") == "/vault/v1/sys/x");
}

TEST_CASE("slashes, dots and double dots are resolved") {
  CHECK(target(Method::get, "a//b/./c/") == "/v1/a/b/c");
  CHECK(target(Method::get, "a/../b") == "/v1/b");
  CHECK(target(Method::get, "../../../b") == "/b");
  CHECK(target(Method::get, "..") == "/");
}

TEST_CASE("what would end the path or the line is escaped") {
  CHECK(target(Method::get, "a?b#c") == "/v1/a%3Fb%23c");
  CHECK(target(Method::get, "a b\r\nX: y") == "/v1/a%20b%0D%0AX:%20y");
  CHECK(target(Method::get, "a%20b") == "/v1/a%2520b");
  CHECK(target(Method::get, std::string("a\0b", 3)) == "/v1/a%00b");
  CHECK(target(Method::get, "\xc3\xa4\\\x7f") == "/v1/%C3%A4%5C%7F");
  CHECK(target(Method::get, "-_.~$&+,:;=@") == "/v1/-_.~$&+,:;=@");
}

TEST_CASE("a query is sorted by name and escaped") {
  Request request{Method::list, "p"};
  request.query = {{"z", "1"}, {"a&b", "c=d e+f"}, {"z", "0"}};
  CHECK(request_target(request) == "/v1/p?a%26b=c%3Dd+e%2Bf&list=true&z=1&z=0");
  request.method = Method::get;
  request.query = {{"a", "\n"}};
  CHECK(request_target(request) == "/v1/p?a=%0A");
}

}  // namespace
}  // namespace vtoken
