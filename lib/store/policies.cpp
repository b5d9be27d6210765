#include "store/policies.hpp"

#include <algorithm>
#include <cctype>

#include "base/text.hpp"

namespace vtoken::store {
namespace {

bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Go's %q of a list of strings.
std::string quoted_list(const Names& names) {
  std::string text = "[";
  for (const auto& name : names) {
    if (text.size() > 1) text += ' ';
    text += '"';
    for (const char c : name) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    text += '"';
  }
  return text + "]";
}

bool limits_policies(const Role& role) {
  return !role.allowed_policies.empty() || !role.disallowed_policies.empty() || !role.allowed_policies_glob.empty() ||
         !role.disallowed_policies_glob.empty();
}

Result<Names> within_allowed(const PolicyQuestion& question, Names chosen, bool add_default) {
  const Role& role = *question.role;
  if (role.allowed_policies.empty() && role.allowed_policies_glob.empty()) {
    return chosen.empty() ? sanitize_policies(question.parent, add_default) : chosen;
  }
  const Names allowed = sanitize_policies(role.allowed_policies, add_default);
  if (chosen.empty()) return allowed;
  const Names globs = sanitize_policies(role.allowed_policies_glob, false);
  for (const auto& name : chosen) {
    if (!contains(allowed, name) && !matches_any_glob(globs, name)) {
      return fail(ErrorKind::refused, "token policies (" + quoted_list(chosen) +
                                          ") must be subset of the role's allowed policies (" + quoted_list(allowed) +
                                          ") or glob policies (" + quoted_list(globs) + ")");
    }
  }
  return chosen;
}

Result<Names> resolve_by_role(const PolicyQuestion& question) {
  const Role& role = *question.role;
  const bool add_default = !question.no_default && !role.no_default_policy &&
                           !contains(role.disallowed_policies, "default") &&
                           !matches_any_glob(role.disallowed_policies_glob, "default");
  Names requested;
  if (!question.requested.empty()) requested = sanitize_policies(question.requested, add_default);
  auto chosen = within_allowed(question, std::move(requested), add_default);
  if (!chosen) return chosen;
  for (const auto& name : *chosen) {
    if (contains(role.disallowed_policies, name) || matches_any_glob(role.disallowed_policies_glob, name)) {
      return fail(ErrorKind::refused, "token policy \"" + name + "\" is disallowed by this role");
    }
  }
  return chosen;
}

Result<Names> resolve_by_parent(const PolicyQuestion& question) {
  if (question.requested.empty()) return sanitize_policies(question.parent, false);
  if (question.sudo) return sanitize_policies(question.requested, !question.no_default);
  const Names parent = sanitize_policies(question.parent, false);
  for (const auto& name : sanitize_policies(question.requested, false)) {
    if (!contains(parent, name)) return fail(ErrorKind::refused, "child policies must be subset of parent");
  }
  return sanitize_policies(question.requested, !question.no_default && contains(question.parent, "default"));
}

}  // namespace

Names tidy_names(const Names& names, bool small) {
  Names out;
  for (const std::string& name : names) {
    const std::string_view kept = trimmed(name);
    if (!kept.empty()) out.push_back(small ? lower(kept) : std::string(kept));
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Names sanitize_policies(const Names& names, bool add_default) {
  Names out = tidy_names(names, true);
  if (contains(out, "root")) return {"root"};
  if (add_default && !contains(out, "default")) {
    out.insert(std::lower_bound(out.begin(), out.end(), "default"), "default");
  }
  return out;
}

bool matches_any_glob(const Names& patterns, std::string_view name) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [name](const std::string& pattern) { return matches_outer_glob(pattern, name); });
}

Result<Names> resolve_policies(const PolicyQuestion& question) {
  const bool by_role = question.role != nullptr && limits_policies(*question.role);
  auto chosen = by_role ? resolve_by_role(question) : resolve_by_parent(question);
  if (!chosen) return chosen;
  Names names = sanitize_policies(*chosen, false);
  if (question.no_default) std::erase(names, "default");
  if (contains(names, "response-wrapping"))
    return fail(ErrorKind::refused, "cannot assign policy \"response-wrapping\"");
  return names;
}

}  // namespace vtoken::store
