#include "cmd/token_environment.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <optional>
#include <system_error>

namespace vtoken::cmd {
namespace {

std::string absolute(const std::string& path) {
  std::error_code error;
  const auto whole = std::filesystem::absolute(path, error);
  return error ? path : whole.lexically_normal().string();
}

class Builder {
 public:
  explicit Builder(const Context& context) : context_(context) {}

  // To `bao` even an empty BAO_ variable hides the other one.
  void set_both(std::string_view name, std::string_view value) {
    set(fmt::format("VAULT_{}", name), value);
    if (const std::string twin = fmt::format("BAO_{}", name); is_there(twin)) set(twin, value);
  }

  void unset_both(std::string_view name) {
    unset(fmt::format("VAULT_{}", name));
    unset(fmt::format("BAO_{}", name));
  }

  void set(std::string name, std::string_view value) { result_.set.emplace_back(std::move(name), SecretString(value)); }

  void unset(std::string name) {
    if (is_there(name)) result_.unset.push_back(std::move(name));
  }

  TokenEnvironment take() { return std::move(result_); }

 private:
  [[nodiscard]] bool is_there(const std::string& name) const { return context_.environment.count(name) != 0; }

  const Context& context_;
  TokenEnvironment result_;
};

// A store is opened by a key file, or by a passphrase, and not by both.
void add_store(Builder& builder, const CommonValues& flags) {
  builder.unset("VTOKEN_STORE");
  const bool is_file = flags.passphrase_file && *flags.passphrase_file != "-";
  if (flags.key_file) builder.set("VTOKEN_STORE_KEY_FILE", absolute(*flags.key_file));
  if (is_file) builder.set("VTOKEN_STORE_PASSPHRASE_FILE", absolute(*flags.passphrase_file));
  if (flags.key_file && !flags.passphrase_file) builder.unset("VTOKEN_STORE_PASSPHRASE_FILE");
  if (flags.passphrase_file && !flags.key_file) builder.unset("VTOKEN_STORE_KEY_FILE");
}

void add_server(Builder& builder, const CommonValues& flags) {
  builder.unset("VTOKEN_STORE");
  const auto add_path = [&](std::string_view name, const std::optional<std::string>& path) {
    if (path && !path->empty()) builder.set_both(name, absolute(*path));
  };
  add_path("CACERT", flags.ca_cert);
  if (flags.ca_cert) builder.unset_both("CACERT_BYTES");  // they would come before the file
  add_path("CAPATH", flags.ca_path);
  add_path("CLIENT_CERT", flags.client_cert);
  add_path("CLIENT_KEY", flags.client_key);
  if (flags.tls_server_name) builder.set_both("TLS_SERVER_NAME", *flags.tls_server_name);
  if (flags.tls_skip_verify) builder.set_both("SKIP_VERIFY", *flags.tls_skip_verify ? "true" : "false");
}

void append_quoted(SecretString& out, std::string_view text) {
  out += '\'';
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  out += '\'';
}

}  // namespace

TokenEnvironment token_environment(const Context& context, const Target& target, std::string_view namespace_path,
                                   std::string_view token) {
  Builder builder(context);
  builder.set_both("TOKEN", token);
  const bool is_store = target.kind == Target::Kind::store;
  builder.set_both("ADDR", is_store ? target.address : fmt::format("{}", fmt::join(target.server.addresses, ",")));
  builder.unset_both("AGENT_ADDR");  // it would come before the address
  if (namespace_path.empty()) {
    builder.unset_both("NAMESPACE");
  } else {
    builder.set_both("NAMESPACE", namespace_path);
  }
  is_store ? add_store(builder, context.common) : add_server(builder, context.common);
  return builder.take();
}

SecretString shell_commands(const TokenEnvironment& environment) {
  SecretString out;
  for (const auto& [name, value] : environment.set) {
    out += "export ";
    out += name;
    out += '=';
    append_quoted(out, value.view());
    out += '\n';
  }
  for (const std::string& name : environment.unset) {
    out += "unset ";
    out += name;
    out += '\n';
  }
  return out;
}

}  // namespace vtoken::cmd
