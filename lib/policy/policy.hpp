// An ACL policy: its text, parsed into rules.
//
// Source of the language: openbao vault/policy/policy.go (ParseACLPolicy).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "core/hcl.hpp"
#include "policy/capability.hpp"

namespace vtoken::policy {

/// What parameters a rule names, in lower case, and the values beside each: none means any value.
using Parameters = std::map<std::string, hcl::List, std::less<>>;

/// What a rule, or several for one path together, permits.
struct Permissions {
  Capabilities capabilities = {};
  Parameters allowed = {};  ///< empty for no limit
  Parameters denied = {};
  std::vector<std::string> required = {};
  Nanoseconds min_wrapping_ttl = 0;  ///< 0 for none
  Nanoseconds max_wrapping_ttl = 0;
};

/// One `path "…" { … }`.
struct Rule {
  std::string path;                            ///< without a leading slash, and without the `*` of a prefix
  bool prefix = false;                         ///< ended in `*`, and has no `+` segment
  bool segments = false;                       ///< has a segment `+`; then `path` keeps a `*` at its end
  bool templated = false;                      ///< names {{identity…}}: it matches nothing where no identity is known
  std::optional<Nanoseconds> expiration = {};  ///< since 1970; the rule counts until then
  Permissions permissions = {};
  hcl::Position at = {};
};

struct Policy {
  std::string name;
  std::vector<Rule> rules;
};

/// Reads a policy's text, HCL or JSON. Fails with usage: the message names line and column, as in
/// `line 2, column 5: unknown key "capabilites" (did you mean "capabilities"?): a path has …`. Any bytes may be given.
///
/// Takes and refuses what servers do, except for this. Refused, because a store could not keep to it, are mfa_methods,
/// pagination_limit and list_scan_response_keys_filter_path. Texts that are cut short or have something behind their
/// end, of which servers read what they can, are refused, and so are numbers that run into a name. Rules that have
/// expired are checked like others, and {{time…}} is a template that matches nothing.
[[nodiscard]] Result<Policy> parse_policy(std::string_view name, std::string_view text);

/// The paths of rules that name {{identity…}}, for a warning.
[[nodiscard]] std::vector<std::string> templated_paths(const Policy& policy);

}  // namespace vtoken::policy
