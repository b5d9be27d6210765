#include "cmd/complete_paths.hpp"

#include <algorithm>
#include <array>

namespace vtoken::cmd {
namespace {

// In the order of the letters. Behind a slash at the end stands what can be listed.
constexpr std::array<std::string_view, 29> kPaths = {
    "auth/token/accessors/",
    "auth/token/create",
    "auth/token/create-orphan",
    "auth/token/create/",
    "auth/token/lookup",
    "auth/token/lookup-accessor",
    "auth/token/lookup-self",
    "auth/token/renew",
    "auth/token/renew-accessor",
    "auth/token/renew-self",
    "auth/token/revoke",
    "auth/token/revoke-accessor",
    "auth/token/revoke-orphan",
    "auth/token/revoke-self",
    "auth/token/roles/",
    "auth/token/tidy",
    "cubbyhole/",
    "sys/capabilities",
    "sys/capabilities-accessor",
    "sys/capabilities-self",
    "sys/health",
    "sys/internal/ui/mounts",
    "sys/leader",
    "sys/policies/acl/",
    "sys/seal-status",
    "sys/wrapping/lookup",
    "sys/wrapping/rewrap",
    "sys/wrapping/unwrap",
    "sys/wrapping/wrap",
};

}  // namespace

std::vector<std::string> known_paths(std::string_view prefix) {
  std::vector<std::string> out;
  for (const std::string_view path : kPaths) {
    if (path.size() <= prefix.size() || !path.starts_with(prefix)) continue;
    const std::string_view next = path.substr(0, path.find('/', prefix.size()) + 1);
    const std::string_view part = next.empty() ? path : next;
    if (out.empty() || out.back() != part) out.emplace_back(part);
  }
  return out;
}

}  // namespace vtoken::cmd
