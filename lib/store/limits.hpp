// The limits on a token's life that servers have by default.
#pragma once

#include "base/clock.hpp"

namespace vtoken::store {

inline constexpr Nanoseconds kDefaultTtl = 768 * 3600 * kSecond;  ///< when no TTL is asked for
inline constexpr Nanoseconds kMaxTtl = 768 * 3600 * kSecond;      ///< no token outlives this without a period

}  // namespace vtoken::store
