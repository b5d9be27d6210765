// An HCL text as it is written, with its comments where they belong: what format_policy() lays out anew.
//
// A comment belongs to what it stands above without a blank line (lead), or behind on the same line (trailing). All
// others stand alone. Source of the finer rules: HCL 1, hcl/parser.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "core/hcl.hpp"
#include "policy/format_words.hpp"

namespace vtoken::policy {

/// Comments without a blank line between them. Texts are borrowed.
using Comments = std::vector<Word>;

struct WrittenItem;

struct Written {
  enum class Kind { literal, list, object };

  Kind kind = Kind::literal;
  Word word = {};  ///< a literal, or the bracket that opens
  Place close = {};
  std::vector<Written> elements;   ///< of a list
  std::vector<WrittenItem> items;  ///< of an object
  Comments lead;                   ///< of a literal in a list
  Comments trailing;
};

struct WrittenItem {
  std::vector<Word> keys;  ///< at least one
  bool assigned = false;   ///< with "="
  Written value;
  Comments lead;
  Comments trailing;

  [[nodiscard]] const Place& at() const noexcept { return keys.front().at; }
};

struct WrittenText {
  std::vector<WrittenItem> items;
  std::vector<Comments> alone;  ///< in the order of the text
};

/// Reads a text that hcl::parse() has taken, and that has no "\r\n". Fails with usage, naming the place, when an
/// argument is set twice in one object: servers take that, their formatter does not.
[[nodiscard]] Result<WrittenText> read_written(std::string_view text);

}  // namespace vtoken::policy
