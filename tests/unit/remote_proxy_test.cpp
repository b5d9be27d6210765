#include <doctest/doctest.h>

#include "remote/proxy.hpp"

namespace vtoken::remote {
namespace {

TEST_CASE("what a proxy's URL can be") {
  for (const char* url : {"proxy", "proxy:3128", "http://proxy:3128", "https://proxy/", "socks5h://[::1]:1080",
                          "http://me:p@ss:word@proxy:1", "me@10.0.0.1:80"}) {
    CAPTURE(url);
    CHECK(is_proxy(url));
  }
  for (const char* url : {"", "http://", "ftp://proxy", "unix:///x", "http://[proxy", "http://proxy:0", "proxy:99999",
                          "a b", "me:secret@", "file:///etc/passwd", "http://proxy?x"}) {
    CAPTURE(url);
    CHECK_FALSE(is_proxy(url));
  }
}

TEST_CASE("which proxy stands before a server") {
  Proxy proxy;
  proxy.for_http = "http://h";
  proxy.for_https = "http://s";
  const auto chosen = [&proxy](const char* address) { return proxy_for(proxy, *parse_address(address)); };
  CHECK(chosen("http://vault.example") == "http://h");
  CHECK(chosen("https://vault.example") == "http://s");
  CHECK(chosen("https://localhost").empty());
  CHECK(chosen("http://127.0.0.1:8200").empty());
  CHECK(chosen("unix:///run/x").empty());
  proxy.always = "http://a";
  CHECK(chosen("http://127.0.0.1:8200") == "http://a");
  CHECK(chosen("unix:///run/x").empty());
}

}  // namespace
}  // namespace vtoken::remote
