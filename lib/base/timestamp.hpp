// Points of time as people and servers write them.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace vtoken {

/// The last whole second since 1970 that Nanoseconds reach.
inline constexpr std::int64_t kLatestSecond = 9'223'372'036;

/// Reads RFC 3339 ("2026-11-22T10:00:00.5+01:00") or whole seconds since 1970. Gives nanoseconds since 1970; digits
/// beyond nine after the point are dropped. Fails (usage) on anything else, on days that no calendar has, and on
/// years outside 1970 to 2261.
///
/// Source of the rules: the servers' parseutil.ParseAbsoluteTime.
[[nodiscard]] Result<Nanoseconds> parse_time(std::string_view text);

}  // namespace vtoken
