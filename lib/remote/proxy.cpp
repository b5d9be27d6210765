#include "remote/proxy.hpp"

namespace vtoken::remote {

std::string proxy_for(const Proxy& proxy, const Address& address) {
  if (address.scheme == "unix") return {};
  if (!proxy.always.empty()) return proxy.always;
  if (is_loopback(address)) return {};
  return address.scheme == "https" ? proxy.for_https : proxy.for_http;
}

}  // namespace vtoken::remote
