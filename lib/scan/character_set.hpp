// Sets of characters in globs: "[a-z]", "[!abc]", "[[:digit:]]".
#pragma once

#include <cstddef>
#include <string_view>

namespace vtoken::scan {

/// Whether the set that begins at `at`, behind its "[", holds `c`; moves `at` behind the "]". A set without an end, or
/// with a class that nobody knows, holds nothing. Characters are bytes, classes those of ASCII.
[[nodiscard]] bool set_holds(std::string_view glob, std::size_t& at, char c) noexcept;

}  // namespace vtoken::scan
