// Whether two texts of a policy say the same.
#pragma once

#include "policy/policy.hpp"

namespace vtoken::policy {

/// Whether both have the same rules in the same order, wherever in their texts those stand. Names are not compared.
[[nodiscard]] bool same_rules(const Policy& a, const Policy& b);

}  // namespace vtoken::policy
