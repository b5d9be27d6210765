// What `inspect` found out about one text, and how that is shown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/secret.hpp"
#include "cmd/output_table.hpp"
#include "core/json_fwd.hpp"
#include "token/batch.hpp"
#include "token/decode.hpp"

namespace vtoken::cmd {

/// What only a store can tell. Nothing of it is set when there is none.
struct StoreFacts {
  std::optional<bool> signed_here = {};         ///< of an SSC token: whether the store's key made its HMAC
  std::optional<BatchEntry> contents = {};      ///< of a batch token that the store's key opens
  std::string sealed = "unknown offline";       ///< why there are no contents
  std::optional<std::int64_t> ttl = {};         ///< seconds left; 0 for a token without end
  std::optional<std::string> expire_time = {};  ///< RFC 3339; absent for a token without end
  std::string unknown = "unknown offline";      ///< why there is no TTL
  bool is_accessor = false;                     ///< the store has a token with this accessor
};

struct Inspection {
  SecretString text;  ///< without white space around it
  DecodedToken token;
  StoreFacts facts = {};
};

/// Decodes `text`; asks nobody.
[[nodiscard]] Inspection inspect_offline(std::string_view text);

/// One row a fact under a header. Secrets are masked unless `reveal`; nothing in it can steer a terminal.
[[nodiscard]] Rows inspection_rows(const Inspection& inspection, bool reveal);

/// The same as an object. Its members are the same for every token; what a token does not have, or nobody knows, is
/// null.
[[nodiscard]] Json inspection_json(const Inspection& inspection, bool reveal);

}  // namespace vtoken::cmd
