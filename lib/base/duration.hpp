// Lengths of time as Vault reads and prints them.
//
// Source of the rules: Go's time.ParseDuration and Duration.String, and the servers' parseutil.ParseDurationSecond.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace vtoken {

/// Reads "90" (seconds), "1h30m", "1500ms", "1.5h", "2d" or "1d12h" (a day is 24 hours); "" is 0. Negative lengths are
/// read; the caller decides. Fails (usage) on anything else and on lengths beyond 292 years.
[[nodiscard]] Result<Nanoseconds> parse_duration(std::string_view text);

/// Go's Duration.String: "1h0m0s", "1.5s", "0s".
[[nodiscard]] std::string go_duration(Nanoseconds length);

/// Go's form without zero parts, as servers and tables print it: "1h", "59m55s", "0s".
[[nodiscard]] std::string human_duration(Nanoseconds length);

/// RFC 3339 in UTC with as many digits after the point as needed (at most nine), as Go's time.Time encodes to JSON.
[[nodiscard]] std::string format_time(Nanoseconds since_epoch);

}  // namespace vtoken
