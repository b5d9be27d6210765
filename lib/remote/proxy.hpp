// Which proxy stands before a server.
#pragma once

#include <string>

#include "remote/address.hpp"
#include "remote/remote.hpp"

namespace vtoken::remote {

/// The proxy's URL; empty to ask the server itself. `Proxy::except` is left to libcurl.
[[nodiscard]] std::string proxy_for(const Proxy& proxy, const Address& address);

}  // namespace vtoken::remote
