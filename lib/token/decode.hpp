// What a text that may be a token says about itself, without a key and without I/O. Every text gets an answer: what
// cannot be read is reported with its place.
//
// Threads: a function of its argument alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "token/batch.hpp"
#include "token/fault.hpp"
#include "token/jwt.hpp"
#include "token/ssc.hpp"

namespace vtoken {

/// What a text is for. An accessor is no token: it names one, and reads and revokes it. What a custom id and a UUID are
/// for, and a JWT, their text does not say.
enum class TokenType { service, batch, recovery, accessor, unknown };

/// How it is written.
enum class TokenFormat {
  ssc,       ///< "hvs." + signed protobuf
  inner,     ///< "hvs." + 24 base62: a root token, or the id inside an SSC token
  legacy,    ///< "s." + 24 base62: Vault before 1.10, and OpenBao
  batch,     ///< "hvb." or "b." + envelope
  recovery,  ///< "hvr." or "r." + base62
  accessor,  ///< 24 base62 without a prefix: an accessor, or else a custom id
  uuid,      ///< a token or an accessor of Vault before 0.10
  jwt,       ///< header.payload.signature: a wrapping token in the format "jwt", if its claims say so
  unknown    ///< a custom id (any text without a "."), or no token at all
};

/// "service", "batch", "recovery", "accessor" or "unknown"; "ssc", "inner", …
[[nodiscard]] std::string_view name_of(TokenType type) noexcept;
[[nodiscard]] std::string_view name_of(TokenFormat format) noexcept;

/// What may stand around a token in a file or on a command line, and is no part of it.
inline constexpr std::string_view kWhiteSpace = " \t\r\n\v\f";

struct DecodedToken {
  TokenType type = TokenType::unknown;
  TokenFormat format = TokenFormat::unknown;
  std::string_view prefix = {};  ///< such as "hvs."; a constant; empty for none
  std::size_t length = 0;        ///< characters (bytes), without white space around it

  std::optional<std::string> namespace_id = {};  ///< the base62 after the last ".", of the token or of its inner id; of
                                                 ///< a custom id only when it has a namespace's 5 or 6 characters
  SecretString secret = {};  ///< the id that works as the token by itself, where one can be read: SSC, inner, legacy …

  // Of SSC tokens; each is absent when damage keeps it from being read.
  std::optional<std::uint64_t> version = {};
  std::optional<Mac> hmac = {};
  std::optional<std::uint64_t> wal_index = {};
  std::optional<std::uint32_t> index_epoch = {};
  std::optional<SscToken> ssc = {};  ///< the whole, when there is no fault

  // Of batch tokens; likewise.
  std::optional<std::uint32_t> key_term = {};
  std::optional<std::uint8_t> cipher_version = {};
  std::optional<std::size_t> ciphertext_size = {};  ///< bytes, without nonce (12) and tag (16)
  std::optional<BatchEnvelope> batch = {};          ///< the whole, when there is no fault

  std::optional<Jwt> jwt = {};  ///< of JWTs, the whole, when there is no fault

  std::optional<TokenFault> fault = {};    ///< why the text is not what its format asks for: truncated, damaged
  std::vector<std::string> warnings = {};  ///< what is legal and likely to cause trouble, such as a length
};

/// Takes `text` to pieces. White space around it is left out, with a warning. Time and memory grow with the text's
/// length.
[[nodiscard]] DecodedToken decode_token(std::string_view text);

}  // namespace vtoken
