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

/// What is borrowed from a string must not outlive it: one that is about to end is refused.
template <std::same_as<std::string> Text, class... Rest>
std::string_view trimmed(Text&& text, Rest... rest) = delete;
template <std::same_as<std::string> Text, class... Rest>
std::vector<std::string_view> split(Text&& text, Rest... rest) = delete;

}  // namespace vtoken
