// What callers may do, kept ready: policies parsed and put together once for each version of them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "policy/acl.hpp"
#include "policy/policy.hpp"
#include "store/policy_table.hpp"

namespace vtoken::store {

class PolicyCache {
 public:
  /// The ACL of a token with the policies `names`. Those that do not exist allow nothing. `version` is
  /// StoreState::policy_version of the transaction: with another one everything is read again.
  [[nodiscard]] Result<std::shared_ptr<const policy::Acl>> acl(const std::vector<std::string>& names,
                                                               PolicyTable& table, std::int64_t version,
                                                               Nanoseconds now);

  /// Whether there is a policy of that name, in lower case.
  [[nodiscard]] Result<bool> exists(const std::string& name, PolicyTable& table, std::int64_t version, Nanoseconds now);

  void forget();

 private:
  struct Kept {
    std::shared_ptr<const policy::Acl> acl;
    Nanoseconds good_until = 0;  ///< 0 for ever
  };

  /// A policy that was read: null when there is none of that name.
  struct Parsed {
    std::shared_ptr<const policy::Policy> policy;
    Nanoseconds good_until = 0;
  };

  void keep_version(std::int64_t version);
  Result<Parsed> parsed(const std::string& name, PolicyTable& table, Nanoseconds now);
  Result<Kept> build(const std::vector<std::string>& names, PolicyTable& table, Nanoseconds now);

  std::int64_t version_ = -1;
  std::map<std::vector<std::string>, Kept> kept_;
  std::map<std::string, Parsed, std::less<>> parsed_;
};

}  // namespace vtoken::store
