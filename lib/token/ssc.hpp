// Server side consistent service tokens (Vault 1.10 and later):
//   "hvs." + base64url( SignedToken{1: uint64 version, 2: bytes hmac, 3: bytes token} )
//   token = Token{1: string random, 2: uint64 local_index, 3: uint32 index_epoch}; the HMAC-SHA-256 is over `token`.
// OpenBao 2.7's clusters add 50: string, the index in decimal digits; it is read as the local_index.
// Source of the format: openbao vault/tokens/token.proto and vault/token_store.go.
//
// Threads: functions of their arguments alone; an Hmac is for one thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/crypto.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "token/fault.hpp"

namespace vtoken {

struct SscToken {
  std::uint64_t version = 1;
  Mac hmac{};
  SecretString random;            ///< the inner id, itself "hvs." + 24 base62; works as the token
  std::uint64_t local_index = 0;  ///< the WAL index a node must have reached
  std::uint32_t index_epoch = 0;  ///< rises when a cluster's history is replaced
  SecretString signed_part = {};  ///< the bytes the HMAC is over
};

/// The text of a token for `random`, signed with `hmac_key`. proto3 leaves out an index or epoch of 0. `random` has the
/// shape that decode_ssc wants of it: "hvs." (or "s."), base62, and perhaps "." and a namespace's base62.
[[nodiscard]] SecretString encode_ssc(std::string_view random, std::uint64_t local_index, std::uint32_t index_epoch,
                                      KeyView hmac_key);

/// The same with a key that is set up already: for many tokens.
[[nodiscard]] SecretString encode_ssc(std::string_view random, std::uint64_t local_index, std::uint32_t index_epoch,
                                      const Hmac& hmac);

/// Reads a whole token, "hvs." included; a namespace suffix (".", base62) may follow it. Fails (damaged) with the field
/// and the byte at fault, such as "byte 2: field 2 (hmac): 17 of 32 bytes"; the message never holds token text. The
/// HMAC is not checked. Stricter than servers, which ignore unknown fields and let later ones replace earlier ones: no
/// server writes such tokens.
[[nodiscard]] Result<SscToken> decode_ssc(std::string_view token);

/// As decode_ssc, for tools that show what can still be read: `out` holds the fields before the fault; the
/// others are 0 or empty.
[[nodiscard]] std::optional<TokenFault> read_ssc(std::string_view token, SscToken& out);

/// The same of the bytes that a token's base64url holds (SignedToken).
[[nodiscard]] std::optional<TokenFault> read_signed_token(std::string_view message, SscToken& out);

/// Whether `token` was signed with `hmac_key`. Constant time in the HMAC.
[[nodiscard]] bool verify_ssc(const SscToken& token, KeyView hmac_key);

/// The same with a key that is set up already.
[[nodiscard]] bool verify_ssc(const SscToken& token, const Hmac& hmac);

}  // namespace vtoken
