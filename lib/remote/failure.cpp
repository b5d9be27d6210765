#include "remote/failure.hpp"

#include <fmt/format.h>

#include <cctype>
#include <cerrno>
#include <cstring>

namespace vtoken::remote {
namespace {

// OpenSSL's verdicts (openssl/x509_vfy.h), which libcurl passes on.
constexpr long kNotYetValid = 9;
constexpr long kExpired = 10;

constexpr std::string_view kIsItUp = "Is the server running, and is its address right (VAULT_ADDR, -address)?";

bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// Go writes the system's words in lower case.
std::string system_text(long error) {
  std::string text =
      strerrordesc_np(static_cast<int>(error)) != nullptr ? strerrordesc_np(static_cast<int>(error)) : "";
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

std::string dialled(const Address& address) {
  return address.scheme == "unix" ? fmt::format("dial unix {}", address.path)
                                  : fmt::format("dial tcp {}", address.endpoint());
}

Error error(ErrorKind kind, std::string message, std::string advice = {}) {
  return Error{kind, std::move(message), {}, std::move(advice)};
}

Error not_connected(const Broken& broken, const Address& address) {
  const std::string why =
      broken.os_error != 0 ? "connect: " + system_text(broken.os_error) : std::string(broken.detail);
  if (address.scheme == "unix" && (broken.os_error == EACCES || broken.os_error == EPERM)) {
    return error(ErrorKind::unreachable, fmt::format("{}: {}", dialled(address), why),
                 "The socket may not be used by this user.");
  }
  return error(ErrorKind::unreachable, fmt::format("{}: {}", dialled(address), why), std::string(kIsItUp));
}

// "…:SSL routines::tlsv1 alert unknown ca, errno 0" without what is before and behind the alert's name.
std::string_view alert_text(std::string_view detail) {
  constexpr std::string_view kAlert = "alert ";
  const auto alert = detail.find(kAlert);
  if (alert == std::string_view::npos) return detail;
  detail.remove_prefix(alert + kAlert.size());
  return detail.substr(0, detail.find(','));
}

// The handshake failed, or the certificate was not accepted.
Error untrusted(const Broken& broken, const std::string& trusted) {
  const std::string detail(broken.detail);
  if (holds(detail, "wrong version number") || holds(detail, "unknown protocol") || holds(detail, "http request")) {
    return error(ErrorKind::untrusted, "http: server gave HTTP response to HTTPS client",
                 "The server speaks plain HTTP there: its address begins with http://, if that is meant.");
  }
  constexpr std::string_view kFailed = "tls: failed to verify certificate: x509: ";
  if (broken.verify == kExpired || broken.verify == kNotYetValid) {
    return error(ErrorKind::untrusted, fmt::format("{}certificate has expired or is not yet valid", kFailed),
                 broken.verify == kExpired
                     ? "The server's certificate has expired: it needs a new one. Is this machine's clock right?"
                     : "The server's certificate is not valid yet. Is this machine's clock right?");
  }
  if (holds(detail, "no alternative certificate subject name") || holds(detail, "certificate subject name") ||
      holds(detail, "does not match target host")) {
    return error(ErrorKind::untrusted, fmt::format("{}certificate is not valid for {}", kFailed, broken.checked),
                 "The certificate is for other names: ask the server by one of them, or give the name with "
                 "-tls-server-name or VAULT_TLS_SERVER_NAME.");
  }
  if (broken.verify != 0 || broken.code == CURLE_PEER_FAILED_VERIFICATION) {
    return error(ErrorKind::untrusted, fmt::format("{}certificate signed by unknown authority", kFailed),
                 fmt::format("Trusted were {}. Name the file of the authority that signed the server's certificate: "
                             "-ca-cert=FILE or VAULT_CACERT.",
                             trusted));
  }
  if (holds(detail, "alert")) {
    const bool wants = holds(detail, "certificate required") || holds(detail, "bad certificate") ||
                       holds(detail, "unknown ca") || holds(detail, "handshake failure");
    return error(ErrorKind::untrusted, fmt::format("remote error: tls: {}", alert_text(detail)),
                 wants ? "The server asks for a certificate that it trusts: -client-cert and -client-key, or "
                         "VAULT_CLIENT_CERT and VAULT_CLIENT_KEY."
                       : "");
  }
  return error(ErrorKind::untrusted, fmt::format("tls: {}", detail.empty() ? "the handshake failed" : detail));
}

Error no_answer(const Broken& broken, const Address& address) {
  if (holds(broken.detail, "CONNECT tunnel failed") || holds(broken.detail, "Proxy CONNECT")) {
    return error(ErrorKind::unreachable, fmt::format("the proxy refused: {}", broken.detail),
                 "The proxy comes from VAULT_PROXY_ADDR, VAULT_HTTP_PROXY, HTTPS_PROXY or HTTP_PROXY.");
  }
  if (broken.code == CURLE_GOT_NOTHING)
    return error(ErrorKind::lost, "EOF", "The server closed the connection without an answer.");
  if (broken.code == CURLE_PARTIAL_FILE) return error(ErrorKind::lost, "unexpected EOF", "The answer was cut off.");
  if (broken.code == CURLE_SEND_FAIL_REWIND)
    return error(ErrorKind::lost, "EOF",
                 "The server closed the connection; whether it did what it was asked is not known.");
  const std::string why = broken.os_error != 0 ? system_text(broken.os_error) : std::string(broken.detail);
  // With TLS 1.3 a client's certificate is refused after the handshake: the alert may be lost with the connection.
  const bool closed = broken.os_error == EPIPE || broken.os_error == ECONNRESET;
  return error(broken.sent ? ErrorKind::lost : ErrorKind::unreachable, why.empty() ? "connection lost" : why,
               closed && address.scheme == "https"
                   ? "The server closed the connection. If it asks for a client certificate, give one that it trusts: "
                     "-client-cert and -client-key."
                   : "");
}

// The connection ended during the handshake, as when a server is stopped: nothing is known of its certificate, whatever
// the verdict says, which begins as a bad one.
bool is_cut_handshake(const Broken& broken) {
  if (broken.code != CURLE_SSL_CONNECT_ERROR) return false;
  return broken.os_error == ECONNRESET || broken.os_error == EPIPE || holds(broken.detail, "SSL_ERROR_SYSCALL") ||
         holds(broken.detail, "unexpected eof") || holds(broken.detail, "Connection reset by peer");
}

bool is_tls(const Broken& broken) {
  switch (broken.code) {
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CLIENTCERT:
    case CURLE_SSL_CIPHER: return true;
    default: return broken.code == CURLE_RECV_ERROR && holds(broken.detail, "alert");
  }
}

}  // namespace

Error explain(const Broken& broken, const Address& address, const std::string& trusted) {
  if (is_cut_handshake(broken)) {
    return error(ErrorKind::unreachable, "EOF", "The server closed the connection during the TLS handshake.");
  }
  if (is_tls(broken)) return untrusted(broken, trusted);
  switch (broken.code) {
    case CURLE_COULDNT_CONNECT: return not_connected(broken, address);
    case CURLE_COULDNT_RESOLVE_HOST:
      return error(ErrorKind::unreachable, fmt::format("dial tcp: lookup {}: no such host", address.host),
                   std::string(kIsItUp));
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
      return error(ErrorKind::unreachable, fmt::format("the proxy cannot be reached: {}", broken.detail),
                   "The proxy comes from VAULT_PROXY_ADDR, VAULT_HTTP_PROXY, HTTPS_PROXY or HTTP_PROXY.");
    case CURLE_OPERATION_TIMEDOUT:
      return broken.sent ? error(ErrorKind::lost, "context deadline exceeded",
                                 "The server did not answer in time; whether it did what it was asked is not known. "
                                 "VAULT_CLIENT_TIMEOUT sets the limit.")
                         : error(ErrorKind::unreachable, fmt::format("{}: i/o timeout", dialled(address)),
                                 std::string(kIsItUp));
    case CURLE_SSL_CACERT_BADFILE:
      return error(ErrorKind::untrusted, fmt::format("{} hold no PEM certificate that can be read", trusted));
    case CURLE_SSL_CERTPROBLEM:
      return error(ErrorKind::untrusted,
                   fmt::format("the client certificate or its key cannot be used: {}", broken.detail));
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
      return error(ErrorKind::damaged, fmt::format("malformed HTTP response: {}", broken.detail),
                   "What listens there is hardly a Vault or OpenBao server.");
    case CURLE_URL_MALFORMAT: return error(ErrorKind::usage, "the address cannot be used");
    case CURLE_OUT_OF_MEMORY: return error(ErrorKind::io, "out of memory");
    default: return no_answer(broken, address);
  }
}

}  // namespace vtoken::remote
