// What is trusted and shown in TLS, read and checked once.
#pragma once

#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "remote/curl.hpp"
#include "remote/remote.hpp"

namespace vtoken::remote {

class Trust {
 public:
  /// Reads the folder of certificates. Fails with not_found or io when a named file or folder cannot be read, with
  /// usage when there is a certificate without its key or the reverse, each naming what is wrong.
  [[nodiscard]] static Result<Trust> load(Tls tls);

  /// Sets all of TLS on a handle. What is set is borrowed.
  void apply(const CurlApi& api, CURL* handle) const;

  [[nodiscard]] const Tls& tls() const noexcept { return tls_; }
  /// What was trusted, for people: "the certificates in /etc/ca.pem".
  [[nodiscard]] std::string described() const;

 private:
  explicit Trust(Tls tls) : tls_(std::move(tls)) {}

  Tls tls_;
  std::string authorities_;  // PEM, when they are not one file
  std::string system_;       // PEM, of folders that OpenSSL cannot search
};

}  // namespace vtoken::remote
