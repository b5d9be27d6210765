// The token that a login left behind: kept by a helper, a program that ~/.vault names, or in the file ~/.vault-token.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "cmd/context.hpp"

namespace vtoken::cmd {

/// The user's folder: HOME, or what the system knows of the user; empty when neither tells.
[[nodiscard]] std::string home_folder(const Context& context);

/// The absolute path of the program that `token_helper` names in VAULT_CONFIG_PATH or else ~/.vault (to `vtoken` and
/// `bao` first ~/.bao); nothing when there is none. Fails when the file cannot be read or holds anything else, and when
/// the program is not there. The kind is io or not_found as `vtoken`, and server as `vault` and `bao`.
[[nodiscard]] Result<std::optional<std::string>> configured_helper(const Context& context);

/// What `HELPER get` prints, at most 64 KiB, as it is. Its standard input is empty, its errors go to standard error.
/// Fails (io or server, as above) when it cannot be started or its status is not 0.
[[nodiscard]] Result<SecretString> ask_helper(const Context& context, const std::string& helper);

/// Where the token is kept without a helper: BAO_TOKEN_PATH (not to `vault`) or ~/.vault-token; empty when there is no
/// home folder. Fails with usage when two variables disagree.
struct TokenFile {
  std::string path;
  std::string variable = {};  ///< the one that named it, if any
};
[[nodiscard]] Result<TokenFile> login_token_file(const Context& context);

}  // namespace vtoken::cmd
