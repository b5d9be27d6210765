// What became of an accessor in a sweep.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace vtoken::sweep {

enum class Outcome : std::uint8_t {
  revoked,
  gone,      ///< it had ended already
  dangling,  ///< the accessor is indexed, and its token is not there, or is another one: `auth/token/tidy` clears it
  denied,    ///< the caller may not look it up or revoke it
  failed,    ///< for another reason
  spared,    ///< the caller's own, one of its ancestors, or a root token
  would_revoke,  ///< in a dry run
};

/// "revoked", "gone", "dangling", "denied", "failed", "spared", "would-revoke".
[[nodiscard]] std::string_view outcome_name(Outcome outcome) noexcept;
[[nodiscard]] std::optional<Outcome> outcome_named(std::string_view name) noexcept;

/// Whether it is not left over: revoked, gone, dangling, spared and would_revoke are not; denied and failed are.
[[nodiscard]] bool is_settled_well(Outcome outcome) noexcept;

}  // namespace vtoken::sweep
