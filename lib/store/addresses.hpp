// Addresses that a token may be bound to.
#pragma once

#include <string>

namespace vtoken::store {

/// Whether `text` is an IPv4 or IPv6 address, one with a prefix length ("10.0.0.0/8"), or an absolute path of a socket.
[[nodiscard]] bool is_address_or_block(const std::string& text);

/// The same without the prefix length of a single address, and an IPv4 address as one: "127.0.0.1" for
/// "127.0.0.1/32" and "::ffff:127.0.0.1".
[[nodiscard]] std::string shortest_block(const std::string& text);

/// Whether `text`, an address or a block of them, holds the IPv4 or IPv6 address `address`. A socket's path holds none.
[[nodiscard]] bool block_holds(const std::string& text, const std::string& address);

}  // namespace vtoken::store
