#include "cmd/caller_token.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <optional>

#include "cmd/inputs.hpp"
#include "store/store.hpp"

namespace vtoken::cmd {
namespace {

Result<CallerToken> checked(const Context& context, SecretString token, std::string source) {
  // The real command trims nothing from the variable, and says this of whatever is in there.
  if (context.persona == Persona::vtoken) trim_end(token);
  if (!has_control_character(token.view())) return CallerToken{std::move(token), std::move(source)};
  if (context.persona == Persona::vtoken) {
    return fail(ErrorKind::usage, fmt::format("a control character is inside the token in {}", source));
  }
  return fail(ErrorKind::server, "configured Vault token contains non-printable characters and cannot be used");
}

Result<CallerToken> from_file(const Context& context, const std::string& path) {
  auto text = read_secret_file(context, path);
  if (!text) return tl::unexpected(text.error());
  trim_end(*text);
  if (text->empty()) return fail(ErrorKind::usage, "the token file is empty", path);
  return checked(context, std::move(*text), path == "-" ? "standard input" : path);
}

// The root token that `store init` left beside the store. Nothing when there is none.
Result<std::optional<CallerToken>> beside(const Context& context, const std::string& store) {
  const std::string path = store::token_file(store);
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return std::nullopt;
  if ((info.st_mode & 077U) != 0) {
    return fail(ErrorKind::refused, fmt::format("others can read the token in it: chmod 600 {}", path), path);
  }
  return from_file(context, path).map([](CallerToken token) { return std::optional<CallerToken>(std::move(token)); });
}

}  // namespace

Result<CallerToken> resolve_caller_token(const Context& context, const Target& target) {
  if (context.common.token_file) return from_file(context, *context.common.token_file);
  const auto variable = read_variable(context, "TOKEN");
  if (!variable) return tl::unexpected(variable.error());
  if (*variable) return checked(context, SecretString((*variable)->value), (*variable)->name);
  if (target.kind == Target::Kind::store) {
    auto found = beside(context, target.path);
    if (!found) return tl::unexpected(found.error());
    if (*found) return std::move(**found);
    if (context.persona == Persona::vtoken && !context.common.output_policy) {
      return fail(ErrorKind::refused, fmt::format("there is no token to ask {} with: set VAULT_TOKEN or give "
                                                  "-token-file=FILE ({} is not there)",
                                                  target.address, store::token_file(target.path)));
    }
  }
  return CallerToken{};
}

}  // namespace vtoken::cmd
