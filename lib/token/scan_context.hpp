// What stands before a token: whether the token starts there, and whether a token belongs there.
//
// Threads: functions of their arguments alone.
#pragma once

#include <string_view>

namespace vtoken::scan {

/// Whether a token may start behind `before`: the text's start, no token character, or one that an escape ends ("\n",
/// "%22", "\u0022", a terminal's colour).
[[nodiscard]] bool is_boundary(std::string_view before) noexcept;

/// Whether what follows `before` is named as a token: `VAULT_TOKEN=`, `"client_token": "`, `X-Vault-Token: `,
/// `vault login `, …
[[nodiscard]] bool is_place_of_token(std::string_view before) noexcept;

}  // namespace vtoken::scan
