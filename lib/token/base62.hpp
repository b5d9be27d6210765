// The alphabet of token ids and accessors.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/secret.hpp"

namespace vtoken {

inline constexpr std::size_t kTokenIdLength = 24;  ///< characters of a token id and of an accessor (source: Vault)

/// `length` characters of [0-9A-Za-z], each equally likely, from the operating system's generator.
[[nodiscard]] SecretString random_base62(std::size_t length);

/// Whether every character is of [0-9A-Za-z].
[[nodiscard]] bool is_base62(std::string_view text) noexcept;

}  // namespace vtoken
