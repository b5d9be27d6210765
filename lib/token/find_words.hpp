// Words in any case. For the finder's files.
#pragma once

#include <algorithm>
#include <string_view>

#include "token/find_characters.hpp"

namespace vtoken::find {

[[nodiscard]] constexpr char lowered(char c) noexcept { return is_upper(c) ? static_cast<char>(c + ('a' - 'A')) : c; }

[[nodiscard]] constexpr bool same_letter(char a, char b) noexcept { return lowered(a) == lowered(b); }

/// Whether `word` stands anywhere in `text`.
[[nodiscard]] constexpr bool holds_word(std::string_view text, std::string_view word) noexcept {
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same_letter) != text.end();
}

/// Whether `text` is `word`.
[[nodiscard]] constexpr bool is_word(std::string_view text, std::string_view word) noexcept {
  return std::equal(text.begin(), text.end(), word.begin(), word.end(), same_letter);
}

}  // namespace vtoken::find
