// The words of an HCL text as they are written, comments among them; core/hcl_lexer.hpp gives what they mean, and
// drops comments. The text has to be HCL (hcl::parse() has read it): what is no HCL gives some words or other.
#pragma once

#include <string_view>

namespace vtoken::policy {

/// Where a word begins; both count from the start of the text, lines from 1. Line 0 is nowhere.
struct Place {
  std::size_t offset = 0;
  std::size_t line = 0;
};

enum class WordKind { end, comment, name, string, heredoc, other_value, sign };

struct Word {
  WordKind kind = WordKind::end;
  std::string_view text;  ///< a heredoc's ends in the line feed after its closing word
  Place at;
};

/// Borrows the text.
class Words {
 public:
  explicit Words(std::string_view text) : text_(text) {}

  /// The next word; at the end of the text always `end`.
  [[nodiscard]] Word next();

 private:
  [[nodiscard]] char at(std::size_t offset) const noexcept { return offset < text_.size() ? text_[offset] : '\0'; }
  [[nodiscard]] std::size_t end_of_string(std::size_t offset) const noexcept;
  [[nodiscard]] std::size_t end_of_heredoc(std::size_t offset) const noexcept;
  [[nodiscard]] std::size_t end_of_comment(std::size_t offset) const noexcept;

  std::string_view text_;
  Place place_{0, 1};
};

}  // namespace vtoken::policy
