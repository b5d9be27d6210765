// Protobuf's wire format for this folder's .cpp files: writing into wiping memory, reading with the place of a fault.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <protozero/basic_pbf_writer.hpp>
#include <protozero/buffer_tmpl.hpp>
#include <protozero/pbf_reader.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "base/secret.hpp"
#include "token/fault.hpp"

// What protozero asks of a buffer, for SecretString.
template <>
struct protozero::buffer_customization<vtoken::SecretString> {
  static std::size_t size(const vtoken::SecretString* buffer) noexcept { return buffer->size(); }
  static void append(vtoken::SecretString* buffer, const char* data, std::size_t count) { buffer->append(data, count); }
  static void append_zeros(vtoken::SecretString* buffer, std::size_t count) { buffer->append(count, '\0'); }
  static void resize(vtoken::SecretString* buffer, std::size_t size) { buffer->resize(size); }
  static void reserve_additional(vtoken::SecretString* buffer, std::size_t size) {
    buffer->reserve(buffer->size() + size);
  }
  static void erase_range(vtoken::SecretString* buffer, std::size_t from, std::size_t to) {
    buffer->erase(from, to - from);
  }
  static char* at_pos(vtoken::SecretString* buffer, std::size_t pos) { return buffer->data() + pos; }
  static void push_back(vtoken::SecretString* buffer, char c) { buffer->push_back(c); }
};

namespace vtoken::wire {

using Writer = protozero::basic_pbf_writer<SecretString>;
using Reader = protozero::pbf_reader;
using Type = protozero::pbf_wire_type;

inline std::string_view view(const protozero::data_view& data) noexcept { return {data.data(), data.size()}; }
inline protozero::data_view view(std::string_view text) noexcept { return {text.data(), text.size()}; }

/// Cases of `switch (reader.tag_and_type())`. A field of another type than expected fits none, and is skipped as an
/// unknown one: reading it as what it is not would trip protozero's assertions.
template <class Field>
[[nodiscard]] constexpr std::uint32_t text_field(Field field) {
  return protozero::tag_and_type(static_cast<protozero::pbf_tag_type>(field), Type::length_delimited);
}
template <class Field>
[[nodiscard]] constexpr std::uint32_t number_field(Field field) {
  return protozero::tag_and_type(static_cast<protozero::pbf_tag_type>(field), Type::varint);
}

inline TokenFault fault(std::size_t at, std::string reason) { return {TokenFault::Unit::byte, at, std::move(reason)}; }

/// Calls `on_field(reader, at)` for each field of `message`; `at` is where the field starts, counted from `base`. It
/// must read or skip the field, and may return a fault, which ends the walk. Gives the first fault.
template <class OnField>
[[nodiscard]] std::optional<TokenFault> each_field(std::string_view message, std::size_t base, OnField on_field) {
  std::size_t at = base;
  try {
    Reader reader(view(message));
    while (true) {
      at = base + message.size() - reader.length();
      if (!reader.next()) return std::nullopt;
      if (std::optional<TokenFault> found = on_field(reader, at)) return found;
    }
  } catch (const protozero::end_of_buffer_exception&) {
    return fault(at, "cut short in the field that starts here");
  } catch (const protozero::varint_too_long_exception&) {
    return fault(at, "a number that does not end within ten bytes");
  } catch (const protozero::exception&) {
    return fault(at, "no protobuf field starts here");
  }
}

}  // namespace vtoken::wire
