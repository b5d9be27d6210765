// What tokens are written with, for looking for them in other text.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "token/base62.hpp"

namespace vtoken::find {

[[nodiscard]] constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }
[[nodiscard]] constexpr bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
[[nodiscard]] constexpr bool is_letter(char c) noexcept { return is_upper(c) || is_lower(c); }

/// Of base64url's alphabet, which holds base62's.
[[nodiscard]] constexpr bool is_token_character(char c) noexcept { return is_base62(c) || c == '-' || c == '_'; }

/// Characters of one kind, looked up.
class CharacterSet {
 public:
  template <class Is>
  constexpr explicit CharacterSet(Is is) noexcept {
    for (std::size_t i = 0; i < holds_.size(); ++i) holds_[i] = is(static_cast<char>(i));
  }

  /// Those that `text` starts with.
  [[nodiscard]] constexpr std::string_view leading(std::string_view text) const noexcept {
    std::size_t end = 0;
    while (end < text.size() && holds_[static_cast<unsigned char>(text[end])]) ++end;
    return text.substr(0, end);
  }

 private:
  std::array<bool, 256> holds_{};
};

inline constexpr CharacterSet kTokenCharacters(is_token_character);
inline constexpr CharacterSet kBase62([](char c) { return is_base62(c); });

}  // namespace vtoken::find
