// Addresses that a token may be bound to.
#pragma once

#include <string>

namespace vtoken::store {

/// Whether `text` is an IPv4 or IPv6 address, one with a prefix length ("10.0.0.0/8"), or an absolute path of a socket.
[[nodiscard]] bool is_address_or_block(const std::string& text);

}  // namespace vtoken::store
