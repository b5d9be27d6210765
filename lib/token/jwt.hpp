// JSON Web Tokens in their compact form: base64url header "." base64url claims "." base64url signature (RFC 7519).
// Servers give one out for a wrapped answer when "jwt" is asked for as its format. Only the form is looked at here.
//
// Threads: functions of their arguments alone.
#pragma once

#include <optional>
#include <string_view>

#include "base/secret.hpp"
#include "token/fault.hpp"

namespace vtoken {

struct Jwt {
  SecretBytes header;  ///< JSON
  SecretBytes claims;  ///< JSON; of a wrapping token "jti" is an id that works as the token by itself
  SecretBytes signature;
};

/// Whether `text` starts as a JWT does: a JSON object as its header and a "." behind it. No other token does.
[[nodiscard]] bool starts_like_jwt(std::string_view text);

/// Takes `text` to pieces. On a fault `out` holds the parts before it, and of the part at fault what can be read. The
/// signature is not checked, and JSON not read beyond its braces.
[[nodiscard]] std::optional<TokenFault> read_jwt(std::string_view text, Jwt& out);

}  // namespace vtoken
