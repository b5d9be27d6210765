#include "cmd/server_settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "base/duration.hpp"
#include "cmd/args.hpp"
#include "remote/proxy.hpp"

namespace vtoken::cmd {
namespace {

// A value and who gave it, such as "-ca-cert" or "VAULT_CACERT"; both empty when nobody did.
struct Setting {
  std::string value;
  std::string source;
};

// A variable that cannot be read. `as_real` is what the real command says of it, where it says more than the name.
tl::unexpected<Error> unreadable(const Context& context, const Variable& variable, std::string message,
                                 const std::string& as_real = {}) {
  if (context.persona == Persona::vtoken) return fail(ErrorKind::usage, std::move(message), variable.name);
  return fail(ErrorKind::server, fmt::format("failed to read environment: {}",
                                             as_real.empty() ? "could not parse " + variable.name : as_real));
}

Result<Setting> text_setting(const Context& context, const std::optional<std::string>& flag, std::string_view flag_name,
                             std::string_view name) {
  if (flag && !flag->empty()) return Setting{*flag, std::string(flag_name)};
  const auto variable = read_variable(context, name);
  if (!variable) return tl::unexpected(variable.error());
  return *variable ? Setting{(*variable)->value, (*variable)->name} : Setting{};
}

Result<bool> switch_setting(const Context& context, std::optional<bool> flag, std::string_view name) {
  if (flag) return *flag;
  const auto variable = read_variable(context, name);
  if (!variable) return tl::unexpected(variable.error());
  if (!*variable) return false;
  const auto value = parse_bool((*variable)->value);
  if (!value) {
    return unreadable(context, **variable, fmt::format("{} is neither true nor false", go_quoted((*variable)->value)));
  }
  return *value;
}

// A file, bytes or a folder: the one that beats the others.
Result<void> read_authorities(const Context& context, remote::Tls& tls) {
  const CommonValues& flags = context.common;
  const auto file = text_setting(context, flags.ca_cert, "-ca-cert", "CACERT");
  if (!file) return tl::unexpected(file.error());
  const auto folder = text_setting(context, flags.ca_path, "-ca-path", "CAPATH");
  if (!folder) return tl::unexpected(folder.error());
  const auto bytes = text_setting(context, std::nullopt, {}, "CACERT_BYTES");
  if (!bytes) return tl::unexpected(bytes.error());
  const bool folder_by_flag = folder->source == "-ca-path";
  const bool file_by_flag = file->source == "-ca-cert";
  // As `vault` and `bao`, the file is first wherever it was named.
  const bool folder_first = context.persona == Persona::vtoken && folder_by_flag && !file_by_flag;
  if (!file->value.empty() && !folder_first) {
    tls.ca_file = file->value;
    // Not used beside another, but printed by -output-curl-string.
    if (context.persona != Persona::vtoken) tls.ca_folder = folder->value;
  } else if (!bytes->value.empty() && !folder_by_flag) {
    tls.ca_bytes = bytes->value;
    if (context.persona != Persona::vtoken) tls.ca_folder = folder->value;
  } else {
    tls.ca_folder = folder->value;
  }
  return {};
}

tl::unexpected<Error> half_a_certificate(const Context& context, const Setting& there, std::string_view missing) {
  if (context.persona != Persona::vtoken) {
    return fail(ErrorKind::server, "failed to read environment: both client cert and client key must be provided");
  }
  return fail(ErrorKind::usage, fmt::format("{} is given without {}: a client certificate and its key go together",
                                            there.source, missing));
}

Result<void> read_client_certificate(const Context& context, remote::Tls& tls) {
  const CommonValues& flags = context.common;
  auto certificate = text_setting(context, flags.client_cert, "-client-cert", "CLIENT_CERT");
  if (!certificate) return tl::unexpected(certificate.error());
  auto key = text_setting(context, flags.client_key, "-client-key", "CLIENT_KEY");
  if (!key) return tl::unexpected(key.error());
  if (!certificate->value.empty() && !key->value.empty()) {
    tls.client_cert = std::move(certificate->value);
    tls.client_key = std::move(key->value);
    return {};
  }
  if (!certificate->value.empty()) {
    const bool by_flag = certificate->source == "-client-cert";
    return half_a_certificate(context, *certificate, by_flag ? "-client-key" : "VAULT_CLIENT_KEY");
  }
  if (!key->value.empty()) {
    return half_a_certificate(context, *key, key->source == "-client-key" ? "-client-cert" : "VAULT_CLIENT_CERT");
  }
  if (context.persona == Persona::vault) return {};  // knows no certificates in variables
  auto bytes = text_setting(context, std::nullopt, {}, "CLIENT_CERT_BYTES");
  if (!bytes) return tl::unexpected(bytes.error());
  auto key_bytes = text_setting(context, std::nullopt, {}, "CLIENT_KEY_BYTES");
  if (!key_bytes) return tl::unexpected(key_bytes.error());
  if (bytes->value.empty() != key_bytes->value.empty()) {
    return bytes->value.empty() ? half_a_certificate(context, *key_bytes, "BAO_CLIENT_CERT_BYTES")
                                : half_a_certificate(context, *bytes, "BAO_CLIENT_KEY_BYTES");
  }
  tls.client_cert_bytes = std::move(bytes->value);
  tls.client_key_bytes = SecretString(key_bytes->value);
  wipe(key_bytes->value.data(), key_bytes->value.size());
  return {};
}

Result<remote::Tls> read_tls(const Context& context) {
  remote::Tls tls;
  if (auto read = read_authorities(context, tls); !read) return tl::unexpected(read.error());
  if (auto read = read_client_certificate(context, tls); !read) return tl::unexpected(read.error());
  auto name = text_setting(context, context.common.tls_server_name, "-tls-server-name", "TLS_SERVER_NAME");
  if (!name) return tl::unexpected(name.error());
  tls.server_name = std::move(name->value);
  const auto skip = switch_setting(context, context.common.tls_skip_verify, "SKIP_VERIFY");
  if (!skip) return tl::unexpected(skip.error());
  tls.skip_verify = *skip;
  if (auto file = read_own_variable(context, "SSL_CERT_FILE")) tls.system_ca_file = std::move(file->value);
  if (auto folder = read_own_variable(context, "SSL_CERT_DIR")) tls.system_ca_folder = std::move(folder->value);
  return tls;
}

// As Go's programs read them: the name in capitals is first.
std::string general_proxy(const Context& context, std::string_view capitals, std::string_view small) {
  // What a web server makes of a visitor's "Proxy:" header.
  const bool is_visitors = capitals == "HTTP_PROXY" && read_own_variable(context, "REQUEST_METHOD");
  if (auto variable = read_own_variable(context, capitals); variable && !is_visitors) return variable->value;
  if (auto variable = read_own_variable(context, small)) return variable->value;
  return {};
}

Result<remote::Proxy> read_proxy(const Context& context) {
  remote::Proxy proxy;
  for (const std::string_view name : {"PROXY_ADDR", "HTTP_PROXY"}) {
    auto variable = read_variable(context, name);
    if (!variable) return tl::unexpected(variable.error());
    if (!*variable) continue;
    if (!remote::is_proxy((*variable)->value)) {
      return unreadable(context, **variable, "not a proxy's URL; write it as http://HOST:PORT");
    }
    proxy.always = std::move((*variable)->value);
    return proxy;
  }
  proxy.for_http = general_proxy(context, "HTTP_PROXY", "http_proxy");
  proxy.for_https = general_proxy(context, "HTTPS_PROXY", "https_proxy");
  proxy.except = general_proxy(context, "NO_PROXY", "no_proxy");
  return proxy;
}

Result<std::chrono::milliseconds> read_timeout(const Context& context) {
  const std::chrono::milliseconds usual = remote::Settings{}.timeout;
  const auto variable = read_variable(context, "CLIENT_TIMEOUT");
  if (!variable) return tl::unexpected(variable.error());
  if (!*variable) return usual;
  const auto length = parse_duration((*variable)->value);
  const std::string as_real = fmt::format("could not parse {}", go_quoted((*variable)->name));
  if (!length) return unreadable(context, **variable, length.error().message, as_real);
  if (*length < 0 && context.persona == Persona::vtoken) {
    return unreadable(context, **variable, "the time for a request is negative");
  }
  if (*length < 0) return std::chrono::milliseconds(0);
  if (*length == 0) return usual;  // as the real command
  const std::chrono::nanoseconds exact(*length);
  return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(exact), std::chrono::milliseconds(1));
}

}  // namespace

