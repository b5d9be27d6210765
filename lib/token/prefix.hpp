// What tokens start with. A prefix alone proves nothing: custom ids and other programs' names may start alike.
#pragma once

#include <array>
#include <string_view>

namespace vtoken {

inline constexpr std::string_view kServicePrefix = "hvs.";
inline constexpr std::string_view kBatchPrefix = "hvb.";
inline constexpr std::string_view kRecoveryPrefix = "hvr.";
inline constexpr std::string_view kLegacyServicePrefix = "s.";  ///< Vault before 1.10, and OpenBao
inline constexpr std::string_view kLegacyBatchPrefix = "b.";
inline constexpr std::string_view kLegacyRecoveryPrefix = "r.";

/// The prefix that `token` starts with (one of the constants above), or "".
[[nodiscard]] constexpr std::string_view token_prefix(std::string_view token) noexcept {
  constexpr std::array kAll{kServicePrefix,       kBatchPrefix,       kRecoveryPrefix,
                            kLegacyServicePrefix, kLegacyBatchPrefix, kLegacyRecoveryPrefix};
  for (const std::string_view prefix : kAll) {
    if (token.starts_with(prefix)) return prefix;
  }
  return {};
}

/// Whether `token` starts as a batch token does.
[[nodiscard]] constexpr bool has_batch_prefix(std::string_view token) noexcept {
  return token.starts_with(kBatchPrefix) || token.starts_with(kLegacyBatchPrefix);
}

}  // namespace vtoken
