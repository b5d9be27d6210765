// Stand-ins for tokens, as documents and tests have them.
//
// Threads: functions of their arguments alone.
#pragma once

#include <string_view>

namespace vtoken::scan {

/// Whether `id`, base62, looks written by a person in place of an id: few different characters, letters of one case,
/// runs, alphabets, words such as "example". Of random ids of 24 characters one of 100,000 does.
[[nodiscard]] bool is_placeholder(std::string_view id) noexcept;

}  // namespace vtoken::scan
