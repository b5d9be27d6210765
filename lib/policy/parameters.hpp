// Whether a request's data is what a rule allows.
//
// Source of the rules: openbao vault/policy/acl.go (AllowOperation). Values are compared as Go compares what it decoded
// from HCL and from a request: texts with a `*` at either end of the rule's, lists and objects member by member;
// numbers are never the same, because those of a request are kept as texts.
#pragma once

#include "core/json_fwd.hpp"
#include "policy/policy.hpp"

namespace vtoken::policy {

/// `data` is an object, or null for none.
[[nodiscard]] bool parameters_allowed(const Permissions& permissions, const Json* data);

}  // namespace vtoken::policy
