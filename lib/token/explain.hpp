// Every byte of a token, with its name: what a hex dump of it says beside the bytes.
//
// Threads: functions of their arguments alone.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "token/decode.hpp"

namespace vtoken {

/// A run of bytes with one meaning.
struct TokenPart {
  std::size_t at = 0;    ///< offset into Layer::bytes
  std::size_t size = 0;  ///< at least 1
  unsigned depth = 0;    ///< 0 is the layer itself, 1 inside one of its fields, …
  std::string name;      ///< such as "field 2 (hmac), length"
  std::string meaning;   ///< such as "32 bytes"; holds nothing of a secret part
  bool secret = false;   ///< bytes to be masked unless they are asked for: ids, HMACs, ciphertext
  bool damaged = false;  ///< what cannot be read as its format asks for, and what comes after that
};

/// One layer of a token: its text, or what its base64url holds.
struct TokenLayer {
  std::string name;  ///< "text", "SignedToken (protobuf)", "envelope", "header (JSON)", "claims (JSON)", …
  SecretBytes bytes;
  std::vector<TokenPart> parts;  ///< in order; together they cover each byte exactly once
};

/// The layers of `text`, which is taken without white space around it. At least one layer unless that is empty.
[[nodiscard]] std::vector<TokenLayer> explain_token(std::string_view text);

/// The layer of an opened batch token's plaintext (TokenEntry), as a store's key shows it.
[[nodiscard]] TokenLayer explain_entry(std::string_view plaintext);

/// One line of the table that compares service and batch tokens (source: document 001).
struct Ability {
  std::string_view what;     ///< "Can create child tokens"
  std::string_view service;  ///< "Yes"
  std::string_view batch;    ///< "No"
};

/// All twelve lines, in the document's order; constants.
[[nodiscard]] const std::vector<Ability>& abilities();

}  // namespace vtoken
