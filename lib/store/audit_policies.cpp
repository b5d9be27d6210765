#include "store/audit_policies.hpp"

#include "policy/builtin.hpp"

namespace vtoken::store {

Result<std::vector<std::string>> granting_policies(const std::vector<std::string>& names, const policy::Acl& acl,
                                                   const policy::Question& asked, PolicyCache& cache,
                                                   PolicyTable& table, std::int64_t version, Nanoseconds now) {
  if (acl.root()) return std::vector<std::string>{std::string(policy::kRoot)};
  std::vector<std::string> granting;
  const std::string rule = acl.granting_rule(asked.operation, asked.path);
  if (rule.empty()) return granting;
  for (const auto& name : names) {
    const auto alone = cache.acl({name}, table, version, now);
    if (!alone) return tl::unexpected(alone.error());
    if ((*alone)->granting_rule(asked.operation, asked.path) == rule) granting.push_back(name);
  }
  return granting;
}

}  // namespace vtoken::store
