#include "token/field.hpp"

#include <fmt/format.h>

#include <utility>

namespace vtoken::wire {
namespace {

constexpr std::uint32_t kLargestField = (1U << 29U) - 1;
constexpr int kVarintBits = 64;

enum class Varint : std::uint8_t { whole, cut, too_long };

// Reads a number at `at`, which is moved behind what was read of it.
Varint read_varint(std::string_view message, std::size_t& at, std::uint64_t& value) noexcept {
  value = 0;
  for (int shift = 0; shift < kVarintBits; shift += 7) {
    if (at == message.size()) return Varint::cut;
    const auto byte = static_cast<unsigned char>(message[at]);
    if (shift == kVarintBits - 1 && byte > 1) return Varint::too_long;
    ++at;
    value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
    if (byte < 0x80) return Varint::whole;
  }
  return Varint::too_long;
}

Reading read_tag(std::string_view message, Field& field) noexcept {
  std::uint64_t tag = 0;
  const Varint read = read_varint(message, field.end, tag);
  if (read == Varint::cut) return Reading::cut_tag;
  const std::uint64_t number = tag >> 3U;
  const auto kind = static_cast<Kind>(tag & 7U);
  const bool known = kind == Kind::varint || kind == Kind::fixed64 || kind == Kind::bytes || kind == Kind::fixed32;
  if (read == Varint::too_long || number == 0 || number > kLargestField || !known) {
    field.end = field.at;
    return Reading::no_field;
  }
  field.number = static_cast<std::uint32_t>(number);
  field.kind = kind;
  return Reading::whole;
}

Reading read_fixed(std::string_view message, Field& field, std::size_t size) noexcept {
  const std::string_view there = message.substr(field.value_at, size);
  field.end = field.value_at + there.size();
  if (there.size() < size) return Reading::cut_number;
  for (std::size_t i = size; i > 0; --i) field.value = field.value << 8U | static_cast<unsigned char>(there[i - 1]);
  return Reading::whole;
}

Reading read_bytes(std::string_view message, Field& field) noexcept {
  const Varint read = read_varint(message, field.end, field.value);
  field.value_at = field.end;
  if (read != Varint::whole) return read == Varint::cut ? Reading::cut_length : Reading::endless_size;
  const std::size_t left = message.size() - field.value_at;
  const bool cut = field.value > left;
  field.bytes = message.substr(field.value_at, cut ? left : static_cast<std::size_t>(field.value));
  field.end = field.value_at + field.bytes.size();
  return cut ? Reading::cut_bytes : Reading::whole;
}

}  // namespace

Field read_field(std::string_view message, std::size_t at) noexcept {
  Field field;
  field.at = at;
  field.end = at;
  field.reading = read_tag(message, field);
  field.length_at = field.end;
  field.value_at = field.end;
  if (field.reading != Reading::whole) return field;
  switch (field.kind) {
    case Kind::varint: {
      const Varint read = read_varint(message, field.end, field.value);
      if (read != Varint::whole) field.reading = read == Varint::cut ? Reading::cut_number : Reading::long_number;
      break;
    }
    case Kind::fixed64: field.reading = read_fixed(message, field, 8); break;
    case Kind::fixed32: field.reading = read_fixed(message, field, 4); break;
    case Kind::bytes: field.reading = read_bytes(message, field); break;
  }
  return field;
}

std::string label_of(const Field& field, std::string_view name) {
  return name.empty() ? fmt::format("field {}", field.number) : fmt::format("field {} ({})", field.number, name);
}

std::string framing_reason(const Field& field) {
  switch (field.reading) {
    case Reading::whole: break;
    case Reading::cut_tag: return "cut short in the tag of a field";
    case Reading::no_field: return "no protobuf field starts here";
    case Reading::cut_number: return "its number is cut short";
    case Reading::long_number: return "its number has more than 64 bits";
    case Reading::cut_length: return "its length is cut short";
    case Reading::endless_size: return "its length has more than 64 bits";
    case Reading::cut_bytes: return fmt::format("{} of {} bytes", field.bytes.size(), field.value);
  }
  return {};
}

std::optional<TokenFault> framing_fault(const Field& field, std::string_view name, std::size_t base) {
  if (field.reading == Reading::whole) return std::nullopt;
  std::string reason = framing_reason(field);
  if (field.number != 0) reason = label_of(field, name) + ": " + reason;
  return TokenFault{TokenFault::Unit::byte, base + field.at, std::move(reason)};
}

}  // namespace vtoken::wire
