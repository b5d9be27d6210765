#include "cmd/target.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "base/text.hpp"
#include "cmd/args.hpp"
#include "cmd/inputs.hpp"
#include "cmd/odd_address.hpp"
#include "cmd/server_settings.hpp"
#include "remote/address.hpp"
#include "remote/proxy.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kFileScheme = "file://";
constexpr std::string_view kVaultDefault = "https://127.0.0.1:8200";

// A setting and who made it.
struct Named {
  std::string value;
  std::string source;
};

Result<Target> store_at(const std::string& path, std::string source) {
  if (path.empty()) return fail(ErrorKind::usage, fmt::format("{} names no file", source));
  Target target;
  std::error_code error;
  const auto absolute = std::filesystem::absolute(path, error);
  target.path = error ? path : absolute.lexically_normal().string();
  // Key and token are beside the store itself, wherever a symbolic link to it is.
  if (std::filesystem::is_symlink(target.path, error)) {
    const auto real = std::filesystem::canonical(target.path, error);
    if (!error) target.path = real.string();
  }
  target.address = std::string(kFileScheme) + target.path;
  target.source = std::move(source);
  return target;
}

bool is_server(std::string_view address) {
  constexpr std::array<std::string_view, 3> kSchemes = {"https://", "http://", "unix://"};
  return std::any_of(kSchemes.begin(), kSchemes.end(), [&](std::string_view scheme) {
    return address.size() > scheme.size() && address.starts_with(scheme);
  });
}

// As `vault` and `bao` every text is asked that Go's client would ask.
bool is_askable(const Context& context, std::string_view address) {
  if (context.persona == Persona::vtoken || address.starts_with("unix://")) return is_server(address);
  return !address.starts_with(kFileScheme) && !odd_address(address);
}

// As `vtoken`, commas separate addresses. The real command takes the text as one.
std::vector<std::string> split_addresses(const Context& context, const std::string& text) {
  if (context.persona != Persona::vtoken) return {text};
  std::vector<std::string> parts;
  for (const std::string_view each : split(text, ',')) {
    if (const auto part = trimmed(each); !part.empty()) parts.emplace_back(part);
  }
  if (parts.empty()) parts.push_back(text);
  return parts;
}

// What opening would find wrong as well, told even when nothing is opened, with who gave it.
Result<void> check_server(const std::string& text, const std::string& source, const remote::Proxy& proxy) {
  const auto address = remote::parse_address(text);
  if (!address) return fail(ErrorKind::usage, address.error().text(), source);
  const std::string url = remote::proxy_for(proxy, *address);
  if (url.empty() || remote::is_proxy(url)) return {};
  return fail(ErrorKind::usage, "not a proxy's URL; write it as http://HOST:PORT",
              address->scheme == "https" ? "HTTPS_PROXY" : "HTTP_PROXY");
}

Result<Target> at_servers(const Context& context, std::vector<std::string> addresses, std::string source) {
  Target target;
  target.kind = Target::Kind::remote;
  auto settings = server_settings(context);
  if (!settings) return tl::unexpected(settings.error());
  target.server = std::move(*settings);
  if (context.persona == Persona::vtoken) {
    for (const std::string& address : addresses) {
      if (auto checked = check_server(address, source, target.server.proxy); !checked) {
        return tl::unexpected(checked.error());
      }
    }
  }
  target.address = addresses.front();
  target.server.addresses = std::move(addresses);
  target.source = std::move(source);
  return target;
}

// As `vault` and `bao`: what is wrong with the address is told where the real command finds out.
Result<Target> at_odd_address(const std::string& address, const std::string& source) {
  OddAddress odd = odd_address(address).value_or(OddAddress{});
  if (odd.at_once) return fail(ErrorKind::server, odd.problem);
  Target target;
  target.kind = Target::Kind::remote;
  target.address = odd.base;
  target.source = source;
  target.odd = std::move(odd);
  return target;
}

Result<Target> at_address(const Context& context, const Named& named) {
  // The real command reaches the address only after its arguments were accepted: that is its status 2.
  const ErrorKind wrong = context.persona == Persona::vtoken ? ErrorKind::usage : ErrorKind::server;
  if (named.value.empty()) return fail(wrong, fmt::format("{} names no address", named.source));
  auto addresses = split_addresses(context, named.value);
  const bool alone = addresses.size() == 1;
  for (const std::string& address : addresses) {
    if (is_askable(context, address)) continue;
    if (!alone && address.starts_with(kFileScheme)) {
      return fail(wrong, fmt::format("{}: {}: a store is asked alone; only servers can stand in for each other",
                                     named.source, address));
    }
    if (address.starts_with(kFileScheme)) {
      const std::string_view path = std::string_view(address).substr(kFileScheme.size());
      if (path.starts_with('/')) return store_at(std::string(path), named.source);
      return fail(wrong, fmt::format("{}: {}: a store's address is file:// and an absolute path, as in "
                                     "file:///home/me/store.db",
                                     named.source, address));
    }
    if (context.persona != Persona::vtoken) return at_odd_address(address, named.source);
    return fail(wrong, fmt::format("{}: {}: an address starts with https://, http://, unix:// or file://", named.source,
                                   address));
  }
  return at_servers(context, std::move(addresses), named.source);
}

// -address may be given again: all count as `vtoken`, the last one otherwise. Empty when that is.
std::string joined(const Context& context, const std::vector<std::string>& addresses) {
  if (context.persona != Persona::vtoken) return addresses.back();
  return fmt::format("{}", fmt::join(addresses, ","));
}

