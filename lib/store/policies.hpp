// Which policies a new token gets. Names only: what a policy allows is another matter.
//
// Source of the rules: openbao vault/token_store.go (resolveTokenPolicies) and sdk/helper/policyutil.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "store/role.hpp"

namespace vtoken::store {

using Names = std::vector<std::string>;

/// Trimmed, lower case, sorted, each once; only "root" when it is among them; with "default" when `add_default`.
[[nodiscard]] Names sanitize_policies(const Names& names, bool add_default);

/// Trimmed, sorted, each once, without empty ones; lower case too when `small`.
[[nodiscard]] Names tidy_names(const Names& names, bool small);

/// Whether `name` matches one of the patterns, by the servers' rule: see matches_outer_glob().
[[nodiscard]] bool matches_any_glob(const Names& patterns, std::string_view name);

struct PolicyQuestion {
  const Names& requested;
  const Names& parent;
  const Role* role = nullptr;  ///< null for a creation without a role
  bool no_default = false;
  bool sudo = false;
};

/// The new token's policies, sanitized; an Error (refused) carries the server's text for status 400.
[[nodiscard]] Result<Names> resolve_policies(const PolicyQuestion& question);

}  // namespace vtoken::store
