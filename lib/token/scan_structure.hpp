// What a token's own structure proves, and where it ends by that.
//
// Threads: functions of their arguments alone.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/secret.hpp"

namespace vtoken::scan {

/// How every SSC token's base64url starts: field 1 (version) is 1, field 2 (hmac) has 32 bytes.
inline constexpr std::string_view kSscStart = "CAESI";

struct SscExtent {
  std::size_t length = 0;          ///< characters, prefix included
  SecretString namespace_id = {};  ///< of the inner id; empty for none
};

/// How much of `text` is one whole SSC token, by the lengths in it; token characters may follow. Nothing when it is
/// damaged or cut off. `text` starts with "hvs." and kSscStart.
[[nodiscard]] std::optional<SscExtent> ssc_extent(std::string_view text);

/// What a batch token's first bytes say.
enum class Batch {
  no,    ///< no key term or no cipher version that servers use
  cut,   ///< these are right, but there is too little behind them, or the base64url ends within a byte
  whole  ///< and there is room for nonce and tag
};

/// Of `body`, token characters behind a batch token's prefix.
[[nodiscard]] Batch batch_structure(std::string_view body);

}  // namespace vtoken::scan
