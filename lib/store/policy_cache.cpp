#include "store/policy_cache.hpp"

#include <utility>

namespace vtoken::store {
namespace {

// Tokens come with few different sets of policies; more than this are a sign of names made up by requests.
constexpr std::size_t kMostSets = 1024;

void shorten(Nanoseconds& until, Nanoseconds end) {
  if (end != 0 && (until == 0 || end < until)) until = end;
}

bool still_good(Nanoseconds until, Nanoseconds now) { return until == 0 || now <= until; }

}  // namespace

void PolicyCache::forget() {
  kept_.clear();
  parsed_.clear();
  version_ = -1;
}

Result<PolicyCache::Parsed> PolicyCache::parsed(const std::string& name, PolicyTable& table, Nanoseconds now) {
  if (const auto found = parsed_.find(name); found != parsed_.end()) {
    if (still_good(found->second.good_until, now)) return found->second;
    parsed_.erase(found);
  }
  const auto stored = table.read(name, now);
  if (!stored) return tl::unexpected(stored.error());
  Parsed result;
  if (*stored) {
    auto policy = policy::parse_policy(name, (*stored)->text);
    // It was read when it was written: a file in which it cannot be must not allow more than was meant.
    if (!policy)
      return fail(ErrorKind::damaged, "the policy \"" + name + "\" cannot be read: " + policy.error().message);
    result.policy = std::make_shared<const policy::Policy>(std::move(*policy));
    result.good_until = (*stored)->expiration;
  }
  return parsed_.emplace(name, std::move(result)).first->second;
}

Result<PolicyCache::Kept> PolicyCache::build(const std::vector<std::string>& names, PolicyTable& table,
                                             Nanoseconds now) {
  Kept kept;
  std::vector<std::shared_ptr<const policy::Policy>> found;
  std::vector<const policy::Policy*> policies;
  for (const auto& name : names) {
    auto one = parsed(name, table, now);
    if (!one) return tl::unexpected(one.error());
    if (!one->policy) continue;
    shorten(kept.good_until, one->good_until);
    policies.push_back(one->policy.get());
    found.push_back(std::move(one->policy));
  }
  kept.acl = std::make_shared<const policy::Acl>(policies, now);
  shorten(kept.good_until, kept.acl->good_until());
  return kept;
}

void PolicyCache::keep_version(std::int64_t version) {
  if (version != version_ || kept_.size() > kMostSets || parsed_.size() > kMostSets) forget();
  version_ = version;
}

Result<bool> PolicyCache::exists(const std::string& name, PolicyTable& table, std::int64_t version, Nanoseconds now) {
  keep_version(version);
  const auto policy = parsed(name, table, now);
  if (!policy) return tl::unexpected(policy.error());
  return policy->policy != nullptr;
}

Result<std::shared_ptr<const policy::Acl>> PolicyCache::acl(const std::vector<std::string>& names, PolicyTable& table,
                                                            std::int64_t version, Nanoseconds now) {
  keep_version(version);
  if (const auto found = kept_.find(names); found != kept_.end()) {
    if (still_good(found->second.good_until, now)) return found->second.acl;
    kept_.erase(found);
  }
  auto built = build(names, table, now);
  if (!built) return tl::unexpected(built.error());
  return kept_.emplace(names, std::move(*built)).first->second.acl;
}

}  // namespace vtoken::store
