// Making a service token: its number, id, accessor and text, and the row in the table.
#pragma once

#include <cstdint>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "store/call.hpp"

namespace vtoken::store {

/// What a new token's row has besides its entry.
struct MintOrder {
  SecretString id = {};       ///< chosen by the caller; empty for a random one
  std::int64_t parent = 0;    ///< seq of the parent; 0 for an orphan
  Nanoseconds ttl = 0;        ///< 0 for no end
  std::int64_t num_uses = 0;  ///< 0 for no limit
};

struct Minted {
  std::int64_t seq = 0;
  SecretString text;  ///< what its holder shows
};

/// Chooses the accessor, which it puts into `entry`, and writes the token. Needs a call that may write.
[[nodiscard]] Result<Minted> mint_service(Call& call, TokenEntry& entry, const MintOrder& order);

}  // namespace vtoken::store
