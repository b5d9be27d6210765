#include "cmd/output_go.hpp"

#include <fmt/format.h>

#include <cstdint>

#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

// Unicode's White_Space.
bool is_space(std::uint32_t rune) {
  if (rune < 0x80) return rune == ' ' || (rune >= '\t' && rune <= '\r');
  return rune == 0x85 || rune == 0xa0 || rune == 0x1680 || (rune >= 0x2000 && rune <= 0x200a) || rune == 0x2028 ||
         rune == 0x2029 || rune == 0x202f || rune == 0x205f || rune == 0x3000;
}

std::string_view short_escape(char c) {
  switch (c) {
    case '\a': return "\\a";
    case '\b': return "\\b";
    case '\f': return "\\f";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    case '\v': return "\\v";
    case '\\': return "\\\\";
    case '"': return "\\\"";
    default: return {};
  }
}

}  // namespace

bool is_go_printable(std::uint32_t rune) noexcept {
  if (rune < 0x80) return rune >= 0x20 && rune != 0x7f;
  const bool space = rune == 0xa0 || rune == 0xad || rune == 0x1680 || (rune >= 0x2000 && rune <= 0x200f) ||
                     (rune >= 0x2028 && rune <= 0x202f) || (rune >= 0x205f && rune <= 0x206f) || rune == 0x3000 ||
                     rune == 0xfeff;
  return rune >= 0xa1 && !space && (rune < 0xe000 || rune > 0xf8ff) && rune < 0xe0000;
}

std::size_t utf8_length(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (text.empty()) return 0;
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xc2 && first < 0xe0   ? 2
                             : first >= 0xe0 && first < 0xf0 ? 3
                             : first >= 0xf0 && first < 0xf5 ? 4
                                                             : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  const bool overlong = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xf0 && byte(1) < 0x90);
  const bool beyond = (first == 0xed && byte(1) >= 0xa0) || (first == 0xf4 && byte(1) >= 0x90);
  return overlong || beyond ? 0 : length;
}

std::uint32_t utf8_rune(std::string_view sequence) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(sequence[i])); };
  switch (sequence.size()) {
    case 1: return byte(0);
    case 2: return (byte(0) & 0x1f) << 6 | (byte(1) & 0x3f);
    case 3: return (byte(0) & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f);
    default: return (byte(0) & 0x07) << 18 | (byte(1) & 0x3f) << 12 | (byte(2) & 0x3f) << 6 | (byte(3) & 0x3f);
  }
}

std::string_view trim_space(std::string_view text) noexcept {
  for (std::size_t length = utf8_length(text); length > 0 && is_space(utf8_rune(text.substr(0, length)));) {
    text.remove_prefix(length);
    length = utf8_length(text);
  }
  while (!text.empty()) {
    std::size_t start = text.size() - 1;
    while (start > 0 && text.size() - start < 4 && (static_cast<unsigned char>(text[start]) & 0xc0) == 0x80) --start;
    const auto last = text.substr(start);
    if (utf8_length(last) != last.size() || !is_space(utf8_rune(last))) break;
    text.remove_suffix(last.size());
  }
  return text;
}

std::string go_system_error(std::string message) {
  if (!message.empty() && message[0] >= 'A' && message[0] <= 'Z')
    message[0] = static_cast<char>(message[0] - 'A' + 'a');
  return message;
}

void append_go_quoted(SecretString& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const std::string_view sequence = text.substr(0, length == 0 ? 1 : length);
    text.remove_prefix(sequence.size());
    const std::uint32_t rune = utf8_rune(sequence);
    if (const auto escape = short_escape(sequence[0]); !escape.empty()) {
      out += escape;
    } else if (length == 0) {
      out += fmt::format("\\x{:02x}", rune & 0xff);
    } else if (is_go_printable(rune)) {
      out += sequence;
    } else if (rune < 0x80) {
      out += fmt::format("\\x{:02x}", rune);
    } else {
      out += rune < 0x10000 ? fmt::format("\\u{:04x}", rune) : fmt::format("\\U{:08x}", rune);
    }
  }
  out += '"';
}

SecretString go_quoted(const std::vector<std::string>& texts) {
  SecretString out = "[";
  for (const std::string& text : texts) {
    if (out.size() > 1) out += ' ';
    append_go_quoted(out, text);
  }
  out += ']';
  return out;
}

void append_go_value(SecretString& out, const Json& value) {
  if (value.is_null()) {
    out += "<nil>";
  } else if (value.is_string()) {
    out += value.get_ref<const SecretString&>().view();
  } else if (value.is_array()) {
    char before = '[';
    if (value.empty()) out += '[';
    for (const Json& item : value) {
      out += before;
      append_go_value(out, item);
      before = ' ';
    }
    out += ']';
  } else if (value.is_object()) {
    out += "map[";
    bool first = true;
    for (const auto& [key, item] : value.items()) {
      if (!first) out += ' ';
      first = false;
      out += key.view();
      out += ':';
      append_go_value(out, item);
    }
    out += ']';
  } else {
    out += literal_text(value);
  }
}

}  // namespace vtoken::cmd
