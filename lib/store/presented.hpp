// From the text of a token to the token: service tokens by their hash, batch tokens by opening them.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "store/keyring.hpp"
#include "store/schema.hpp"
#include "store/token_table.hpp"

namespace vtoken::store {

enum class Presence {
  found,
  unknown,        ///< no such token, or it is dead
  bad_signature,  ///< an SSC token that this store did not sign, or a damaged one
  stale           ///< an SSC token newer than this copy of the store
};

/// A token that somebody showed. For a batch token `row` is made up from what it carries: no seq, no accessor, but
/// its parent's seq.
struct Presented {
  Presence presence = Presence::unknown;
  bool batch = false;
  TokenRow row = {};
  bool orphan = false;
  Nanoseconds end = 0;  ///< the earliest end of the token and its ancestors; 0 for none
};

/// Finds the token `text` in the transaction that the caller has begun.
[[nodiscard]] Result<Presented> find_presented(std::string_view text, TokenTable& tokens, const Keyring& keyring,
                                               const StoreState& state, Nanoseconds now);

}  // namespace vtoken::store
