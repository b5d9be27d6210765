// What keys tell `inspect` about a token: those of a store, or one that a file holds.
#pragma once

#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "cmd/context.hpp"
#include "cmd/inspection.hpp"
#include "token/keys.hpp"

namespace vtoken::cmd {

/// A key by itself. 32 bytes sign SSC tokens (a store's) or seal batch tokens; servers sign with the 36 characters of a
/// UUID, which seals nothing.
struct LooseKey {
  SecretBytes bytes;
};

/// From a file ("-": standard input) that holds 32 bytes, 64 hexadecimal digits, base64 of either kind of key, or a
/// UUID; around texts there may be white space. Fails with usage when it holds something else, or as
/// read_secret_file().
[[nodiscard]] Result<LooseKey> read_loose_key(const Context& context, const std::string& path);

/// Checks the HMAC or opens the batch token. Tokens without either, and damaged ones, are left alone. A batch token's
/// bytes are kept when `keep_plaintext`.
void check_with(const LooseKey& key, Inspection& inspection, bool keep_plaintext);
void check_with(const TokenKeys& keys, Inspection& inspection, bool keep_plaintext);

/// The TTL and end that an opened batch token says it has. Its parent may end it sooner.
void take_own_life(Inspection& inspection, Nanoseconds now);

}  // namespace vtoken::cmd
