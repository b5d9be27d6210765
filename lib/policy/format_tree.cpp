#include "policy/format_tree.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace vtoken::policy {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text), words_(text) {}

  Result<WrittenText> whole() {
    WrittenText text;
    advance();
    const bool good = items(text.items, "");
    if (twice_.kind != WordKind::end) {
      return hcl::wrong(position_of(twice_.at), "the argument " + std::string(twice_.text) + " stands here again");
    }
    if (!good || word_.kind != WordKind::end) {
      return fail(ErrorKind::internal, "the text cannot be laid out anew");
    }
    for (auto& group : groups_) {
      if (!owned_.contains(group.front().at.offset)) text.alone.push_back(std::move(group));
    }
    return text;
  }

 private:
  [[nodiscard]] bool is(std::string_view sign) const { return word_.kind == WordKind::sign && word_.text == sign; }

  [[nodiscard]] hcl::Position position_of(const Place& at) const {
    const auto feed = text_.substr(0, at.offset).rfind('\n');
    return {at.line, at.offset - (feed == std::string_view::npos ? 0 : feed + 1) + 1};
  }

  // Takes a group of comments: each begins at most `gap` lines below the end of the one before. Gives its last line.
  std::size_t take_group(std::size_t gap) {
    Comments group;
    std::size_t line = word_.at.line;
    while (word_.kind == WordKind::comment && word_.at.line <= line + gap) {
      line = word_.at.line + static_cast<std::size_t>(std::count(word_.text.begin(), word_.text.end(), '\n'));
      group.push_back(word_);
      word_ = words_.next();
    }
    groups_.push_back(std::move(group));
    return line;
  }

  // Goes on to the next word that is no comment. Comments passed wait in lead_ and trailing_ for what they belong to.
  void advance() {
    const std::size_t line = word_.at.line;
    word_ = words_.next();
    if (word_.kind != WordKind::comment) return;
    if (word_.at.line == line) {
      const std::size_t end = take_group(0);
      if (word_.at.line != end) trailing_ = groups_.back();
    }
    std::optional<std::size_t> end;
    while (word_.kind == WordKind::comment) end = take_group(1);
    if (end && *end + 1 == word_.at.line && !is("}") && !is("]")) lead_ = groups_.back();
  }

  Comments own(Comments& waiting) {
    for (const Word& comment : waiting) owned_.insert(comment.at.offset);
    return std::exchange(waiting, {});
  }

  // Items up to `close`, which is left as the current word; "" is the end of the text.
  bool items(std::vector<WrittenItem>& out, std::string_view close) {
    std::set<std::string_view> names;  // as they are written: "a" is not a
    while (close.empty() ? word_.kind != WordKind::end : !is(close)) {
      WrittenItem each;
      if (!item(each)) return false;
      if (each.assigned && !names.insert(each.keys.front().text).second) {
        twice_ = each.keys.front();
        return false;
      }
      out.push_back(std::move(each));
      if (is(",")) advance();
    }
    return true;
  }

  bool item(WrittenItem& out) {
    while (word_.kind == WordKind::name || word_.kind == WordKind::string) {
      out.keys.push_back(word_);
      advance();
    }
    if (out.keys.empty()) return false;
    out.lead = own(lead_);
    out.assigned = is("=");
    if (out.assigned) advance();
    if (!value(out.value)) return false;
    // One that waits now stood before the value's end. One behind the value is seen by going on.
    if (!trailing_.empty()) out.trailing = own(trailing_);
    advance();
    if (out.value.word.at.line != out.at().line || trailing_.empty()) return true;
    for (const Word& comment : out.trailing) owned_.erase(comment.at.offset);  // there is room for one group
    out.trailing = own(trailing_);
    return true;
  }

  // Leaves the value's last word as the current one.
  bool value(Written& out) {
    out.word = word_;
    if (is("{")) {
      out.kind = Written::Kind::object;
      advance();
      if (!items(out.items, "}")) return false;
      out.close = word_.at;
      return true;
    }
    if (is("[")) return list(out);
    return is_literal();
  }

  [[nodiscard]] bool is_literal() const {
    return word_.kind == WordKind::string || word_.kind == WordKind::heredoc || word_.kind == WordKind::other_value;
  }

  bool list(Written& out) {
    out.kind = Written::Kind::list;
    for (advance(); !is("]"); advance_in_list(out)) {
      if (is(",")) continue;
      Written element;
      if (is_literal()) element.lead = own(lead_);
      if (!value(element)) return false;
      out.elements.push_back(std::move(element));
    }
    out.close = word_.at;
    return true;
  }

  // A comment behind an element's comma is the element's.
  void advance_in_list(Written& out) {
    const bool comma = is(",");
    advance();
    if (!comma || trailing_.empty() || out.elements.empty()) return;
    if (Written& last = out.elements.back(); last.kind == Written::Kind::literal) last.trailing = own(trailing_);
  }

  std::string_view text_;
  Words words_;
  Word word_;
  Word twice_;  // the second of two arguments of one name
  Comments lead_;
  Comments trailing_;
  std::vector<Comments> groups_;
  std::set<std::size_t> owned_;  // offsets of comments that belong to something
};

}  // namespace

Result<WrittenText> read_written(std::string_view text) { return Reader(text).whole(); }

}  // namespace vtoken::policy
