// The end of a token that `run` made: revoked, whatever happens on the way.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "cmd/signal_inbox.hpp"
#include "core/token_client.hpp"

namespace vtoken::cmd {

struct Revocation {
  SecretString token = {};
  std::string accessor = {};  ///< empty when it is not known
  SecretString caller = {};   ///< the token that made it
  bool has_few_uses = false;  ///< it may have none left for its own end
};

/// Revokes the token: as itself, or when that is denied as the caller. What fails in passing is tried again, for some
/// seconds: `wait` waits so long, and gives up when it says false. Nothing when the token is gone, or else the last
/// failure. `client` may then have another token, and shorter requests.
[[nodiscard]] std::optional<ApiFailure> revoke_token(TokenClient& client, const Revocation& what,
                                                     const std::function<bool(Nanoseconds)>& wait);

/// The same over a back end of its own, in some seconds at most, or less when a signal asks to end. `options` are the
/// caller's.
[[nodiscard]] std::optional<ApiFailure> revoke_beside(std::shared_ptr<Backend> backend, const CallOptions& options,
                                                      const Revocation& what, SignalInbox& inbox);

}  // namespace vtoken::cmd
