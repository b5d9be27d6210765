// Batch tokens: "hvb." + base64url( key term (4 bytes, big endian), cipher version (1 byte), nonce (12), ciphertext,
// tag (16) ), AES-256-GCM; the plaintext is protobuf TokenEntry.
// Cipher version 2 authenticates the storage path too, which is empty for tokens; version 1 authenticates nothing more.
// Source of the format: openbao vault/barrier/aes_gcm.go and sdk/plugin/pb/backend.proto.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/crypto.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "token/fault.hpp"

namespace vtoken {

inline constexpr std::size_t kBatchTermSize = 4;                     ///< bytes of the key term
inline constexpr std::size_t kBatchHeaderSize = kBatchTermSize + 1;  ///< those before the nonce
inline constexpr std::uint8_t kBatchCipherVersion = 2;               ///< what servers write, and seal_batch unless told

/// What a batch token carries. Field numbers of TokenEntry in parentheses.
struct BatchEntry {
  SecretString parent;                      ///< (3) the parent, empty for an orphan
  std::vector<std::string> policies;        ///< (4)
  std::string path;                         ///< (5)
  std::map<std::string, std::string> meta;  ///< (6)
  std::string display_name;                 ///< (7)
  std::int64_t creation_time = 0;           ///< (9) seconds since 1970
  Nanoseconds ttl = 0;                      ///< (10)
  std::string role;                         ///< (12)
  std::string entity_id;                    ///< (14)
  std::vector<std::string> bound_cidrs;     ///< (15)
  std::string namespace_id;                 ///< (16)
  std::uint32_t type = 2;                   ///< (18) 2 is batch
};

/// The parts of a batch token that need no key.
struct BatchEnvelope {
  std::uint32_t key_term = 0;
  std::uint8_t cipher_version = 0;
  SecretBytes sealed = {};  ///< nonce, ciphertext and tag: what AesGcm::open takes
};

/// The text of a token that carries `entry`, sealed with `cipher` (the key of `key_term`). Of the versions 1 and 2 the
/// envelope is the same but for its number: the path that 2 authenticates is empty.
[[nodiscard]] SecretString seal_batch(const BatchEntry& entry, std::uint32_t key_term, const AesGcm& cipher,
                                      std::uint8_t cipher_version = kBatchCipherVersion);

/// Reads the envelope of a whole token, "hvb." (or the older "b.") included; a namespace suffix (".", base62) may
/// follow it. Fails (damaged) with the byte at fault.
[[nodiscard]] Result<BatchEnvelope> split_batch(std::string_view token);

/// As split_batch, for tools that show what can still be read: on a fault `out` holds what came before it.
[[nodiscard]] std::optional<TokenFault> read_batch(std::string_view token, BatchEnvelope& out);

/// Opens an envelope, of cipher version 1 or 2. Fails with wrong_key when `cipher` did not seal it, damaged when what
/// is inside is no TokenEntry. Fields that BatchEntry lacks are skipped; a type that is absent is 0.
[[nodiscard]] Result<BatchEntry> open_batch(const BatchEnvelope& envelope, const AesGcm& cipher);

}  // namespace vtoken
