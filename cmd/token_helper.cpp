#include "cmd/token_helper.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "cmd/args.hpp"
#include "cmd/child.hpp"
#include "cmd/inputs.hpp"
#include "core/hcl.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kAnsible =
    "If the file is not Vault's (Ansible has one of that name), set VAULT_CONFIG_PATH to another, or to /dev/null.";

// The real command's text and status for `vault` and `bao`, ours for `vtoken`.
tl::unexpected<Error> failed(const Context& context, Error ours, std::string as_real) {
  if (context.persona == Persona::vtoken) return tl::unexpected(std::move(ours));
  return fail(ErrorKind::server, std::move(as_real));
}

bool is_there(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error) && !error;
}

std::string beneath_home(const Context& context, std::string_view name) {
  const std::string home = home_folder(context);
  return home.empty() ? std::string() : (std::filesystem::path(home) / name).string();
}

// "~" and "~/…" as the real command expands them; empty when there is no home folder.
std::string expanded(const Context& context, const std::string& path) {
  if (path != "~" && !path.starts_with("~/")) return path;
  const std::string home = home_folder(context);
  return home.empty() ? std::string() : home + path.substr(1);
}

// The file of settings, which need not be there; empty when there can be none.
Result<std::string> config_file(const Context& context) {
  const auto variable = read_variable(context, "CONFIG_PATH");
  if (!variable) return tl::unexpected(variable.error());
  if (*variable) return expanded(context, (*variable)->value);
  if (context.persona != Persona::vault) {
    std::string bao = beneath_home(context, ".bao");
    if (is_there(bao)) return bao;
  }
  return beneath_home(context, ".vault");
}

// The one setting that the file may hold; empty when it does not.
Result<std::string> helper_setting(std::string_view text) {
  const auto settings = hcl::parse(text);
  if (!settings) return tl::unexpected(settings.error());
  for (const hcl::Item& item : settings->items) {
    if (item.keys.front() != "token_helper") {
      return hcl::wrong(item.at, "the only setting there is here is token_helper");
    }
    if (item.keys.size() != 1 || item.value.text() == nullptr) {
      return hcl::wrong(item.at, "write it as token_helper = \"/path/of/the/program\"");
    }
  }
  const hcl::Value* helper = hcl::attribute(*settings, "token_helper");
  return helper == nullptr ? std::string() : *helper->text();
}

}  // namespace

std::string home_folder(const Context& context) {
  if (const auto home = read_own_variable(context, "HOME")) return home->value;
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) return {};
  return entry.pw_dir == nullptr ? std::string() : std::string(entry.pw_dir);
}

Result<std::optional<std::string>> configured_helper(const Context& context) {
  const auto file = config_file(context);
  if (!file) return tl::unexpected(file.error());
  if (file->empty() || !is_there(*file)) return std::nullopt;
  const auto text = read_secret_file(context, *file);
  if (!text) return failed(context, text.error(), fmt::format("failed to get token helper: {}", text.error().text()));
  auto helper = helper_setting(text->view());
  if (!helper) {
    const Error& error = helper.error();
    return failed(
        context, {ErrorKind::usage, error.message, *file, std::string(kAnsible)},
        fmt::format("failed to get token helper: error parsing config file at {}: {}; ensure that the file is "
                    "valid; Ansible Vault is known to conflict with it.",
                    go_quoted(*file), error.message));
  }
  if (helper->empty()) return std::nullopt;
  std::error_code error;
  const std::string path = std::filesystem::absolute(*helper, error).string();
  if (error || !is_there(path)) {
    return failed(
        context,
        {ErrorKind::not_found, fmt::format("the token helper {} is not there", error ? *helper : path), *file, {}},
        "failed to get token helper: unknown error getting the external helper path");
  }
  return path;
}

Result<SecretString> ask_helper(const Context& context, const std::string& helper) {
  auto answer = run_child({helper, "get"}, context.environment);
  if (answer && answer->ended_well()) return std::move(answer->output);
  const std::string how = answer ? answer->how_it_ended() : answer.error().message;
  return failed(context,
                {ErrorKind::io, fmt::format("the token helper failed: {}", how), fmt::format("{} get", helper), {}},
                fmt::format("failed to get token from token helper: {}", how));
}

Result<TokenFile> login_token_file(const Context& context) {
  if (context.persona != Persona::vault) {
    auto variable = read_variable(context, "TOKEN_PATH");
    if (!variable) return tl::unexpected(variable.error());
    if (*variable) return TokenFile{std::move((*variable)->value), std::move((*variable)->name)};
  }
  return TokenFile{beneath_home(context, ".vault-token")};
}

}  // namespace vtoken::cmd
