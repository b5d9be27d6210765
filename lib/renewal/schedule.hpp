// When a token is renewed, and when a renewal that failed is tried again. Pure: no clock is read, nothing is random.
//
// All lengths are nanoseconds. `chance` is between 0 and 1 and spreads the renewals of many programs that were started
// at the same time; the same chance gives the same length.
#pragma once

#include "base/clock.hpp"

namespace vtoken::renewal {

/// How long to wait before the renewal of a token that has `ttl` to live: half of it, less up to a tenth of it by
/// chance, so never later than half. At least 100 ms.
[[nodiscard]] Nanoseconds until_renewal(Nanoseconds ttl, double chance) noexcept;

/// How long to wait before the next try after `failures` (1 or more) failed in a row: from about half a second, doubled
/// each time, to a minute. `left` is what the token still has to live, of which at most a quarter is waited; less than
/// nothing when that is unknown. `wanted` is what the server asked to wait (Retry-After), 0 for nothing; half of `left`
/// is the limit then. At least 100 ms.
[[nodiscard]] Nanoseconds until_retry(int failures, Nanoseconds left, Nanoseconds wanted, double chance) noexcept;

/// What is left of the life of a token that nothing extends when it is time to do something about it: a tenth of
/// `full`, the time to live that its renewals gave.
[[nodiscard]] Nanoseconds notice(Nanoseconds full) noexcept;

/// How long one request may take of `left`, in whole seconds: a third, from 1 to `longest`; `longest` when `left` is
/// less than nothing, which is unknown. A server that hangs must leave time for another try.
[[nodiscard]] int longest_request(Nanoseconds left, int longest) noexcept;

}  // namespace vtoken::renewal