Result<remote::Settings> server_settings(const Context& context) {
  // What cannot be read is told even when nothing will be sent.
  if (const auto retries = max_retries(context); !retries) return tl::unexpected(retries.error());
  if (const auto limit = rate_limit(context); !limit) return tl::unexpected(limit.error());
  remote::Settings settings;
  auto tls = read_tls(context);
  if (!tls) return tl::unexpected(tls.error());
  settings.tls = std::move(*tls);
  auto proxy = read_proxy(context);
  if (!proxy) return tl::unexpected(proxy.error());
  settings.proxy = std::move(*proxy);
  const auto timeout = read_timeout(context);
  if (!timeout) return tl::unexpected(timeout.error());
  settings.timeout = *timeout;
  const auto no_redirects = switch_setting(context, context.common.disable_redirects, "DISABLE_REDIRECTS");
  if (!no_redirects) return tl::unexpected(no_redirects.error());
  settings.follow_redirects = !*no_redirects;
  const auto srv = switch_setting(context, std::nullopt, "SRV_LOOKUP");
  if (!srv) return tl::unexpected(srv.error());
  settings.srv_lookup = *srv;
  return settings;
}

Result<std::optional<RateLimit>> rate_limit(const Context& context) {
  const auto variable = read_variable(context, "RATE_LIMIT");
  if (!variable) return tl::unexpected(variable.error());
  if (!*variable) return std::nullopt;
  const auto limit = parse_rate_limit((*variable)->value);
  if (limit) return *limit;
  return unreadable(context, **variable, limit.error().message,
                    fmt::format("{} was provided but incorrectly formatted", (*variable)->name));
}

