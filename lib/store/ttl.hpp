// How long a token lives, at creation and at renewal.
//
// Source of the rules: openbao sdk/framework/lease.go (CalculateTTL).
#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace vtoken::store {

struct TtlQuestion {
  Nanoseconds now = 0;
  Nanoseconds start = 0;             ///< when the token was made
  Nanoseconds increment = 0;         ///< asked for at a renewal; 0 for none
  Nanoseconds wanted = 0;            ///< asked for at creation, or a role's; 0 for the default
  Nanoseconds period = 0;            ///< 0 for none
  Nanoseconds max_ttl = 0;           ///< a role's, or what a parent has left; 0 for none
  Nanoseconds explicit_max_ttl = 0;  ///< 0 for none
};

/// The time to live from now on, in whole seconds. What was capped is told in `warnings`, in the server's words. Fails
/// (refused) past the maximum. Times are taken to the second, as servers do.
[[nodiscard]] Result<Nanoseconds> calculate_ttl(const TtlQuestion& question, std::vector<std::string>& warnings);

}  // namespace vtoken::store
