// Which proxy stands before a server.
#pragma once

#include <string>
#include <string_view>

#include "remote/address.hpp"
#include "remote/remote.hpp"

namespace vtoken::remote {

/// The proxy's URL; empty to ask the server itself. `Proxy::except` is left to libcurl.
[[nodiscard]] std::string proxy_for(const Proxy& proxy, const Address& address);

/// Whether `url` can be a proxy's: HOST:PORT, perhaps with a scheme (http, https, socks4, socks4a, socks5 or socks5h)
/// and with USER:PASSWORD@.
[[nodiscard]] bool is_proxy(std::string_view url);

}  // namespace vtoken::remote
