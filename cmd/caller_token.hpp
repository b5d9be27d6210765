// The token a request is made with (design.md, "Which back end, which token"), not the token it is about.
#pragma once

#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "cmd/context.hpp"
#include "cmd/target.hpp"

namespace vtoken::cmd {

struct CallerToken {
  SecretString token = {};  ///< empty when there is none, and the caller may do without
  std::string source = {};  ///< "VAULT_TOKEN", "the token helper /path", or the file it was read from
};

/// What a token is wanted for. One that cannot be sent, because a control character is inside, can be shown; `if_any`
/// is as `sent` for those who can do without.
enum class TokenUse { sent, shown, if_any };

/// -token-file=FILE, then VAULT_TOKEN; then for a store the file STORE.token beside it, and for a server what the token
/// helper prints or else ~/.vault-token holds. White space at the end is cut, but as `vault` and `bao` not from what a
/// variable or a helper gives. As `vtoken` a line on standard error warns of a ~/.vault-token that others can read.
///
/// Fails with usage (a control character is inside), io or not_found (the named file, or as token_helper.hpp says), and
/// refused (others can read STORE.token; as `vtoken` also when there is no token for a store, unless TokenUse::if_any).
[[nodiscard]] Result<CallerToken> resolve_caller_token(const Context& context, const Target& target,
                                                       TokenUse use = TokenUse::sent);

}  // namespace vtoken::cmd
