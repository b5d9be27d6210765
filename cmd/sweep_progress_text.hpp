// What a sweep's progress is in words.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "sweep/progress.hpp"

namespace vtoken::cmd {

/// Such as "Round 1: revoking 1,234 of 5,000 [#####     ] 24% 820/s, 4 s left". With a `width` of 0 without the bar, as
/// long as it gets; otherwise at most so many columns: the bar shrinks, and what matters least goes first.
[[nodiscard]] std::string progress_line(const sweep::Progress& progress, std::optional<double> per_second,
                                        std::size_t width);

/// Such as "Round 1: looked at 5,000 tokens in 12 s, 56 match".
[[nodiscard]] std::string progress_end_line(const sweep::Progress& progress, Nanoseconds took);

/// "4 s", "3 min", "2 h 10 min"; a part of a second is a second.
[[nodiscard]] std::string rough_duration(Nanoseconds length);

}  // namespace vtoken::cmd
