// Response wrapping: an answer kept in the cubbyhole of a token that can be used once.
//
// Source of the rules: openbao vault/wrapping.go, tried on a server.
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/call.hpp"

namespace vtoken::store {

/// What a wrapping token holds.
struct Wrapped {
  Nanoseconds ttl = 0;
  std::string creation_time;  ///< RFC 3339
  std::string creation_path;
  int status = 200;     ///< the answer's
  SecretString answer;  ///< its JSON text, without a newline at the end
};

/// Whether the token was made to hold an answer.
[[nodiscard]] bool is_wrapping(const TokenEntry& entry);

/// The answer to a request about a wrapping token (unwrap, rewrap, lookup) that names none; nothing for one that does
/// and for all other requests. Servers look at this before they look at the caller.
[[nodiscard]] Result<std::optional<Response>> refuse_wrapping_token(const Call& call);

/// Keeps `response` for `ttl` and gives the answer that names the wrapping token. Errors and answers without a body are
/// given back as they are. Needs a call that may write.
[[nodiscard]] Result<Response> wrap_response(Call& call, Response response, Nanoseconds ttl);

/// Makes a wrapping token for what is wrapped already, and gives the answer that names it.
[[nodiscard]] Result<Response> wrap_again(Call& call, const Wrapped& wrapped);

/// Reads what the token numbered `seq` holds. Nothing when it holds nothing.
[[nodiscard]] Result<std::optional<Wrapped>> read_wrapped(Call& call, std::int64_t seq);

}  // namespace vtoken::store
