// Vault and OpenBao servers over HTTP, behind the same seam as the store.
//
// libcurl is loaded when the first server is opened, so that commands which ask none do not pay for it.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "core/backend.hpp"

namespace vtoken::remote {

/// What is trusted, and what we show. Empty members are not set. With none of the first three the system's
/// certificates are trusted; otherwise only those of the first that is set.
struct Tls {
  std::string ca_file = {};           ///< PEM certificates
  std::string ca_bytes = {};          ///< the same, in memory
  std::string ca_folder = {};         ///< whose files are all PEM certificates, whatever their names
  std::string system_ca_file = {};    ///< instead of the system's own, as SSL_CERT_FILE says
  std::string system_ca_folder = {};  ///< instead of the system's own, as SSL_CERT_DIR says
  std::string client_cert = {};       ///< PEM file
  std::string client_key = {};        ///< PEM file
  std::string client_cert_bytes = {};
  SecretString client_key_bytes = {};
  std::string server_name = {};  ///< checked, and asked for by SNI, instead of the address's host
  bool skip_verify = false;
};

/// Which proxy is asked instead of the server. Loopback addresses go direct unless `always` is set.
struct Proxy {
  std::string always = {};    ///< a URL, for every address; the members below are then not used
  std::string for_http = {};  ///< for http:// addresses
  std::string for_https = {};
  std::string except = {};  ///< as NO_PROXY: hosts and domains, separated by commas; "*" for all
};

struct Settings {
  /// "https://host:8200", "http://…" or "unix:///path"; several are tried in turn when one cannot be reached.
  std::vector<std::string> addresses = {};
  Tls tls = {};
  Proxy proxy = {};
  std::chrono::milliseconds timeout = std::chrono::seconds(60);  ///< of one request, redirect included; 0 for none
  bool follow_redirects = true;       ///< one; never from https to http, and never to a host that no address names
  bool srv_lookup = false;            ///< an address without a port: ask DNS for its SRV record, as VAULT_SRV_LOOKUP
  std::size_t body_limit = 64 << 20;  ///< bytes of an answer that handle() holds; a longer one is a failure (damaged)
  std::size_t at_once = 32;           ///< requests in flight during submit()
};

/// Opens no connection yet, but asks DNS when `srv_lookup` says so. Fails with usage for an address that is none,
/// not_found or io for a certificate file that cannot be read, and unreachable when libcurl cannot be loaded.
///
/// Failures of the back end's calls: unreachable, untrusted and lost as base/result.hpp says, damaged for an answer
/// that is no HTTP or too long. Each names the request and the address in Go's words, and holds no token.
[[nodiscard]] Result<std::unique_ptr<Backend>> open(Settings settings);

}  // namespace vtoken::remote
