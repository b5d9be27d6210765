// What a lookup tells of a token, as far as sweeps look at it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "core/json_fwd.hpp"

namespace vtoken::sweep {

/// Texts are empty, and numbers 0, where the answer has none.
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
  bool endless = false;            ///< it has no time to live: `ttl` is 0
  std::int64_t creation_time = 0;  ///< seconds since 1970
  std::int64_t ttl = 0;            ///< seconds left

  /// Whether "root" is one of its own policies.
  [[nodiscard]] bool is_root() const noexcept;
};

/// Reads the body of an answer to a lookup; members of another type count as absent. One pass, no tree of the whole.
/// Fails (damaged) when it is no JSON object with an object `data` in it.
[[nodiscard]] Result<TokenFacts> read_facts(std::string_view body);

}  // namespace vtoken::sweep
