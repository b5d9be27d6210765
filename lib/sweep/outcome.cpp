#include "sweep/outcome.hpp"

#include <algorithm>
#include <array>

namespace vtoken::sweep {
namespace {

constexpr std::array<std::string_view, 7> kNames = {"revoked", "gone",   "dangling",    "denied",
                                                    "failed",  "spared", "would-revoke"};

}  // namespace

std::string_view outcome_name(Outcome outcome) noexcept { return kNames[static_cast<std::size_t>(outcome)]; }

std::optional<Outcome> outcome_named(std::string_view name) noexcept {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Outcome>(found - kNames.begin());
}

bool is_settled_well(Outcome outcome) noexcept { return outcome != Outcome::denied && outcome != Outcome::failed; }

}  // namespace vtoken::sweep
