// What an answer in a sweep means, by its status and the server's words (Vault 1.2 to 1.14, OpenBao 2.x).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "core/request.hpp"

namespace vtoken::sweep {

enum class Situation : std::uint8_t {
  done,          ///< it says yes: a lookup's data, a revocation's 204, a list
  gone,          ///< nobody has the accessor: 400/403/404 "invalid accessor"; 200 "No token found with this accessor"
  dangling,      ///< the accessor is indexed and the token is not there: revoke's "token not found"
  refused,       ///< 403 "permission denied": not allowed, a dangling accessor, or the caller is no more
  caller_dead,   ///< 403 that says so: "invalid token", "bad token" and their like
  rate_limited,  ///< 429
  stale,         ///< 412
  no_leader,     ///< 500 "local node not active …", 5xx of a proxy
  overloaded,    ///< any other 5xx
  unreachable,   ///< no connection was made, so nothing was asked
  lost,          ///< it may have been asked, and the answer did not come
  sealed,        ///< 503 "Vault is sealed", or not initialised
  untrusted,     ///< TLS failed
  too_long,      ///< the token is too long for a header: 431, or 400/403 that says so
  foreign,       ///< not a Vault server's answer: a proxy's page, http where https is spoken
  hopeless       ///< an answer that will be the same next time, such as 500 "no namespace", or a damaged one
};

/// A short name for people, such as "rate limited".
[[nodiscard]] std::string_view situation_name(Situation situation) noexcept;

struct Reading {
  Situation situation = Situation::done;
  std::string text = {};                 ///< the server's words, one line; holds no token
  std::optional<Nanoseconds> wait = {};  ///< what Retry-After asks for, at most a minute; of passing ones only
  /// `refused` in the words that OpenBao has for a caller whom it does not know: bare "permission denied". Whoever
  /// asked what the caller may do has to ask again.
  bool maybe_dead = false;
};

/// Reads the answer to a lookup, a revocation or a list. `now`: for a Retry-After with a date.
[[nodiscard]] Reading read_situation(const Request& asked, const Result<Response>& answer, Nanoseconds now);

/// Whether it may be another answer soon: rate_limited, stale, no_leader, overloaded, unreachable, lost. All of a
/// sweep's requests may be asked again: revoking twice is no harm.
[[nodiscard]] bool is_passing(Situation situation) noexcept;

/// Whether it ends a sweep at once: caller_dead, sealed, untrusted, too_long, foreign.
[[nodiscard]] bool ends_sweep(Situation situation) noexcept;

}  // namespace vtoken::sweep
