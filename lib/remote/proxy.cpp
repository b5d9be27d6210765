#include "remote/proxy.hpp"

#include <algorithm>
#include <array>

namespace vtoken::remote {

std::string proxy_for(const Proxy& proxy, const Address& address) {
  if (address.scheme == "unix") return {};
  if (!proxy.always.empty()) return proxy.always;
  if (is_loopback(address)) return {};
  return address.scheme == "https" ? proxy.for_https : proxy.for_http;
}

bool is_proxy(std::string_view url) {
  constexpr std::array<std::string_view, 6> kSchemes = {"http", "https", "socks4", "socks4a", "socks5", "socks5h"};
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos) {
    if (std::find(kSchemes.begin(), kSchemes.end(), url.substr(0, scheme)) == kSchemes.end()) return false;
    url.remove_prefix(scheme + 3);
  }
  if (const auto user = url.rfind('@'); user != std::string_view::npos) url.remove_prefix(user + 1);
  return parse_address("http://" + std::string(url)).has_value();
}

}  // namespace vtoken::remote
