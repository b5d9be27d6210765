// A token that was found in a file or a stream.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "token/scan.hpp"

namespace vtoken {

struct Finding {
  std::string path;          ///< as it was named or walked to; "-" for standard input; in a diff, the new file's path
  std::uint64_t line = 0;    ///< from 1; in a diff, of the new file
  std::uint64_t column = 0;  ///< of the token's first byte, from 1, in bytes (of UTF-8, where a file is UTF-16); in a
                             ///< diff, without the "+"
  SecretString token;        ///< whole
  TokenType type = TokenType::unknown;
  TokenFormat format = TokenFormat::unknown;
  Confidence confidence = Confidence::weak;
  std::string_view reason = {};  ///< a constant
};

/// The finding of `match`, whose bytes are `token`. `path`, `line` and `column` as above.
[[nodiscard]] Finding finding_of(const TokenMatch& match, std::string_view token, std::string path = {},
                                 std::uint64_t line = 0, std::uint64_t column = 0);

/// What tells a finding's token again without giving it away: 64 hexadecimal digits, SHA-256 over a label and the
/// token. The same wherever the token stands.
[[nodiscard]] std::string fingerprint_of(std::string_view token);

}  // namespace vtoken
