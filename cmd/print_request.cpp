#include "cmd/print_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ostream>

namespace vtoken::cmd {
namespace {

// Paths whose policies need "sudo"; the second list is of those with something below them.
constexpr std::array<std::string_view, 15> kSudo = {"auth/token/accessors",
                                                    "auth/token/revoke-orphan",
                                                    "pki/root",
                                                    "pki/root/sign-self-issued",
                                                    "sys/audit",
                                                    "sys/config/auditing/request-headers",
                                                    "sys/config/cors",
                                                    "sys/config/ui/headers",
                                                    "sys/leases",
                                                    "sys/leases/lookup",
                                                    "sys/raw",
                                                    "sys/remount",
                                                    "sys/replication/reindex",
                                                    "sys/rotate",
                                                    "sys/storage/raft/snapshot-auto/config"};
constexpr std::array<std::string_view, 13> kSudoBelow = {"sys/audit/",
                                                         "sys/auth/",
                                                         "sys/config/auditing/request-headers/",
                                                         "sys/config/ui/headers/",
                                                         "sys/internal/inspect/router/",
                                                         "sys/leases/lookup/",
                                                         "sys/leases/revoke-force/",
                                                         "sys/leases/revoke-prefix/",
                                                         "sys/plugins/catalog/",
                                                         "sys/raw/",
                                                         "sys/revoke-force/",
                                                         "sys/revoke-prefix/",
                                                         "sys/storage/raft/snapshot-auto/config/"};

bool needs_sudo(std::string_view path) {
  return std::find(kSudo.begin(), kSudo.end(), path) != kSudo.end() ||
         std::any_of(kSudoBelow.begin(), kSudoBelow.end(),
                     [&](std::string_view above) { return path.size() > above.size() && path.starts_with(above); });
}

std::string escaped(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text) {
    if (special.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string single_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\"'\"'") : std::string(1, c);
  return out + "'";
}

std::string word(const std::string& text) {
  constexpr std::string_view kSafe = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_./:?=%@+,~-[]";
  return text.find_first_not_of(kSafe) == std::string::npos ? text : single_quoted(text);
}

std::string header(std::string_view name, std::string_view value) {
  return fmt::format("-H \"{}: {}\" ", escaped(name, "\\\"$`"), escaped(value, "\\\"$`"));
}

class PrintingBackend final : public Backend {
 public:
  PrintingBackend(PrintedAs form, std::string address, std::string program, std::ostream& out)
      : form_(form), address_(std::move(address)), program_(std::move(program)), out_(out) {}

  Result<Response> handle(const Request& request) override {
    out_ << (form_ == PrintedAs::curl ? curl_text(request, address_, program_) : policy_text(request)) << '\n';
    return fail(ErrorKind::refused, "");
  }
  [[nodiscard]] std::string address() const override { return address_; }

 private:
  PrintedAs form_;
  std::string address_;
  std::string program_;
  std::ostream& out_;
};

}  // namespace

std::string curl_text(const Request& request, const std::string& address, const std::string& program) {
  const bool list = request.method == Method::list;
  std::string text = "curl ";
  if (!list && request.method != Method::get) text += fmt::format("-X {} ", method_name(request.method));
  text += header("X-Vault-Request", "true");
  if (!request.token.empty()) text += fmt::format("-H \"X-Vault-Token: $({} print token)\" ", program);
  if (!request.namespace_path.empty()) text += header("X-Vault-Namespace", request.namespace_path + "/");
  if (!request.wrap_ttl.empty()) text += header("X-Vault-Wrap-TTL", request.wrap_ttl);
  for (const std::string& credential : request.mfa) text += header("X-Vault-MFA", credential);
  if (request.policy_override) text += header("X-Vault-Policy-Override", "true");
  for (const Header& each : request.headers) text += header(each.name, each.value);
  if (!request.body.empty()) text += fmt::format("-d {} ", single_quoted(request.body.view()));
  const std::string_view base = std::string_view(address).substr(0, address.find_last_not_of('/') + 1);
  return text + word(fmt::format("{}/v1/{}{}", base, request.path, list ? "?list=true" : ""));
}

std::string policy_text(const Request& request) {
  std::string capabilities;
  switch (request.method) {
    case Method::get: capabilities = "\"read\""; break;
    case Method::list: capabilities = "\"list\""; break;
    case Method::post:
    case Method::put: capabilities = "\"create\", \"update\""; break;
    case Method::del: capabilities = "\"delete\""; break;
  }
  if (needs_sudo(request.path)) capabilities += ", \"sudo\"";
  return fmt::format("path \"{}\" {{\n  capabilities = [{}]\n}}", escaped(request.path, "\\\""), capabilities);
}

std::unique_ptr<Backend> printing_backend(PrintedAs form, std::string address, std::string program, std::ostream& out) {
  return std::make_unique<PrintingBackend>(form, std::move(address), std::move(program), out);
}

}  // namespace vtoken::cmd
