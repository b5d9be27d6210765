#include "cmd/caller_token.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "cmd/inputs.hpp"
#include "cmd/session.hpp"
#include "cmd/token_helper.hpp"
#include "store/store.hpp"

namespace vtoken::cmd {
namespace {

Result<CallerToken> checked(const Context& context, TokenUse use, SecretString token, std::string source) {
  // The real command trims nothing from variables and helpers, and says this of whatever is in there.
  if (context.persona == Persona::vtoken) trim_end(token);
  if (use == TokenUse::shown || !has_control_character(token.view()))
    return CallerToken{std::move(token), std::move(source)};
  if (context.persona == Persona::vtoken) {
    return fail(ErrorKind::usage, fmt::format("a control character is inside the token in {}", source));
  }
  return fail(ErrorKind::server, "configured Vault token contains non-printable characters and cannot be used");
}

Result<CallerToken> from_file(const Context& context, TokenUse use, const std::string& path) {
  auto text = read_secret_file(context, path);
  if (!text) return tl::unexpected(text.error());
  trim_end(*text);
  if (text->empty()) return fail(ErrorKind::usage, "the token file is empty", path);
  return checked(context, use, std::move(*text), path == "-" ? "standard input" : path);
}

// The root token that `store init` left beside the store. Nothing when there is none.
Result<std::optional<CallerToken>> beside(const Context& context, TokenUse use, const std::string& store) {
  const std::string path = store::token_file(store);
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return std::nullopt;
  if ((info.st_mode & 077U) != 0) {
    return fail(ErrorKind::refused, fmt::format("others can read the token in it: chmod 600 {}", path), path);
  }
  return from_file(context, use, path).map([](CallerToken token) {
    return std::optional<CallerToken>(std::move(token));
  });
}

// What a login left in a file. It need not be there, unless somebody named it.
Result<CallerToken> from_login_file(const Context& context, TokenUse use) {
  const auto file = login_token_file(context);
  if (!file) return tl::unexpected(file.error());
  struct stat info {};
  if (file->path.empty()) return CallerToken{};
  if (::stat(file->path.c_str(), &info) != 0 && errno == ENOENT) {
    if (context.persona != Persona::vtoken || file->variable.empty()) return CallerToken{};
  } else if ((info.st_mode & 077U) != 0 && context.persona == Persona::vtoken && !context.common.quiet) {
    make_output(context).warn(
        fmt::format("Warning: others can read the token in {}: chmod 600 {}", file->path, file->path));
  }
  auto text = read_secret_file(context, file->path);
  if (!text && context.persona != Persona::vtoken) {
    return fail(ErrorKind::server, fmt::format("failed to get token from token helper: {}", text.error().text()));
  }
  if (!text && !file->variable.empty()) {
    return fail(text.error().kind, fmt::format("{}: {}", file->path, text.error().message), file->variable);
  }
  if (!text) return tl::unexpected(text.error());
  trim_end(*text);
  text->erase(0, std::min(text->find_first_not_of(" \t\r\n\v\f"), text->size()));
  if (text->empty()) return CallerToken{};
  return checked(context, use, std::move(*text), file->path);
}

Result<CallerToken> for_server(const Context& context, TokenUse use) {
  const auto helper = configured_helper(context);
  if (!helper) return tl::unexpected(helper.error());
  if (!*helper) return from_login_file(context, use);
  auto token = ask_helper(context, **helper);
  if (!token) return tl::unexpected(token.error());
  if (token->empty()) return CallerToken{};
  return checked(context, use, std::move(*token), fmt::format("the token helper {}", **helper));
}

}  // namespace

Result<CallerToken> resolve_caller_token(const Context& context, const Target& target, TokenUse use) {
  if (context.common.token_file) return from_file(context, use, *context.common.token_file);
  const auto variable = read_variable(context, "TOKEN");
  if (!variable) return tl::unexpected(variable.error());
  if (*variable) return checked(context, use, SecretString((*variable)->value), (*variable)->name);
  if (target.kind == Target::Kind::remote) return for_server(context, use);
  auto found = beside(context, use, target.path);
  if (!found) return tl::unexpected(found.error());
  if (*found) return std::move(**found);
  if (context.persona == Persona::vtoken && !context.common.output_policy && use != TokenUse::if_any) {
    return fail(ErrorKind::refused, fmt::format("there is no token to ask {} with: set VAULT_TOKEN or give "
                                                "-token-file=FILE ({} is not there)",
                                                target.address, store::token_file(target.path)));
  }
  return CallerToken{};
}

}  // namespace vtoken::cmd
