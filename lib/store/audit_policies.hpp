// Which of a caller's policies permitted what it did.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "policy/acl.hpp"
#include "store/policy_cache.hpp"
#include "store/policy_table.hpp"

namespace vtoken::store {

/// Those of `names` that have a rule for the very path by which `acl`, which they make together, permits what was
/// `asked`, and that permits it. `version` and `now` are as for PolicyCache::acl().
[[nodiscard]] Result<std::vector<std::string>> granting_policies(const std::vector<std::string>& names,
                                                                 const policy::Acl& acl, const policy::Question& asked,
                                                                 PolicyCache& cache, PolicyTable& table,
                                                                 std::int64_t version, Nanoseconds now);

}  // namespace vtoken::store
