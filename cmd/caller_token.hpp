// The token a request is made with (design.md, "Which back end, which token"), not the token it is about.
#pragma once

#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "cmd/context.hpp"
#include "cmd/target.hpp"

namespace vtoken::cmd {

struct CallerToken {
  SecretString token = {};  ///< empty when there is none and the program is `vault` or `bao`
  std::string source = {};  ///< "VAULT_TOKEN", or the file it was read from
};

/// -token-file=FILE, then VAULT_TOKEN, then for a store the file STORE.token beside it. White space at the end is cut.
/// Fails with usage (a control character is inside), io or not_found (the named file), and refused (others can read
/// STORE.token; as `vtoken` also when there is no token for a store).
[[nodiscard]] Result<CallerToken> resolve_caller_token(const Context& context, const Target& target);

}  // namespace vtoken::cmd
