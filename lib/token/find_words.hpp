// Words in any case. For the finder's files.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "token/find_characters.hpp"

namespace vtoken::find {

[[nodiscard]] constexpr char lowered(char c) noexcept { return is_upper(c) ? static_cast<char>(c + ('a' - 'A')) : c; }

[[nodiscard]] constexpr bool same_letter(char a, char b) noexcept { return lowered(a) == lowered(b); }

/// Words in small letters, at least two each, to look for in texts of any case.
template <std::size_t kSize>
class WordSet {
 public:
  constexpr explicit WordSet(const std::array<std::string_view, kSize>& words) noexcept : words_(words) {
    for (const std::string_view word : words) starts_[pair_of(word[0], word[1])] = true;
  }

  /// Whether one stands anywhere in `text`, within words too.
  [[nodiscard]] constexpr bool stands_in(std::string_view text) const noexcept {
    for (std::size_t at = 1; at < text.size(); ++at) {
      if (starts_[pair_of(text[at - 1], text[at])] && starts(text.substr(at - 1))) return true;
    }
    return false;
  }

  /// Whether `text` is one.
  [[nodiscard]] constexpr bool holds(std::string_view text) const noexcept {
    return std::any_of(words_.begin(), words_.end(), [&](std::string_view word) {
      return std::equal(word.begin(), word.end(), text.begin(), text.end(), same_letter);
    });
  }

 private:
  // A small number that is the same for both cases, and for few other pairs.
  [[nodiscard]] static constexpr std::size_t pair_of(char a, char b) noexcept {
    return (static_cast<std::size_t>(a) & 31U) << 5U | (static_cast<std::size_t>(b) & 31U);
  }

  [[nodiscard]] constexpr bool starts(std::string_view text) const noexcept {
    return std::any_of(words_.begin(), words_.end(), [&](std::string_view word) {
      return word.size() <= text.size() && std::equal(word.begin(), word.end(), text.begin(), same_letter);
    });
  }

  std::array<std::string_view, kSize> words_;
  std::array<bool, 1024> starts_{};  // pairs that words start with
};

}  // namespace vtoken::find
