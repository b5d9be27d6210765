#include "remote/address.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace vtoken::remote {
namespace {

tl::unexpected<Error> bad(std::string_view text, std::string why) {
  return fail(ErrorKind::usage, std::move(why), std::string(text));
}

bool is_port(std::string_view text) {
  if (text.empty() || text.size() > 5) return false;
  int number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    number = number * 10 + (c - '0');
  }
  return number > 0 && number <= 65535;
}

// Letters, digits and what IPv6 addresses and zones are written with: nothing that another parser could split at.
bool is_host(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~:%").find(c) != std::string_view::npos;
  });
}

// "host", "host:8200" or "[::1]:8200".
Result<void> split_host(std::string_view authority, std::string_view whole, Address& address) {
  std::string_view port;
  if (authority.starts_with('[')) {
    const auto close = authority.find(']');
    if (close == std::string_view::npos) return bad(whole, "the bracket of the IPv6 address is not closed");
    address.host = lower(authority.substr(1, close - 1));
    port = authority.substr(close + 1);
  } else {
    const auto colon = authority.find(':');
    if (colon != std::string_view::npos && authority.find(':', colon + 1) != std::string_view::npos)
      return bad(whole, "an IPv6 address stands in brackets, as in https://[::1]:8200");
    address.host = lower(authority.substr(0, colon));
    port = colon == std::string_view::npos ? std::string_view() : authority.substr(colon);
  }
  if (address.host.empty()) return bad(whole, "the address names no host");
  if (!is_host(address.host)) return bad(whole, "the host has a character that no host has");
  if (port.empty() || port == ":") return {};
  if (port.front() != ':' || !is_port(port.substr(1))) return bad(whole, "the port is no number from 1 to 65535");
  address.port = std::string(port.substr(1));
  address.has_port = true;
  return {};
}

std::string bracketed(const std::string& host) {
  return host.find(':') == std::string::npos ? host : fmt::format("[{}]", host);
}

}  // namespace

std::string Address::endpoint() const { return fmt::format("{}:{}", bracketed(host), port); }

std::string Address::origin() const {
  if (scheme == "unix") return "http://localhost";
  return has_port ? fmt::format("{}://{}", scheme, endpoint()) : fmt::format("{}://{}", scheme, bracketed(host));
}

Result<Address> parse_address(std::string_view text) {
  Address address;
  while (text.size() > 1 && text.ends_with('/')) text.remove_suffix(1);
  if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7F; }))
    return bad("the address", "holds white space or a control character");
  const auto colon = text.find("://");
  if (colon == std::string_view::npos || colon == 0)
    return bad(text, "the address has no scheme: write https://HOST:PORT, http://HOST:PORT or unix:///PATH");
  address.text = std::string(text);
  address.scheme = lower(text.substr(0, colon));
  std::string_view rest = text.substr(colon + 3);
  if (address.scheme == "unix") {
    if (!rest.starts_with('/')) return bad(text, "a socket's path starts with a slash: unix:///PATH");
    address.path = std::string(rest);
    return address;
  }
  if (address.scheme != "http" && address.scheme != "https")
    return bad(text, "the scheme is none of https, http, unix and file");
  address.port = address.scheme == "https" ? "443" : "80";
  const auto slash = rest.find_first_of("/?#");
  const std::string_view authority = rest.substr(0, slash);
  if (authority.find('@') != std::string_view::npos)
    return bad("the address", "holds a user name or password, which servers do not take");
  if (auto split = split_host(authority, text, address); !split) return tl::unexpected(split.error());
  if (slash == std::string_view::npos) return address;
  address.path = std::string(rest.substr(slash));
  if (address.path.find_first_of("?#") != std::string::npos)
    return bad(text, "the address has a query or a fragment: it ends with its path");
  return address;
}

bool is_loopback(const Address& address) {
  const std::string& host = address.host;
  const bool digits = host.find_first_not_of("0123456789.") == std::string::npos;
  return address.scheme == "unix" || host == "localhost" || host == "::1" || (digits && host.starts_with("127."));
}

}  // namespace vtoken::remote
