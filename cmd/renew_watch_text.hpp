// The events of `renew -watch` as lines: for people, and as JSON for programs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "renewal/keeper.hpp"

namespace vtoken::cmd {

/// The short names that programs see, such as "maximum" and "not-renewable".
[[nodiscard]] std::string_view name_of(renewal::End end) noexcept;
[[nodiscard]] std::string_view name_of(renewal::Limit limit) noexcept;
[[nodiscard]] std::string_view name_of(renewal::Growth growth) noexcept;

/// One line for people, without the time and a newline. `now` is the wall clock's.
[[nodiscard]] std::string event_line(const renewal::Event& event, Nanoseconds now, std::string_view token);
/// What a person should be warned of; often nothing. `increment` is what was asked for.
[[nodiscard]] std::vector<std::string> event_warnings(const renewal::Event& event,
                                                      std::optional<Nanoseconds> increment);
/// One JSON object on a line, without a newline: "time", "event", "ttl" (seconds, null when unknown), "next" (seconds),
/// and by the event "growth", "limit", "warnings", "error", "failures".
[[nodiscard]] SecretString event_json(const renewal::Event& event, Nanoseconds now, std::string_view token);

/// Why it ended, for people.
[[nodiscard]] std::string end_line(const renewal::Outcome& outcome, Nanoseconds now);
/// "event":"ended" with "reason" instead.
[[nodiscard]] SecretString end_json(const renewal::Outcome& outcome, Nanoseconds now, std::string_view token);

}  // namespace vtoken::cmd
