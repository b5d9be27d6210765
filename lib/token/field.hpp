// Reads protobuf fields one by one with the place of everything, also from messages that are cut short or damaged: a
// length is compared with what is there, never believed. For this folder's .cpp files.
//
// Threads: functions of their arguments alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "token/fault.hpp"

namespace vtoken::wire {

/// Wire types; groups (3 and 4) are not read.
enum class Kind : std::uint8_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

/// How far a field could be read.
enum class Reading : std::uint8_t {
  whole,
  cut_tag,       ///< the message ends in the tag
  no_field,      ///< no tag of a field
  cut_number,    ///< the message ends in the number
  long_number,   ///< more than 64 bits
  cut_length,    ///< the message ends in the length
  endless_size,  ///< a length of more than 64 bits
  cut_bytes      ///< the message ends before the length is reached
};

struct Field {
  std::size_t at = 0;         ///< of the tag
  std::size_t length_at = 0;  ///< of the length; of the value when the kind has no length
  std::size_t value_at = 0;   ///< of the number or the bytes
  std::size_t end = 0;        ///< behind what is there of it
  std::uint32_t number = 0;   ///< 0 when the tag could not be read
  Kind kind = Kind::varint;
  Reading reading = Reading::whole;
  std::uint64_t value = 0;      ///< the number, or how many bytes the length says
  std::string_view bytes = {};  ///< those that are there
};

/// The field that starts at `at`, which is before the end of `message`.
[[nodiscard]] Field read_field(std::string_view message, std::size_t at) noexcept;

/// What is wrong with the framing of `field`, such as "17 of 32 bytes"; "" for nothing.
[[nodiscard]] std::string framing_reason(const Field& field);

/// The same with the field and its place: `name` is the field's ("" for none), `base` where its message starts in the
/// whole.
[[nodiscard]] std::optional<TokenFault> framing_fault(const Field& field, std::string_view name, std::size_t base);

/// "field 2 (hmac)", or "field 2" without a name.
[[nodiscard]] std::string label_of(const Field& field, std::string_view name);

}  // namespace vtoken::wire
