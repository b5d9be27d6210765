// What a policy may allow on a path.
//
// Source: openbao vault/policy/policy.go.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vtoken::policy {

enum class Capability : std::uint16_t {
  deny = 1U << 0U,
  create = 1U << 1U,
  read = 1U << 2U,
  update = 1U << 3U,
  erase = 1U << 4U,  ///< written "delete"
  list = 1U << 5U,
  sudo = 1U << 6U,
  patch = 1U << 7U,
  scan = 1U << 8U,
};

/// A set of capabilities.
class Capabilities {
 public:
  constexpr void add(Capability one) noexcept {
    bits_ = static_cast<std::uint16_t>(bits_ | static_cast<unsigned>(one));
  }
  constexpr void add(Capabilities others) noexcept { bits_ = static_cast<std::uint16_t>(bits_ | others.bits_); }
  [[nodiscard]] constexpr bool has(Capability one) const noexcept { return (bits_ & static_cast<unsigned>(one)) != 0; }
  [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }
  constexpr bool operator==(const Capabilities&) const noexcept = default;

 private:
  std::uint16_t bits_ = 0;
};

/// "read", "delete", …
[[nodiscard]] std::string_view capability_name(Capability capability) noexcept;
/// The capability of that name, as policies write it; nothing when there is none.
[[nodiscard]] std::optional<Capability> find_capability(std::string_view name) noexcept;

/// The names of a set, sorted, as sys/capabilities gives them: {"deny"} for an empty set and for one with deny.
[[nodiscard]] std::vector<std::string> capability_names(Capabilities set);

}  // namespace vtoken::policy
