// Names in programs, which may have a token's shape ("s.MaxConnectionBytesPerSec"), told from ids drawn at random.
//
// Threads: functions of their arguments alone.
#pragma once

#include <string_view>

namespace vtoken::scan {

/// Whether `id`, base62, looks more like a name made of words than like an id drawn at random. Of random ids of 24
/// characters fewer than one of 10,000 do; of names that long in public Go and JavaScript sources one of 100 does not.
[[nodiscard]] bool is_name(std::string_view id) noexcept;

}  // namespace vtoken::scan
