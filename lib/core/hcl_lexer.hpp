// The words of an HCL text (core/hcl.hpp), one at a time.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "core/hcl.hpp"

namespace vtoken::hcl {

enum class Kind {
  end,
  identifier,
  string,
  heredoc,
  number,
  open_brace,
  close_brace,
  open_bracket,
  close_bracket,
  comma,
  assign
};

struct Token {
  Kind kind = Kind::end;
  std::string text = {};  ///< of identifiers and numbers as written; of strings and heredocs what they mean
  Position at = {};
};

/// How a kind is called in messages: "a comma".
[[nodiscard]] std::string_view kind_name(Kind kind) noexcept;

/// Borrows the text, which must be UTF-8 without control characters other than tab, line feed and carriage return.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  /// The next word, comments and white space skipped; at the end always `end`. Fails with usage.
  [[nodiscard]] Result<Token> next();

 private:
  [[nodiscard]] bool done() const noexcept { return offset_ >= text_.size(); }
  [[nodiscard]] char peek(std::size_t ahead = 0) const noexcept {
    return offset_ + ahead < text_.size() ? text_[offset_ + ahead] : '\0';
  }
  char take() noexcept;
  Result<void> skip_space();
  Result<Token> string();
  Result<void> escape(std::string& out);
  Result<void> interpolation(std::string& out, const Position& start);
  Result<Token> heredoc();
  Result<Token> number();
  Token identifier();

  std::string_view text_;
  std::size_t offset_ = 0;
  Position at_ = {1, 1};
};

}  // namespace vtoken::hcl
