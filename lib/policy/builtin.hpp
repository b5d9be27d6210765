// The policies that are there from the start, with the rules that OpenBao 2.7.2 ships.
#pragma once

#include <string_view>

namespace vtoken::policy {

inline constexpr std::string_view kRoot = "root";
inline constexpr std::string_view kDefault = "default";
inline constexpr std::string_view kResponseWrapping = "response-wrapping";

/// The text of `default` in a new store. It may be changed, but not deleted.
[[nodiscard]] std::string_view default_policy_text() noexcept;
/// The text of `response-wrapping`, the policy of wrapping tokens. It can be neither changed, nor deleted, nor given.
[[nodiscard]] std::string_view response_wrapping_text() noexcept;

}  // namespace vtoken::policy
