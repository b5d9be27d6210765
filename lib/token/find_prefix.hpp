// The finder's first stage: goes over text at the speed of memory, and stops where a token may be.
//
// Threads: functions of their arguments alone.
#pragma once

#include <cstddef>
#include <string_view>

namespace vtoken::find {

/// How many token characters must follow the dot. No token has fewer.
inline constexpr std::size_t kShortestBody = 24;

/// The first offset at `from` or later and before `until` of an "s", "b" or "r" that "." and kShortestBody token
/// characters follow; npos when there is none. All of `text` is looked at for what follows, so `until` may be its size.
[[nodiscard]] std::size_t find_prefix(std::string_view text, std::size_t from, std::size_t until) noexcept;

/// The same, one byte after the other; for processors that have nothing better, and to compare the others with.
[[nodiscard]] std::size_t find_prefix_portable(std::string_view text, std::size_t from, std::size_t until) noexcept;

#ifdef __x86_64__
/// The same, 16 bytes at a time.
[[nodiscard]] std::size_t find_prefix_sse2(std::string_view text, std::size_t from, std::size_t until) noexcept;

/// The same, 32 bytes at a time; for processors with AVX2 only.
[[nodiscard]] std::size_t find_prefix_avx2(std::string_view text, std::size_t from, std::size_t until) noexcept;

[[nodiscard]] bool has_avx2() noexcept;
#endif

}  // namespace vtoken::find
