#include "core/hcl_lexer.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "base/hex.hpp"
#include "base/utf8.hpp"

namespace vtoken::hcl {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_word(char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '.'; }

void append_utf8(std::string& out, std::uint32_t code) {
  std::array<char, kLongestUtf8> bytes{};
  out.append(bytes.data(), put_utf8(code, bytes));
}

// The lines of a "<<-" heredoc without the white space that stands before its closing word, if all of them have it.
std::string unindented(const std::vector<std::string_view>& lines, std::string_view indent) {
  const bool all =
      std::all_of(lines.begin(), lines.end(), [&](std::string_view line) { return line.starts_with(indent); });
  std::string out;
  for (const std::string_view line : lines) out.append(all ? line.substr(indent.size()) : line).append("\n");
  return out;
}

}  // namespace

std::string_view kind_name(Kind kind) noexcept {
  switch (kind) {
    case Kind::end: return "the end of the text";
    case Kind::identifier: return "a name";
    case Kind::string: return "a string";
    case Kind::heredoc: return "a text after <<";
    case Kind::number: return "a number";
    case Kind::open_brace: return "\"{\"";
    case Kind::close_brace: return "\"}\"";
    case Kind::open_bracket: return "\"[\"";
    case Kind::close_bracket: return "\"]\"";
    case Kind::comma: return "a comma";
    case Kind::assign: return "\"=\"";
  }
  return "something else";
}

char Lexer::take() noexcept {
  const char c = text_[offset_++];
  if (c == '\n') {
    ++at_.line;
    at_.column = 1;
  } else {
    ++at_.column;
  }
  return c;
}

Result<void> Lexer::skip_space() {
  for (;;) {
    while (!done() && is_space(peek())) take();
    if (peek() == '#' || (peek() == '/' && peek(1) == '/')) {
      while (!done() && peek() != '\n') take();
      continue;
    }
    if (peek() != '/' || peek(1) != '*') return {};
    const Position start = at_;
    take();
    take();
    while (!done() && (peek() != '*' || peek(1) != '/')) take();
    if (done()) return wrong(start, "the comment is not closed");
    take();
    take();
  }
}

Result<Token> Lexer::next() {
  if (auto skipped = skip_space(); !skipped) return tl::unexpected(skipped.error());
  const Position at = at_;
  if (done()) return Token{Kind::end, {}, at};
  const char c = peek();
  if (c == '"') return string();
  if (c == '<') return heredoc();
  if (is_digit(c) || c == '-' || c == '.') return number();
  if (is_letter(c)) return identifier();
  const auto one = [&](Kind kind) {
    take();
    return Token{kind, {}, at};
  };
  switch (c) {
    case '{': return one(Kind::open_brace);
    case '}': return one(Kind::close_brace);
    case '[': return one(Kind::open_bracket);
    case ']': return one(Kind::close_bracket);
    case ',': return one(Kind::comma);
    case '=': return one(Kind::assign);
    default: return wrong(at, std::string("a character that means nothing here: ") + c);
  }
}

Result<Token> Lexer::string() {
  Token token{Kind::string, {}, at_};
  take();
  for (;;) {
    if (done() || peek() == '\n') return wrong(token.at, "the string is not closed");
    if (peek() == '$' && peek(1) == '{') {
      if (auto copied = interpolation(token.text, token.at); !copied) return tl::unexpected(copied.error());
      continue;
    }
    if (peek() == '\\') {
      if (auto escaped = escape(token.text); !escaped) return tl::unexpected(escaped.error());
      continue;
    }
    const char c = take();
    if (c == '"') return token;
    token.text += c;
  }
}

// "${…}" means nothing to us and is kept as it is.
Result<void> Lexer::interpolation(std::string& out, const Position& start) {
  int braces = 0;
  while (!done()) {
    const char c = take();
    out += c;
    if (c == '{') ++braces;
    if (c == '}' && --braces == 0) return {};
  }
  return wrong(start, "the string is not closed");
}

