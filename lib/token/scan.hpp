// Finds tokens inside other text: logs, sources, URLs, headers. Decides by what the text itself proves, without keys
// and without I/O.
//
// Threads: functions of their arguments alone.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "token/decode.hpp"

namespace vtoken {

/// How sure it is that a found text is a token.
enum class Confidence {
  weak,    ///< it has the shape only ("s." and 24 letters or digits), is a placeholder, or is damaged
  likely,  ///< a prefix that nothing else uses with an id behind it, or an older shape in the place of a token
  proved   ///< its structure holds: base64url, protobuf and lengths of an SSC token; key term, version and sizes of a
           ///< batch token
};

/// "weak", "likely", "proved".
[[nodiscard]] std::string_view name_of(Confidence confidence) noexcept;
[[nodiscard]] std::optional<Confidence> confidence_named(std::string_view name) noexcept;

/// One token in a text.
struct TokenMatch {
  std::size_t at = 0;      ///< offset in bytes of the prefix's first character
  std::size_t length = 0;  ///< bytes, a namespace suffix included
  TokenType type = TokenType::unknown;
  TokenFormat format = TokenFormat::unknown;
  Confidence confidence = Confidence::weak;
  std::string_view reason = {};  ///< why this confidence; a constant, never text of the input
};

/// A token longer than this many bytes is found, but judged and reported by its first bytes of that number.
inline constexpr std::size_t kLongestMatch = std::size_t{64} << 10U;
/// How many bytes before a prefix are looked at: the name or header that a value belongs to.
inline constexpr std::size_t kContextBefore = 128;
/// How many bytes from a prefix on are looked at, at most.
inline constexpr std::size_t kContextAfter = kLongestMatch + 64;

/// The next token whose prefix starts at `from` or later and before `until`, or nothing. `text` should hold
/// kContextBefore bytes before `from` and kContextAfter bytes after `until`, where there are such: the same bytes give
/// the same matches however they are cut into pieces by that rule. To go on, ask again from `at + length`. Any bytes
/// are taken. Time is linear in the text, whatever it holds.
[[nodiscard]] std::optional<TokenMatch> find_token(std::string_view text, std::size_t from, std::size_t until);

}  // namespace vtoken
