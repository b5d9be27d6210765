// A service token as the store keeps it. The sealed part is protobuf; FORMAT.md lists the fields.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "store/fields.hpp"

namespace vtoken::store {

/// What a token is: facts that do not change, but for a renewal's time. Kept sealed. The token's id is not in it.
struct TokenEntry {
  std::string accessor;
  std::vector<std::string> policies;  ///< sorted, lower case
  std::string path;                   ///< where it was made, such as "auth/token/create"
  std::optional<StringMap> meta;      ///< nothing when none was given: answers say null then
  std::string display_name;
  std::string role;
  std::string entity_id;
  std::vector<std::string> bound_cidrs;
  std::int64_t creation_time = 0;  ///< seconds since 1970
  Nanoseconds issue_time = 0;
  Nanoseconds last_renewal = 0;      ///< 0 when it was never renewed
  Nanoseconds ttl = 0;               ///< at creation; 0 for a token without end
  Nanoseconds explicit_max_ttl = 0;  ///< 0 for none
  Nanoseconds period = 0;            ///< 0 for none
  Nanoseconds lease_ttl = 0;         ///< granted last, at creation or renewal
  std::int64_t num_uses = 0;         ///< at creation; 0 for no limit
  bool renewable = false;

  [[nodiscard]] bool is_root() const;
};

[[nodiscard]] SecretString encode_entry(const TokenEntry& entry);

/// Nothing when `bytes` is no entry.
[[nodiscard]] std::optional<TokenEntry> decode_entry(std::string_view bytes);

}  // namespace vtoken::store