Result<std::optional<int>> max_retries(const Context& context) {
  const auto variable = read_variable(context, "MAX_RETRIES");
  if (!variable) return tl::unexpected(variable.error());
  if (!*variable) return std::nullopt;
  const std::string& text = (*variable)->value;
  std::uint32_t number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  constexpr std::uint32_t kMost = 1'000'000;
  if (code == std::errc() && end == text.data() + text.size()) return static_cast<int>(std::min(number, kMost));
  return unreadable(context, **variable, fmt::format("{} is no number of retries", go_quoted(text)),
                    fmt::format("strconv.Parse{}: parsing {}: invalid syntax",
                                context.persona == Persona::vault ? "Uint" : "Int", go_quoted(text)));
}

std::string_view server_only_flag(const CommonValues& flags) noexcept {
  const std::array<std::pair<bool, std::string_view>, 7> given = {
      {{flags.ca_cert.has_value(), "-ca-cert"},
       {flags.ca_path.has_value(), "-ca-path"},
       {flags.client_cert.has_value(), "-client-cert"},
       {flags.client_key.has_value(), "-client-key"},
       {flags.tls_server_name.has_value(), "-tls-server-name"},
       {flags.tls_skip_verify.has_value(), "-tls-skip-verify"},
       {flags.disable_redirects.has_value(), "-disable-redirects"}}};
  const auto* found = std::find_if(given.begin(), given.end(), [](const auto& flag) { return flag.first; });
  return found == given.end() ? std::string_view() : found->second;
}

}  // namespace vtoken::cmd
