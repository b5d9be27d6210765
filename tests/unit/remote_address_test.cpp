#include <doctest/doctest.h>

#include <string>

#include "remote/address.hpp"
#include "remote/proxy.hpp"

namespace vtoken::remote {
namespace {

Address address(const std::string& text) {
  CAPTURE(text);
  auto parsed = parse_address(text);
  REQUIRE(parsed);
  return *parsed;
}

TEST_CASE("an address is scheme, host, port and path") {
  const Address whole = address("HTTPS://Vault.Example:8200/team/vault//");
  CHECK(whole.text == "HTTPS://Vault.Example:8200/team/vault");
  CHECK(whole.scheme == "https");
  CHECK(whole.host == "vault.example");
  CHECK(whole.port == "8200");
  CHECK(whole.has_port);
  CHECK(whole.path == "/team/vault");
  CHECK(whole.endpoint() == "vault.example:8200");
  CHECK(whole.origin() == "https://vault.example:8200");
}

TEST_CASE("the scheme has a port of its own") {
  CHECK(address("http://a").port == "80");
  CHECK(address("https://a").port == "443");
  CHECK(address("https://a").endpoint() == "a:443");
  CHECK(address("https://a").origin() == "https://a");
  CHECK_FALSE(address("https://a").has_port);
  CHECK_FALSE(address("https://a:").has_port);
  CHECK(address("https://a:443").origin() == "https://a:443");
}

TEST_CASE("IPv6 stands in brackets") {
  const Address six = address("http://[::1]:8200");
  CHECK(six.host == "::1");
  CHECK(six.port == "8200");
  CHECK(six.endpoint() == "[::1]:8200");
  CHECK(six.origin() == "http://[::1]:8200");
  CHECK(address("https://[FE80::1]").origin() == "https://[fe80::1]");
  CHECK(address("https://[fe80::1]").port == "443");
}

TEST_CASE("a socket is a path") {
  const Address socket = address("unix:///run/bao.sock");
  CHECK(socket.scheme == "unix");
  CHECK(socket.path == "/run/bao.sock");
  CHECK(socket.host.empty());
  CHECK(socket.port.empty());
  CHECK(socket.origin() == "http://localhost");
}

// The failure's text.
std::string refused(const std::string& text) {
  CAPTURE(text);
  const auto parsed = parse_address(text);
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().kind == ErrorKind::usage);
  CHECK_FALSE(parsed.error().message.empty());
  return parsed.error().text();
}

TEST_CASE("what is no address is refused") {
  for (const char* text : {"", "/", "://", "://a", "a", "a:8200", "127.0.0.1:8200", "http", "http:", "http:/a",
                           "http://", "http:///v1", "http://:8200", "http://?a", "http://#a"}) {
    refused(text);
  }
}

TEST_CASE("other schemes are refused") {
  for (const char* text : {"ftp://a", "file:///etc/passwd", "gopher://a", "ws://a", "httpss://a", "http2://a",
                           "unix://a", "unix://", "unix:a", "http+unix:///a"}) {
    refused(text);
  }
}

TEST_CASE("a port is a number from 1 to 65535") {
  CHECK(address("http://a:1").port == "1");
  CHECK(address("http://a:65535").port == "65535");
  for (const char* port : {"0", "65536", "99999", "123456", "-1", "+1", "80a", "a", "8200:1", "0x50", "1.5"}) {
    refused(std::string("http://a:") + port);
    refused(std::string("http://[::1]:") + port);
  }
  refused("http://[::1]8200");
}

TEST_CASE("IPv6 without its brackets is refused") {
  CHECK(refused("http://::1").find("brackets") != std::string::npos);
  CHECK(refused("http://fe80::1:8200").find("brackets") != std::string::npos);
  refused("http://[::1");
  refused("http://[]");
  refused("http://[]:8200");
}

TEST_CASE("a user or a password is refused and not repeated") {
  for (const char* text :
       {"https://me@vault.example", "https://me:hunter2@vault.example:8200", "https://:hunter2@vault.example",
        "https://vault.example:hunter2@evil.example", "https://@vault.example"}) {
    CHECK(refused(text).find("hunter2") == std::string::npos);
  }
}

TEST_CASE("a query and a fragment are refused") {
  for (const char* text : {"https://a?b=c", "https://a/?b", "https://a/v1#x", "https://a#x", "https://a/b?c#d"}) {
    refused(text);
  }
}

TEST_CASE("white space and control characters are refused and not repeated") {
  for (const char c : {' ', '\t', '\n', '\r', '\v', '\0', '\x1b', '\x7f'}) {
    for (const std::string before : {"", "https://", "https://a", "https://a:82", "https://a/b", "unix:///a"}) {
      CHECK(refused(before + c + "b").find(c == ' ' ? "https://a b" : std::string(1, c)) == std::string::npos);
    }
  }
}

TEST_CASE("a host has no characters that another reader could split at") {
  for (const char* host : {"a\\b", "a,b", "a;b", "a|b", "a\"b", "a'b", "a<b", "a{b}", "a^b", "a`b", "a*b", "a!b", "a$b",
                           "a&b", "a(b)", "a=b", "a+b", "b\xc3\xbc\x63her"}) {
    refused(std::string("https://") + host);
    refused(std::string("https://") + host + ":8200");
  }
}

TEST_CASE("this machine is asked without a proxy") {
  for (const char* text : {"http://127.0.0.1:1", "http://127.9.9.9", "http://localhost", "http://LOCALHOST:1",
                           "https://[::1]:1", "unix:///a"}) {
    CHECK_MESSAGE(is_loopback(address(text)), text);
  }
  for (const char* text : {"http://128.0.0.1", "http://127.example", "http://localhost.example", "http://10.0.0.1",
                           "https://[fe80::1]", "http://1127.0.0.1"}) {
    CHECK_MESSAGE(!is_loopback(address(text)), text);
  }
}

TEST_CASE("which proxy stands before a server") {
  Proxy proxy;
  proxy.for_http = "http://p:1";
  proxy.for_https = "http://p:2";
  CHECK(proxy_for(proxy, address("http://vault.example")) == "http://p:1");
  CHECK(proxy_for(proxy, address("https://vault.example")) == "http://p:2");
  CHECK(proxy_for(proxy, address("http://127.0.0.1:8200")).empty());
  CHECK(proxy_for(proxy, address("unix:///a")).empty());
  proxy.always = "http://p:3";
  CHECK(proxy_for(proxy, address("http://vault.example")) == "http://p:3");
  CHECK(proxy_for(proxy, address("https://vault.example")) == "http://p:3");
  CHECK(proxy_for(proxy, address("http://127.0.0.1:8200")) == "http://p:3");
  CHECK(proxy_for(proxy, address("unix:///a")).empty());
}

}  // namespace
}  // namespace vtoken::remote
