// Where and why a token's text is not what it should be.
#pragma once

#include <cstddef>
#include <string>

namespace vtoken {

/// One place of damage. Never holds a part of the token.
struct TokenFault {
  /// What `at` counts, from 0: characters of the token's text, or bytes of what its base64url holds.
  enum class Unit { character, byte };

  Unit unit = Unit::character;
  std::size_t at = 0;
  std::string reason = {};

  /// "byte 40: field 2 (hmac): 17 of 32 bytes"
  [[nodiscard]] std::string text() const {
    return (unit == Unit::character ? "character " : "byte ") + std::to_string(at) + ": " + reason;
  }
};

}  // namespace vtoken
