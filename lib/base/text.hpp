// Small work on texts. Letters are those of ASCII, whatever the locale.
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace vtoken {

/// In lower case.
[[nodiscard]] constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
[[nodiscard]] std::string lower(std::string_view text);

/// Whether both are the same but for the case of letters, as names of HTTP headers are compared.
[[nodiscard]] bool same_name(std::string_view a, std::string_view b) noexcept;

/// `text` without the characters of `blanks` at its ends. Borrowed from `text`.
[[nodiscard]] std::string_view trimmed(std::string_view text, std::string_view blanks = " \t\r\n") noexcept;

/// What is between the separators, at least one part, which may be empty. Borrowed from `text`.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

/// Whether `text` matches `pattern`, in which each `*` stands for any text, also for none. All else is itself.
[[nodiscard]] bool matches_glob(std::string_view pattern, std::string_view text) noexcept;

/// The same by the servers' rule: only a `*` at the start, at the end or both stands for any text; elsewhere it is
/// itself.
///
/// Source of the rule: strutil.GlobbedStringsMatch of the servers.
[[nodiscard]] bool matches_outer_glob(std::string_view pattern, std::string_view text) noexcept;

/// What is borrowed from a string must not outlive it: one that is about to end is refused.
template <std::same_as<std::string> Text, class... Rest>
std::string_view trimmed(Text&& text, Rest... rest) = delete;
template <std::same_as<std::string> Text, class... Rest>
std::vector<std::string_view> split(Text&& text, Rest... rest) = delete;

}  // namespace vtoken
