#include "policy/capability.hpp"

#include <array>

namespace vtoken::policy {
namespace {

struct Named {
  std::string_view name;
  Capability capability;
};

// Sorted by name.
constexpr std::array<Named, 9> kNames{{{"create", Capability::create},
                                       {"delete", Capability::erase},
                                       {"deny", Capability::deny},
                                       {"list", Capability::list},
                                       {"patch", Capability::patch},
                                       {"read", Capability::read},
                                       {"scan", Capability::scan},
                                       {"sudo", Capability::sudo},
                                       {"update", Capability::update}}};

}  // namespace

std::string_view capability_name(Capability capability) noexcept {
  for (const Named& named : kNames) {
    if (named.capability == capability) return named.name;
  }
  return {};
}

std::optional<Capability> find_capability(std::string_view name) noexcept {
  for (const Named& named : kNames) {
    if (named.name == name) return named.capability;
  }
  return std::nullopt;
}

std::vector<std::string> capability_names(Capabilities set) {
  if (set.empty() || set.has(Capability::deny)) return {std::string(capability_name(Capability::deny))};
  std::vector<std::string> names;
  for (const Named& named : kNames) {
    if (set.has(named.capability)) names.emplace_back(named.name);
  }
  return names;
}

}  // namespace vtoken::policy
