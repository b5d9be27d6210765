// Makes tokens of every kind for tests, with keys that the caller gives: fixtures for scanners, decoders and servers'
// clients. No server takes them that does not have the same keys.
//
// Threads: functions of their arguments alone; they draw random characters from the operating system where none are
// given.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/crypto.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "token/batch.hpp"
#include "token/decode.hpp"

namespace vtoken {

struct MintSettings {
  TokenFormat format = TokenFormat::ssc;  ///< any but unknown
  bool legacy_prefix = false;             ///< "s.", "b.", "r." where the format has both; an SSC token has only "hvs."
  std::string_view random = {};           ///< the characters of the id; empty: 24 at random. Base62; not for UUIDs
  std::string_view namespace_id = {};     ///< base62, at most 12; empty for the root namespace; not for UUIDs
  std::uint64_t local_index = 0;          ///< SSC: the WAL index
  std::uint32_t index_epoch = 0;          ///< SSC
  std::uint32_t key_term = 1;             ///< batch; at least 1
  std::uint8_t cipher_version = 2;        ///< batch; 1 or 2
  BatchEntry entry = {};                  ///< batch: what it carries
};

/// A token's text. `key` signs an SSC token or seals a batch token, and is not looked at for other formats. Fails
/// (usage) when the settings ask for what cannot be: a character that is not base62, key term 0, a cipher version other
/// than 1 and 2. A JWT is signed with HS256, as `key` is no key for the ES512 of servers; its jti is the id.
[[nodiscard]] Result<SecretString> mint_token(const MintSettings& settings, KeyView key);

}  // namespace vtoken
