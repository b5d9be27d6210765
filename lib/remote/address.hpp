// A server's address, taken apart.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace vtoken::remote {

struct Address {
  std::string text;    ///< as given, without slashes at its end: what people are told
  std::string scheme;  ///< "http", "https" or "unix"
  std::string host;    ///< in lower case, without brackets; empty for a socket
  std::string port;    ///< "8200"; the scheme's own when none was given; empty for a socket
  std::string path;    ///< a prefix such as "/vault", or the socket's path
  bool has_port = false;
  std::string announced;  ///< what the Host header says; empty: the endpoint itself

  /// "host:8200", with brackets where they belong.
  [[nodiscard]] std::string endpoint() const;
  /// What libcurl connects to: "https://host:8200", or "http://localhost" for a socket.
  [[nodiscard]] std::string origin() const;
};

/// Fails with usage, naming what is wrong and never a password in it.
[[nodiscard]] Result<Address> parse_address(std::string_view text);

/// Whether the address leads to this machine itself: such addresses are asked without a proxy.
[[nodiscard]] bool is_loopback(const Address& address);

}  // namespace vtoken::remote
