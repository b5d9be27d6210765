#include "cmd/target.hpp"

#include <fmt/format.h>

#include <array>
#include <filesystem>

#include "cmd/args.hpp"
#include "cmd/inputs.hpp"

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

Result<Target> at_address(const Context& context, const Named& named) {
  // The real command reaches the address only after its arguments were accepted: that is its status 2.
  const ErrorKind wrong = context.persona == Persona::vtoken ? ErrorKind::usage : ErrorKind::server;
  const std::string_view address = named.value;
  if (address.starts_with(kFileScheme)) {
    const std::string_view path = address.substr(kFileScheme.size());
    if (!path.starts_with('/')) {
      return fail(wrong, fmt::format("{}: {}: a store's address is file:// and an absolute path, as in "
                                     "file:///home/me/store.db",
                                     named.source, named.value));
    }
    return store_at(std::string(path), named.source);
  }
  for (const std::string_view scheme : {"https://", "http://", "unix://"}) {
    if (address.size() > scheme.size() && address.starts_with(scheme)) {
      Target target;
      target.kind = Target::Kind::remote;
      target.address = named.value;
      target.source = named.source;
      return target;
    }
  }
  if (address.starts_with(':')) {
    return fail(wrong, fmt::format("failed to create client: parse {}: missing protocol scheme", go_quoted(address)));
  }
  return fail(wrong, fmt::format("{}: {}: an address starts with https://, http://, unix:// or file://", named.source,
                                 named.value));
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

// What the environment names: VTOKEN_STORE, or an address.
Result<std::optional<Target>> from_environment(const Context& context) {
  const auto store = read_own_variable(context, "VTOKEN_STORE");
  auto address = read_variable(context, "ADDR");
  if (!address) return tl::unexpected(address.error());
  if (store && *address) {
    return fail(ErrorKind::usage, fmt::format("VTOKEN_STORE and {} both say where to go: unset one of them, or give "
                                              "-store or -address",
                                              (*address)->name));
  }
  Result<std::optional<Target>> none = std::nullopt;
  const auto some = [](Target target) { return std::optional<Target>(std::move(target)); };
  if (store) return store_at(store->value, store->name).map(some);
  if (*address) return at_address(context, {(*address)->value, (*address)->name}).map(some);
  const auto agent = read_variable(context, "AGENT_ADDR");
  if (!agent) return tl::unexpected(agent.error());
  if (*agent) return at_address(context, {(*agent)->value, (*agent)->name}).map(some);
  return none;
}

Result<Target> named_target(const Context& context) {
  const CommonValues& flags = context.common;
  if (flags.store && flags.address) {
    return fail(ErrorKind::usage, "-store and -address both say where to go: give one of them");
  }
  if (flags.store) return store_at(*flags.store, "-store");
  if (flags.address) return at_address(context, {*flags.address, "-address"});
  auto target = from_environment(context);
  if (!target) return tl::unexpected(target.error());
  if (*target) return std::move(**target);
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
  auto unlock = resolve_unlock(context);
  if (!unlock) return tl::unexpected(unlock.error());
  target->unlock = std::move(*unlock);
  return target;
}

}  // namespace vtoken::cmd
