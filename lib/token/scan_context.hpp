// What stands around an id: whether one may start there, and whether a token of an older shape belongs there.
//
// Threads: functions of their arguments alone.
#pragma once

#include <string_view>

namespace vtoken::scan {

/// Whether a token may start behind `before`: the text's start, no token character, dashes behind those, or a character
/// that ends an escape ("\n", "%22", "\u0022", a terminal's colour).
[[nodiscard]] bool is_boundary(std::string_view before) noexcept;

/// Whether a token belongs between `before` and `after`: what comes before names one (`VAULT_TOKEN=`, `X-Vault-Token:
/// `, `Authorization: Bearer `, `vault login `), or it stands alone on its line.
[[nodiscard]] bool is_place_of_token(std::string_view before, std::string_view after) noexcept;

}  // namespace vtoken::scan
