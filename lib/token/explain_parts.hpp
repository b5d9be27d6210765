// How layers of a token are taken to parts. For explain*.cpp.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "token/explain.hpp"

namespace vtoken::explain {

/// How the value of a protobuf field is said.
enum class Reads : unsigned char {
  number,   ///< in decimal digits
  ttl,      ///< nanoseconds, as a duration
  time,     ///< seconds since 1970, as a point of time
  text,     ///< as it is, with what a terminal would not print escaped, cut when it is long
  hidden,   ///< only its size: an id that works as a token, an HMAC
  message,  ///< fields of its own
};

struct Schema;

/// What is known of a field.
struct Known {
  unsigned number;
  std::string_view name;
  Reads reads;
  std::string_view note = {};      ///< stands behind the value
  const Schema* inside = nullptr;  ///< of messages
};

struct Schema {
  std::span<const Known> fields;
};

/// Appends the parts of `message`, which starts at `base` in its layer. What cannot be read is one part, damaged, to
/// the message's end.
void add_fields(std::string_view message, std::size_t base, unsigned depth, const Schema& schema,
                std::vector<TokenPart>& parts);

/// Marks what is at or behind `at` as damaged.
void mark_damaged(std::vector<TokenPart>& parts, std::size_t at);

/// The layer of what the base64url of an SSC token holds.
[[nodiscard]] TokenLayer signed_layer(SecretBytes bytes);

}  // namespace vtoken::explain
