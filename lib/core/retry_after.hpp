// How long a server asks to wait before the next try (RFC 9110, "Retry-After").
#pragma once

#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "core/request.hpp"

namespace vtoken {

/// The wait an answer's headers ask for: whole seconds, or a date less the answer's own "Date", or less `now` when it
/// has none. Between 0 and 60 seconds, however far away the server's wish is. Nothing when no header says so in a form
/// that is known; the first that does counts.
[[nodiscard]] std::optional<Nanoseconds> retry_after(const std::vector<Header>& headers, Nanoseconds now);

}  // namespace vtoken
