// Several policies together: what a token with them may do.
//
// Source of the rules: openbao vault/policy/acl.go. Of the rules for one path in several policies all capabilities
// count, and deny beats them; of the rules that match a path only the most specific counts.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "core/json_fwd.hpp"
#include "policy/policy.hpp"

namespace vtoken::policy {

enum class Operation { create, read, update, erase, list };

/// What somebody wants to do.
struct Question {
  Operation operation;
  std::string_view path;       ///< such as "auth/token/create"; a list's ends in a slash
  const Json* data = nullptr;  ///< the body, or a read's query, as an object; null for none. Borrowed for the call
  Nanoseconds wrap_ttl = 0;    ///< the wrapping asked for; 0 for none
};

struct Verdict {
  bool allowed = false;
  bool sudo = false;  ///< the matching rule has sudo (root has it everywhere)
};

/// Built once, asked often; asking is safe from several threads.
class Acl {
 public:
  Acl() = default;
  /// Copies what it needs of the policies. Rules that expired at `now` do not count. A policy named "root" allows all.
  Acl(const std::vector<const Policy*>& policies, Nanoseconds now);

  [[nodiscard]] Verdict ask(const Question& question) const;
  /// Whether the rule that matches `path` has sudo; operation and data do not matter.
  [[nodiscard]] bool sudo(std::string_view path) const;
  /// The names of what is allowed on `path`, sorted: {"root"} for root, {"deny"} when nothing is.
  [[nodiscard]] std::vector<std::string> capabilities(std::string_view path) const;
  /// The rule that permits an operation on `path`, by its path and how that is read, such as "prefix secret/"; empty
  /// when none does, and for root. Two ACLs that give the same one permit it by rules for the same path. Slow: it looks
  /// at all rules.
  [[nodiscard]] std::string granting_rule(Operation operation, std::string_view path) const;
  [[nodiscard]] bool root() const noexcept { return root_; }
  /// When a rule that counted stops to count, since 1970: after that a new Acl is due. 0 for never.
  [[nodiscard]] Nanoseconds good_until() const noexcept { return good_until_; }

 private:
  using Rules = std::map<std::string, Permissions, std::less<>>;

  /// A path with `+`, ready to be compared. Its path is its key.
  struct Segments {
    bool prefix = false;             ///< ends in a `*`
    std::size_t first_wildcard = 0;  ///< where its first + is
    std::size_t wildcards = 0;       ///< segments +
    Permissions permissions = {};
  };

  void add(const Rule& rule);
  void add_segments(const Rule& rule);
  [[nodiscard]] const Permissions* find(std::string_view path, bool list) const;
  [[nodiscard]] const Permissions* find_inexact(std::string_view path) const;

  bool root_ = false;
  Nanoseconds good_until_ = 0;
  Rules exact_;
  Rules prefixes_;  ///< without the `*`
  /// By what stands before the first segment `+`, so that few are compared with a path.
  std::map<std::string, std::map<std::string, Segments>, std::less<>> segments_;
};

}  // namespace vtoken::policy
