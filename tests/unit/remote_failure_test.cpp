#include <doctest/doctest.h>

#include <cerrno>
#include <string>

#include "remote/failure.hpp"

namespace vtoken::remote {
namespace {

Error explained(const Broken& broken, const std::string& address = "https://vault.example:8200") {
  return explain(broken, *parse_address(address), "the certificates in /etc/ca.pem");
}

Broken broken(CURLcode code, bool sent, std::string_view detail = {}, long os_error = 0) {
  Broken out;
  out.code = code;
  out.sent = sent;
  out.detail = detail;
  out.os_error = os_error;
  return out;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_CASE("a handshake that is cut says nothing of the certificate") {
  // libcurl's verdict begins as "unspecified error".
  for (const char* detail : {"OpenSSL SSL_connect: Connection reset by peer in connection to 127.0.0.1:8200 ",
                             "OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to 127.0.0.1:8200 ",
                             "TLS connect error: error:0A000126:SSL routines::unexpected eof while reading"}) {
    Broken cut = broken(CURLE_SSL_CONNECT_ERROR, false, detail);
    cut.verify = 1;
    CHECK(explained(cut).kind == ErrorKind::unreachable);
  }
}

TEST_CASE("no connection: nothing was asked") {
  const Error refused = explained(broken(CURLE_COULDNT_CONNECT, false, "Failed to connect", ECONNREFUSED));
  CHECK(refused.kind == ErrorKind::unreachable);
  CHECK(refused.message == "dial tcp vault.example:8200: connect: connection refused");
  CHECK(holds(refused.advice, "VAULT_ADDR"));
  const Error unknown = explained(broken(CURLE_COULDNT_RESOLVE_HOST, false));
  CHECK(unknown.kind == ErrorKind::unreachable);
  CHECK(holds(unknown.message, "lookup vault.example"));
  CHECK(holds(unknown.message, "no such host"));
  const Error slow = explained(broken(CURLE_OPERATION_TIMEDOUT, false));
  CHECK(slow.kind == ErrorKind::unreachable);
  CHECK(holds(slow.message, "timeout"));
  CHECK(explained(broken(CURLE_COULDNT_RESOLVE_PROXY, false)).kind == ErrorKind::unreachable);
  CHECK(holds(explained(broken(CURLE_PROXY, false)).message, "proxy"));
}

TEST_CASE("a socket is named by its path") {
  const Error missing = explained(broken(CURLE_COULDNT_CONNECT, false, "", ENOENT), "unix:///run/bao.sock");
  CHECK(missing.message == "dial unix /run/bao.sock: connect: no such file or directory");
  CHECK(holds(explained(broken(CURLE_COULDNT_CONNECT, false, "", EACCES), "unix:///run/bao.sock").advice, "user"));
}

TEST_CASE("lost: it may have been asked") {
  for (const CURLcode code : {CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_SEND_FAIL_REWIND, CURLE_RECV_ERROR,
                              CURLE_SEND_ERROR, CURLE_OPERATION_TIMEDOUT, CURLE_HTTP2, CURLE_HTTP2_STREAM}) {
    const Error error = explained(broken(code, true, "some words"));
    CHECK_MESSAGE(error.kind == ErrorKind::lost, code);
    CHECK_FALSE(error.message.empty());
  }
  CHECK(explained(broken(CURLE_GOT_NOTHING, true)).message == "EOF");
  CHECK(explained(broken(CURLE_PARTIAL_FILE, true)).message == "unexpected EOF");
  CHECK(explained(broken(CURLE_OPERATION_TIMEDOUT, true)).message == "context deadline exceeded");
  CHECK(holds(explained(broken(CURLE_OPERATION_TIMEDOUT, true)).advice, "VAULT_CLIENT_TIMEOUT"));
  CHECK(holds(explained(broken(CURLE_RECV_ERROR, true, "", ECONNRESET)).message, "connection reset by peer"));
  CHECK_FALSE(explained(broken(CURLE_RECV_ERROR, true)).message.empty());
}

TEST_CASE("not sent: a broken connection lost nothing") {
  CHECK(explained(broken(CURLE_SEND_ERROR, false, "", EPIPE)).kind == ErrorKind::unreachable);
}

TEST_CASE("no HTTP") {
  for (const CURLcode code : {CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING}) {
    const Error error = explained(broken(code, true, "Header without colon"));
    CHECK(error.kind == ErrorKind::damaged);
    CHECK(holds(error.message, "Header without colon"));
  }
}

TEST_CASE("TLS that failed is never asked again") {
  for (const CURLcode code : {CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR,
                              CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE}) {
    CHECK_MESSAGE(explained(broken(code, false)).kind == ErrorKind::untrusted, code);
  }
}

// OpenSSL's verdicts.
Error verdict(long verify, std::string_view detail = "SSL certificate problem") {
  Broken out = broken(CURLE_PEER_FAILED_VERIFICATION, false, detail);
  out.verify = verify;
  return explained(out);
}

TEST_CASE("why a certificate is not trusted") {
  CHECK(holds(verdict(10).message, "expired"));
  CHECK(holds(verdict(10).advice, "clock"));
  CHECK(holds(verdict(9).advice, "not valid yet"));
  CHECK(holds(verdict(18).message, "unknown authority"));
  CHECK(holds(verdict(20).advice, "/etc/ca.pem"));
  CHECK(holds(verdict(20).advice, "VAULT_CACERT"));
  const Error name =
      verdict(0, "SSL: no alternative certificate subject name matches target host name 'vault.example'");
  CHECK(holds(name.message, "not valid for"));
  CHECK(holds(name.advice, "-tls-server-name"));
}

TEST_CASE("plain HTTP at an address of https") {
  const Error error =
      explained(broken(CURLE_SSL_CONNECT_ERROR, false, "error:0A00010B:SSL routines::wrong version number"));
  CHECK(error.kind == ErrorKind::untrusted);
  CHECK(error.message == "http: server gave HTTP response to HTTPS client");
  CHECK(holds(error.advice, "http://"));
}

TEST_CASE("a server that wants a certificate") {
  const Error error = explained(broken(CURLE_RECV_ERROR, true, "OpenSSL SSL_read: tlsv13 alert certificate required"));
  CHECK(error.kind == ErrorKind::untrusted);
  CHECK(holds(error.advice, "-client-cert"));
  CHECK(error.message == "remote error: tls: certificate required");
  CHECK(
      explained(broken(CURLE_RECV_ERROR, true, "OpenSSL SSL_read: error:1::tlsv1 alert unknown ca, errno 0")).message ==
      "remote error: tls: unknown ca");
}

TEST_CASE("every code has words and a kind") {
  for (int code = 1; code < CURL_LAST; ++code) {
    for (const bool sent : {false, true}) {
      const Error error = explained(broken(static_cast<CURLcode>(code), sent));
      CHECK_MESSAGE(!error.message.empty(), code);
      CHECK(error.context.empty());
      // "Nothing was asked" is a promise: a write is sent again.
      if (sent && error.kind == ErrorKind::unreachable)
        CHECK_MESSAGE((code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST ||
                       code == CURLE_COULDNT_RESOLVE_PROXY || code == CURLE_PROXY),
                      code);
    }
  }
}

}  // namespace
}  // namespace vtoken::remote
