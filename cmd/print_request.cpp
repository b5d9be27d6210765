#include "cmd/print_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ostream>
#include <utility>

#include "cmd/args.hpp"
#include "core/url.hpp"

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

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// As Go's library writes a header's name, and thereby the real command: "X-Vault-Wrap-Ttl".
std::string go_header_name(std::string name) {
  static constexpr std::string_view kOthers = "0123456789!#$%&'*+-.^_`|~";
  const bool valid = std::all_of(name.begin(), name.end(),
                                 [](char c) { return is_letter(c) || kOthers.find(c) != std::string_view::npos; });
  bool first = true;
  for (char& c : name) {
    if (valid && is_letter(c)) c = static_cast<char>(first ? c & ~0x20 : c | 0x20);
    first = c == '-';
  }
  return name;
}

// Where the request goes, without the path; of a socket the path of it is in `socket`.
struct Place {
  std::string origin;
  std::string prefix;
  std::string socket = {};
};

Place place_of(Persona persona, std::string_view address) {
  constexpr std::string_view kSocket = "unix://";
  if (address.starts_with(kSocket)) {
    const std::string socket(address.substr(kSocket.size()));
    if (persona != Persona::vault) return {"http://localhost", {}, socket};
    std::string host;  // the real command takes it for one
    for (const char c : escape_path(socket)) host += c == '/' ? std::string("%2F") : std::string(1, c);
    return {"http://" + host, {}, socket};
  }
  const auto host = address.find("://");
  const auto path = address.find('/', host == std::string_view::npos ? 0 : host + 3);
  if (path == std::string_view::npos) return {std::string(address), {}};
  return {std::string(address.substr(0, path)), std::string(address.substr(path))};
}

// The part of a curl command that says how to connect.
std::string connection(Persona persona, const remote::Settings& server, const std::string& socket) {
  const remote::Tls& tls = server.tls;
  std::string ca_file = tls.ca_file;
  constexpr const char* kInMemory = "passed-in-memory";  // what bao calls it
  const bool bytes = !tls.client_cert_bytes.empty();
  if (persona == Persona::bao && ca_file.empty() && !(tls.ca_bytes.empty() && tls.ca_folder.empty()))
    ca_file = kInMemory;
  std::string text;
  const auto add = [&text](std::string_view name, const std::string& value) {
    if (!value.empty()) text += fmt::format("--{} {} ", name, single_quoted(value));
  };
  add("cacert", ca_file);
  add("capath", tls.ca_folder);
  add("cert", bytes && persona == Persona::bao ? kInMemory : tls.client_cert);
  add("key", bytes && persona == Persona::bao ? kInMemory : tls.client_key);
  if (persona != Persona::vtoken) return text;
  add("unix-socket", socket);
  // A proxy's password is not for a command line.
  if (server.proxy.always.find('@') == std::string::npos) add("proxy", server.proxy.always);
  return text;
}

class PrintingBackend final : public Backend {
 public:
  PrintingBackend(const Context& context, Target target, PrintedAs form)
      : context_(context), target_(std::move(target)), form_(form) {}

  Result<Response> handle(const Request& request) override {
    const bool curl = form_ == PrintedAs::curl;
    context_.streams.out << (curl ? curl_text(context_, target_, request) : policy_text(request)) << '\n';
    return fail(ErrorKind::refused, "");
  }
  [[nodiscard]] std::string address() const override { return target_.address; }

 private:
  const Context& context_;
  Target target_;
  PrintedAs form_;
};

}  // namespace

std::string curl_text(const Context& context, const Target& target, const Request& request) {
  const bool ours = context.persona == Persona::vtoken;
  const Place place = place_of(context.persona, target.address);
  std::string text = "curl ";
  if (target.server.tls.skip_verify) text += "--insecure ";
  if (request.method != Method::list && request.method != Method::get) {
    text += fmt::format("-X {} ", method_name(request.method));
  }
  text += connection(context.persona, target.server, place.socket);
  const auto header = [&](std::string_view name, std::string_view value) {
    constexpr std::string_view kSpecial = "\\\"$`";
    text += ours ? fmt::format("-H \"{}: {}\" ", escaped(name, kSpecial), escaped(value, kSpecial))
                 : fmt::format("-H \"{}: {}\" ", go_header_name(std::string(name)), value);
  };
  header("X-Vault-Request", "true");
  if (!request.token.empty()) text += fmt::format("-H \"X-Vault-Token: $({} print token)\" ", context.program);
  if (!request.namespace_path.empty()) header("X-Vault-Namespace", request.namespace_path + "/");
  if (!request.wrap_ttl.empty()) header("X-Vault-Wrap-TTL", request.wrap_ttl);
  for (const std::string& credential : request.mfa) header("X-Vault-MFA", credential);
  if (request.policy_override) header("X-Vault-Policy-Override", "true");
  for (const Header& each : request.headers) header(each.name, each.value);
  if (!request.body.empty()) text += fmt::format("-d {} ", single_quoted(request.body.view()));
  const std::string url = place.origin + request_target(request, place.prefix);
  if (context.persona == Persona::bao) return text + go_quoted(url);
  return text + (ours ? word(url) : url);
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

std::unique_ptr<Backend> printing_backend(const Context& context, Target target, PrintedAs form) {
  return std::make_unique<PrintingBackend>(context, std::move(target), form);
}

}  // namespace vtoken::cmd
