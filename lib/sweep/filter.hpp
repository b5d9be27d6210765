// Which tokens are meant. Members of one kind are alternatives; kinds are joined by "and"; an empty kind asks nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "sweep/facts.hpp"

namespace vtoken::sweep {

/// A copyable value. A number that a token does not tell is within no bound, and no pattern matches an empty text. In
/// `policies`, `roles`, `paths` and `display_names` a "*" stands for any text, wherever it is.
struct Filter {
  std::vector<std::string> policies = {};  ///< any of the token's or its identity's; the case of letters is nothing
  std::vector<std::string> roles = {};
  std::vector<std::string> paths = {};
  std::vector<std::string> display_names = {};
  std::vector<std::pair<std::string, std::string>> metadata = {};  ///< all of them; the value may hold "*"
  std::vector<std::string> entity_ids = {};
  std::optional<std::string> type = {};  ///< "service" or "batch"
  std::optional<bool> orphan = {};
  std::optional<std::int64_t> created_before = {};    ///< seconds since 1970; strictly before
  std::optional<std::int64_t> created_after = {};     ///< seconds since 1970; at it or after
  std::optional<std::int64_t> ttl_less_than = {};     ///< seconds; an endless token has more than any number
  std::optional<std::int64_t> ttl_greater_than = {};  ///< seconds
  bool all = false;                                   ///< -all: every token, said aloud

  /// Whether nothing was asked: neither a kind nor `all`. Such a filter must not revoke.
  [[nodiscard]] bool empty() const noexcept;
  [[nodiscard]] bool matches(const TokenFacts& token) const;
  /// For people, such as `policy app or ci-*, and path auth/userpass/*, and created before 2026-01-02T03:04:05Z`.
  [[nodiscard]] std::string described() const;
  /// One line of JSON for a journal; filters with the same members, in any order, have equal texts. read_filter() reads
  /// it, and gives lists sorted and each text once. Texts must be UTF-8.
  [[nodiscard]] std::string canonical() const;

  bool operator==(const Filter&) const = default;
};

/// Fails (damaged) for a text that canonical() does not write.
[[nodiscard]] Result<Filter> read_filter(std::string_view canonical);

/// A moment as people give it: RFC 3339, or an age such as "2h" or "3d" before `now`. Whole seconds since 1970, what is
/// over left out; 0 for what was before. Fails (usage) on anything else, also on a number alone, which could be either.
[[nodiscard]] Result<std::int64_t> parse_moment(std::string_view text, Nanoseconds now);

}  // namespace vtoken::sweep
