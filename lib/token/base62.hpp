// The alphabet of token ids and accessors.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "base/secret.hpp"

namespace vtoken {

inline constexpr std::size_t kTokenIdLength = 24;  ///< characters of a token id and of an accessor (source: Vault)

/// `length` characters of [0-9A-Za-z], each equally likely, from the operating system's generator.
[[nodiscard]] SecretString random_base62(std::size_t length);

/// Which bytes are of [0-9A-Za-z]. A table: in an id no branch can guess whether a letter or a digit comes next.
inline constexpr std::array<bool, 256> kIsBase62 = [] {
  std::array<bool, 256> is_one{};
  for (unsigned i = 0; i < is_one.size(); ++i) {
    is_one[i] = (i >= '0' && i <= '9') || (i >= 'A' && i <= 'Z') || (i >= 'a' && i <= 'z');
  }
  return is_one;
}();

/// Whether `c` is of [0-9A-Za-z].
[[nodiscard]] constexpr bool is_base62(char c) noexcept { return kIsBase62[static_cast<unsigned char>(c)]; }

/// Whether every character is of [0-9A-Za-z].
[[nodiscard]] bool is_base62(std::string_view text) noexcept;

/// The longest namespace's id that is taken for one. Vault's have 5 characters, OpenBao's 6; what is nearly as long as
/// a token's id is no namespace's, and must not be shown as one.
inline constexpr std::size_t kLongestNamespaceId = 12;

/// Whether `text` may stand behind a token's last "." as the id of its namespace.
[[nodiscard]] inline bool is_namespace_suffix(std::string_view text) noexcept {
  return !text.empty() && text.size() <= kLongestNamespaceId && is_base62(text);
}

}  // namespace vtoken
