#include "cmd/readable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "cmd/output_go.hpp"

namespace vtoken::cmd {
namespace {

// Letters from here on may be two columns wide; all of them are taken to be.
constexpr std::uint32_t kFirstWide = 0x1100;

// The sequence that `text` begins with: a character, or a byte that is none.
std::string_view first_sequence(std::string_view text) noexcept {
  return text.substr(0, std::max<std::size_t>(utf8_length(text), 1));
}

std::string escaped(std::string_view sequence, bool is_byte) {
  if (sequence == "\n") return "\\n";
  if (sequence == "\r") return "\\r";
  if (sequence == "\t") return "\\t";
  const std::uint32_t rune = utf8_rune(sequence);
  if (is_byte || rune < 0x80) return fmt::format("\\x{:02x}", rune & 0xff);
  return rune < 0x10000 ? fmt::format("\\u{:04x}", rune) : fmt::format("\\U{:08x}", rune);
}

}  // namespace

std::string readable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::string_view sequence = first_sequence(text);
    const bool is_byte = utf8_length(text) == 0;
    text.remove_prefix(sequence.size());
    if (!is_byte && is_go_printable(utf8_rune(sequence))) {
      out += sequence;
    } else {
      out += escaped(sequence, is_byte);
    }
  }
  return out;
}

std::string readable(std::string_view text, std::size_t most) {
  constexpr std::string_view kCut = "...";
  // A character is four bytes at most, and shows as one column at least.
  const bool is_long = text.size() > 4 * most;
  std::string whole = readable(is_long ? text.substr(0, 4 * most) : text);
  if (!is_long && count_columns(whole) <= most) return whole;
  return std::string(first_columns(whole, most - kCut.size())) + std::string(kCut);
}

std::size_t count_columns(std::string_view text) noexcept {
  std::size_t columns = 0;
  while (!text.empty()) {
    const std::string_view sequence = first_sequence(text);
    columns += sequence.size() > 1 && utf8_rune(sequence) >= kFirstWide ? 2U : 1U;
    text.remove_prefix(sequence.size());
  }
  return columns;
}

std::string_view first_columns(std::string_view text, std::size_t most) noexcept {
  std::size_t end = 0;
  std::size_t columns = 0;
  while (end < text.size()) {
    const std::string_view sequence = first_sequence(text.substr(end));
    columns += count_columns(sequence);
    if (columns > most) break;
    end += sequence.size();
  }
  return text.substr(0, end);
}

std::string grouped(std::size_t number) {
  std::string digits = fmt::to_string(number);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}

std::string counted(std::size_t number, std::string_view noun) {
  return fmt::format("{} {}{}", grouped(number), noun, number == 1 ? "" : "s");
}

}  // namespace vtoken::cmd