Result<Target> default_store(const Context& context) {
  for (const std::string_view name : {"TOKEN", "NAMESPACE"}) {
    const auto variable = read_variable(context, name);
    if (!variable) return tl::unexpected(variable.error());
    if (*variable) {
      return fail(ErrorKind::refused,
                  fmt::format("{} is set, but no address: set VAULT_ADDR to a server's address, or name a local store "
                              "with -store=PATH or VTOKEN_STORE",
                              (*variable)->name));
    }
  }
  std::filesystem::path folder;
  const auto data = read_own_variable(context, "XDG_DATA_HOME");
  const auto home = read_own_variable(context, "HOME");
  if (data && data->value.starts_with('/')) {
    folder = data->value;
  } else if (home) {
    folder = std::filesystem::path(home->value) / ".local/share";
  } else {
    return fail(ErrorKind::usage, "HOME is not set, so there is no default store: name one with -store=PATH");
  }
  auto target = store_at((folder / "vtoken" / "store.db").string(), "the default");
  if (target) target->unnamed = true;
  return target;
}

// An address in the environment: an agent's before a server's.
Result<std::optional<Named>> environment_address(const Context& context) {
  for (const std::string_view name : {"AGENT_ADDR", "ADDR"}) {
    const auto variable = read_variable(context, name);
    if (!variable) return tl::unexpected(variable.error());
    if (*variable) return Named{(*variable)->value, (*variable)->name};
  }
  return std::nullopt;
}

// What the flags name. As `vault` and `bao`, an agent's address in the environment beats them.
Result<std::optional<Named>> flag_address(const Context& context) {
  const CommonValues& flags = context.common;
  if (context.persona != Persona::vtoken) {
    const auto agent = read_variable(context, "AGENT_ADDR");
    if (!agent) return tl::unexpected(agent.error());
    if (*agent) return Named{(*agent)->value, (*agent)->name};
  }
  if (flags.agent_address && !flags.agent_address->empty()) return Named{*flags.agent_address, "-agent-address"};
  if (flags.addresses.empty()) return std::nullopt;
  std::string addresses = joined(context, flags.addresses);
  if (addresses.empty() && context.persona != Persona::vtoken) return std::nullopt;
  return Named{std::move(addresses), "-address"};
}

Result<Target> named_target(const Context& context) {
  const CommonValues& flags = context.common;
  if (flags.store && (!flags.addresses.empty() || flags.agent_address)) {
    return fail(ErrorKind::usage, fmt::format("-store and -{} both say where to go: give one of them",
                                              flags.addresses.empty() ? "agent-address" : "address"));
  }
  if (flags.store) return store_at(*flags.store, "-store");
  const auto by_flag = flag_address(context);
  if (!by_flag) return tl::unexpected(by_flag.error());
  if (*by_flag) return at_address(context, **by_flag);
  const auto store = read_own_variable(context, "VTOKEN_STORE");
  const auto address = environment_address(context);
  if (!address) return tl::unexpected(address.error());
  if (store && *address) {
    return fail(ErrorKind::usage, fmt::format("VTOKEN_STORE and {} both say where to go: unset one of them, or give "
                                              "-store or -address",
                                              (*address)->source));
  }
  if (store) return store_at(store->value, store->name);
  if (*address) return at_address(context, **address);
  if (context.persona != Persona::vtoken) return at_address(context, {std::string(kVaultDefault), "the default"});
  return default_store(context);
}

}  // namespace

Result<store::Unlock> resolve_unlock(const Context& context) {
  const CommonValues& flags = context.common;
  std::optional<Named> key_file;
  std::optional<Named> passphrase_file;
  if (flags.key_file) key_file = Named{*flags.key_file, "-key-file"};
  if (flags.passphrase_file) passphrase_file = Named{*flags.passphrase_file, "-passphrase-file"};
  if (!key_file && !passphrase_file) {
    if (auto variable = read_own_variable(context, "VTOKEN_STORE_KEY_FILE")) {
      key_file = Named{variable->value, variable->name};
    }
    if (auto variable = read_own_variable(context, "VTOKEN_STORE_PASSPHRASE_FILE")) {
      passphrase_file = Named{variable->value, variable->name};
    }
  }
  if (key_file && passphrase_file) {
    return fail(ErrorKind::usage, fmt::format("{} and {} both say how to open the store: give one of them",
                                              key_file->source, passphrase_file->source));
  }
  store::Unlock unlock;
  if (key_file) unlock.key_file = key_file->value;
  if (passphrase_file) {
    auto text = read_secret_file(context, passphrase_file->value);
    if (!text) return tl::unexpected(text.error());
    trim_end(*text);
    if (text->empty()) return fail(ErrorKind::usage, "the passphrase is empty", passphrase_file->value);
    unlock.passphrase = std::move(*text);
  }
  return unlock;
}

Result<Target> resolve_target(const Context& context) {
  auto target = named_target(context);
  if (!target || target->kind == Target::Kind::remote) return target;
  if (const auto flag = server_only_flag(context.common); !flag.empty() && context.persona == Persona::vtoken) {
    return fail(ErrorKind::usage,
                fmt::format("{} is for servers, but {} means the local store {}: leave it out, or give "
                            "-address",
                            flag, target->source, target->path));
  }
  auto unlock = resolve_unlock(context);
  if (!unlock) return tl::unexpected(unlock.error());
  target->unlock = std::move(*unlock);
  return target;
}

}  // namespace vtoken::cmd