Result<void> Lexer::escape(std::string& out) {
  const Position at = at_;
  take();
  constexpr std::string_view kNames = "abfnrtv\\\"";
  constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v\\\"";
  const char name = done() ? '\0' : take();
  if (const auto found = kNames.find(name); name != '\0' && found != std::string_view::npos) {
    out += kMeanings[found];
    return {};
  }
  const std::size_t length = name == 'x' ? 2 : name == 'u' ? 4 : name == 'U' ? 8 : is_digit(name) ? 3 : 0;
  const bool octal = is_digit(name);
  std::uint32_t code = octal ? static_cast<std::uint32_t>(name - '0') : 0;
  bool good = length != 0 && (!octal || name < '8');
  for (std::size_t i = octal ? 1 : 0; good && i < length; ++i) {
    const int digit = hex_digit(peek());
    good = digit >= 0 && (!octal || digit < 8);
    if (good) code = code * (octal ? 8 : 16) + static_cast<std::uint32_t>(hex_digit(take()));
  }
  const bool bytes = octal || name == 'x';
  // A byte alone would make text that is no UTF-8.
  good = good && code <= (bytes ? 0x7FU : 0x10FFFFU) && (code < 0xD800 || code > 0xDFFF);
  if (!good) return wrong(at, "an escape that means nothing; a backslash is written \\\\");
  append_utf8(out, code);
  return {};
}

Result<Token> Lexer::heredoc() {
  Token token{Kind::heredoc, {}, at_};
  if (peek(1) != '<') return wrong(at_, "a character that means nothing here: <");
  take();
  take();
  const bool indented = peek() == '-';
  if (indented) take();
  std::string_view word = text_.substr(offset_);
  word = word.substr(0, static_cast<std::size_t>(std::find_if_not(word.begin(), word.end(),
                                                                  [](char c) { return is_letter(c) || is_digit(c); }) -
                                                 word.begin()));
  for (std::size_t i = 0; i < word.size(); ++i) take();
  if (peek() == '\r') take();
  if (word.empty() || peek() != '\n') return wrong(token.at, "<< is followed by a word and the end of the line");
  take();
  std::vector<std::string_view> lines;
  while (!done()) {
    const std::size_t start = offset_;
    while (!done() && peek() != '\n') take();
    const std::string_view line = text_.substr(start, offset_ - start);
    std::string_view bare = line;
    while (bare.ends_with('\r')) bare.remove_suffix(1);
    while (!bare.empty() && is_space(bare.front())) bare.remove_prefix(1);
    // To HCL 1 the line must be as long as what stands after "<<", which begins with the "-".
    if (bare == word && line.size() >= word.size() + (indented ? 1 : 0)) {
      const auto indent = static_cast<std::size_t>(bare.data() - line.data());
      token.text = unindented(lines, indented ? line.substr(0, indent) : std::string_view());
      return token;
    }
    lines.push_back(line);
    if (!done()) take();
  }
  return wrong(token.at, "the text after << is not closed by its word on a line of its own");
}

Result<Token> Lexer::number() {
  Token token{Kind::number, {}, at_};
  const auto digits = [this, &token](auto is_good) {
    std::size_t count = 0;
    for (; !done() && is_good(peek()); ++count) token.text += take();
    return count;
  };
  if (peek() == '-') token.text += take();
  bool good = true;
  if (peek() == '0' && (peek(1) == 'x' || peek(1) == 'X')) {
    token.text += take();
    token.text += take();
    good = digits([](char c) { return hex_digit(c) >= 0; }) > 0;
  } else {
    std::size_t count = digits(is_digit);
    if (peek() == '.') {
      token.text += take();
      count = digits(is_digit);  // "1." is no number
    }
    good = count > 0;
    if (good && (peek() == 'e' || peek() == 'E')) {
      token.text += take();
      if (peek() == '+' || peek() == '-') token.text += take();
      good = digits(is_digit) > 0;
    }
  }
  if (!good || is_word(peek())) return wrong(token.at, "not a number");
  return token;
}

Token Lexer::identifier() {
  Token token{Kind::identifier, {}, at_};
  while (!done() && is_word(peek())) token.text += take();
  return token;
}

}  // namespace vtoken::hcl
