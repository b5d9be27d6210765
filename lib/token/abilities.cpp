#include "token/explain.hpp"

namespace vtoken {

const std::vector<Ability>& abilities() {
  static const std::vector<Ability> kAll{{"Can be root tokens", "Yes", "No"},
                                         {"Can create child tokens", "Yes", "No"},
                                         {"Renewable", "Yes", "No"},
                                         {"Can be periodic", "Yes", "No"},
                                         {"Can have explicit Max TTL", "Yes", "No (always uses a fixed TTL)"},
                                         {"Has accessors", "Yes", "No"},
                                         {"Has Cubbyhole", "Yes", "No"},
                                         {"Revoked with parent (if not orphan)", "Yes", "Stops Working"},
                                         {"Dynamic secrets lease assignment", "Self", "Parent (if not orphan)"},
                                         {"Can be used across Performance Replication clusters", "No", "Yes"},
                                         {"Creation scales with performance standby node count", "No", "Yes"},
                                         {"Cost", "Heavyweight; multiple storage writes per token creation",
                                          "Lightweight; no storage cost for token creation"}};
  return kAll;
}

}  // namespace vtoken
