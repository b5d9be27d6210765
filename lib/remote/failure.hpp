// What libcurl's codes mean, in the words of Vault's own client where it has them.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "remote/address.hpp"
#include "remote/curl.hpp"

namespace vtoken::remote {

/// What is known of an exchange that brought no answer.
struct Broken {
  CURLcode code = CURLE_OK;
  std::string_view detail = {};   ///< libcurl's words
  long os_error = 0;              ///< errno of the connection
  long verify = 0;                ///< OpenSSL's verdict on the certificate (X509_V_…)
  bool sent = false;              ///< whether a byte of the request was sent
  std::string_view checked = {};  ///< the name that the certificate was to have
};

/// The failure of asking `address`; its context is empty. `trusted`: Trust::described().
[[nodiscard]] Error explain(const Broken& broken, const Address& address, const std::string& trusted);

}  // namespace vtoken::remote
