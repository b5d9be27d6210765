// What tokens are written with. For the finder's files.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace vtoken::find {

[[nodiscard]] constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }
[[nodiscard]] constexpr bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
[[nodiscard]] constexpr bool is_letter(char c) noexcept { return is_upper(c) || is_lower(c); }
[[nodiscard]] constexpr bool is_alphanumeric(char c) noexcept { return is_letter(c) || is_digit(c); }

/// Of base64url's alphabet, which holds base62's.
[[nodiscard]] constexpr bool is_token_character(char c) noexcept { return is_alphanumeric(c) || c == '-' || c == '_'; }

/// The token characters that `text` starts with.
[[nodiscard]] constexpr std::string_view leading_token_characters(std::string_view text) noexcept {
  const auto end = std::find_if_not(text.begin(), text.end(), is_token_character);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

/// The base62 that `text` starts with.
[[nodiscard]] constexpr std::string_view leading_base62(std::string_view text) noexcept {
  const auto end = std::find_if_not(text.begin(), text.end(), is_alphanumeric);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

}  // namespace vtoken::find
