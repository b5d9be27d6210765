// Whether an id was drawn at random, as tokens' are, or written by a person: a placeholder, or a name in a program.
//
// Threads: functions of their arguments alone.
#pragma once

#include <string_view>

namespace vtoken::scan {

/// Whether `id`, base62, looks like a stand-in: few different characters, runs, alphabets, words such as "example". A
/// random id of 24 does in about one case of a million.
[[nodiscard]] bool is_placeholder(std::string_view id) noexcept;

/// Whether `id`, base62, looks like a name made of English words. A random id of 24 does in about one case of 10,000.
[[nodiscard]] bool is_name(std::string_view id) noexcept;

}  // namespace vtoken::scan
