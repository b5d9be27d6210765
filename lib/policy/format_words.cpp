#include "policy/format_words.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace vtoken::policy {
namespace {

constexpr std::string_view kSigns = "{}[],=";

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool ends_word(char c) { return c == '\0' || is_blank(c) || c == '"' || c == '#' || c == '/' || c == '<'; }

}  // namespace

Word Words::next() {
  const auto advance = [this](std::size_t end) {
    const std::string_view passed = text_.substr(place_.offset, end - place_.offset);
    place_.line += static_cast<std::size_t>(std::count(passed.begin(), passed.end(), '\n'));
    place_.offset += passed.size();
    return passed;
  };
  std::size_t start = place_.offset;
  while (is_blank(at(start))) ++start;
  advance(start);
  Word word{WordKind::end, {}, place_};
  if (start >= text_.size()) return word;
  const char c = at(start);
  std::size_t end = start + 1;
  if (c == '#' || c == '/') {
    word.kind = WordKind::comment;
    end = end_of_comment(start);
  } else if (c == '"') {
    word.kind = WordKind::string;
    end = end_of_string(start);
  } else if (c == '<') {
    word.kind = WordKind::heredoc;
    end = end_of_heredoc(start);
  } else if (kSigns.find(c) != std::string_view::npos) {
    word.kind = WordKind::sign;
  } else {
    while (!ends_word(at(end)) && kSigns.find(at(end)) == std::string_view::npos) ++end;
    const std::string_view text = text_.substr(start, end - start);
    const bool value = is_digit(c) || c == '-' || c == '.' || text == "true" || text == "false";
    word.kind = value ? WordKind::other_value : WordKind::name;
  }
  word.text = advance(std::min(end, text_.size()));
  return word;
}

std::size_t Words::end_of_string(std::size_t offset) const noexcept {
  int braces = 0;  // within ${…} a quote is a letter
  for (std::size_t i = offset + 1; i < text_.size(); ++i) {
    const char c = at(i);
    if (c == '"' && braces == 0) return i + 1;
    if (c == '\\' && braces == 0) {
      ++i;
    } else if (braces == 0 && c == '$' && at(i + 1) == '{') {
      braces = 1;
      ++i;
    } else if (braces > 0 && c == '{') {
      ++braces;
    } else if (braces > 0 && c == '}') {
      --braces;
    }
  }
  return text_.size();
}

std::size_t Words::end_of_heredoc(std::size_t offset) const noexcept {
  std::size_t line = text_.find('\n', offset);
  if (line == std::string_view::npos) return text_.size();
  std::string_view closing = trimmed(text_.substr(offset, line - offset));
  closing.remove_prefix(std::min<std::size_t>(2, closing.size()));
  const std::size_t shortest = closing.size();  // with the "-" of "<<-", as core/hcl_lexer.cpp has it
  if (closing.starts_with('-')) closing.remove_prefix(1);
  while (line < text_.size()) {
    const std::size_t start = line + 1;
    line = std::min(text_.find('\n', start), text_.size());
    const std::string_view whole = text_.substr(start, line - start);
    std::string_view bare = whole.substr(0, whole.find_last_not_of('\r') + 1);
    bare.remove_prefix(std::min(bare.find_first_not_of(" \t\r"), bare.size()));
    if (bare == closing && whole.size() >= shortest) break;
  }
  return std::min(line + 1, text_.size());
}

std::size_t Words::end_of_comment(std::size_t offset) const noexcept {
  const bool block = at(offset) == '/' && at(offset + 1) == '*';
  const std::size_t end = block ? text_.find("*/", offset + 2) : text_.find('\n', offset);
  if (end == std::string_view::npos) return text_.size();
  return block ? end + 2 : end;
}

}  // namespace vtoken::policy
