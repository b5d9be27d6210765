// What a lookup tells of a token, as far as sweeps look at it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace vtoken::sweep {

/// Texts are empty where the answer has none.
struct TokenFacts {
  std::string accessor = {};
  std::string display_name = {};
  std::string path = {};  ///< that made it, such as "auth/userpass/login/ann"
  std::string role = {};  ///< as the answer says; of a path "auth/token/create/ROLE" otherwise
  std::string type = {};  ///< "service" or "batch"
  std::string entity_id = {};
  std::vector<std::string> policies = {};           ///< its own
  std::vector<std::string> identity_policies = {};  ///< those of its entity and its groups
  std::vector<std::pair<std::string, std::string>> metadata = {};
  bool orphan = false;
  bool endless = false;                            ///< it does not expire: `ttl` is 0, and no time of expiry is told
  std::optional<std::int64_t> creation_time = {};  ///< seconds since 1970
  std::optional<std::int64_t> ttl = {};            ///< seconds left
  std::int64_t num_uses = 0;    ///< left; 0 for no limit; below 0 its revocation has begun, and nobody can use it
  Nanoseconds expire_time = 0;  ///< since 1970; 0 when none is told

  /// Its own policies, then those of its identity, each once.
  [[nodiscard]] std::vector<std::string> all_policies() const;
  /// Whether "root" is one of its own policies.
  [[nodiscard]] bool is_root() const noexcept;
};

/// Reads the body of an answer to a lookup; members of another type, and numbers with a point or beyond 64 bits, count
/// as absent; of members with the same name the last counts. One pass, no tree of the whole. Fails (damaged) when it is
/// no JSON object with an object `data` in it, or nested deeper than 64 levels.
[[nodiscard]] Result<TokenFacts> read_facts(std::string_view body);

}  // namespace vtoken::sweep
