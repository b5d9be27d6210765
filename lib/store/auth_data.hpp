// The "auth" part of an answer: a token that was made or renewed.
#pragma once

#include <string_view>

#include "core/json_fwd.hpp"
#include "store/entry.hpp"

namespace vtoken::store {

struct AuthFacts {
  const TokenEntry& entry;
  std::string_view client_token;
  Nanoseconds ttl = 0;
  std::int64_t num_uses = 0;
  bool renewable = false;
  bool batch = false;
  bool orphan = false;
};

/// The JSON text. Written without a tree: creations are to be quick.
[[nodiscard]] SecretString auth_data(const AuthFacts& facts);

/// Text that is no secret, for JSON.
[[nodiscard]] Json names_data(const std::vector<std::string>& names);
[[nodiscard]] Json meta_data(const std::optional<StringMap>& meta);

}  // namespace vtoken::store
