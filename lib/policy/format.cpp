#include "policy/format.hpp"

#include <algorithm>
#include <limits>
#include <span>

#include "core/hcl.hpp"
#include "policy/format_tree.hpp"

namespace vtoken::policy {
namespace {

using Kind = Written::Kind;
using Items = std::span<const WrittenItem>;

constexpr std::string_view kIndent = "  ";
// Stands before text that must stay at the start of its line however deep it is. Reserved by HCL 1 for this; its
// three bytes count when columns are aligned.
constexpr std::string_view kStay = "\uE123";
constexpr Place kEnd{std::numeric_limits<std::size_t>::max(), std::numeric_limits<std::size_t>::max()};

bool before(const Place& a, const Place& b) { return a.offset < b.offset || a.line < b.line; }

// Calls `each` with every line, without its line feed, and puts the results together again.
template <class Each>
std::string by_line(std::string_view text, Each each) {
  std::string out;
  for (bool first = true;; first = false) {
    const auto feed = text.find('\n');
    const std::string_view line = text.substr(0, feed);
    if (!line.empty()) each(out, first);
    out += line;
    if (feed == std::string_view::npos) return out;
    out += '\n';
    text.remove_prefix(feed + 1);
  }
}

std::string indented(std::string_view text) {
  return by_line(text, [](std::string& out, bool) { out += kIndent; });
}

// All lines but the first stay where they are.
std::string stuck(std::string_view text) {
  return by_line(text, [](std::string& out, bool first) { out += first ? "" : kStay; });
}

// Takes the marks out, and what indentation was put before them.
std::string unmarked(std::string_view text) {
  std::string out;
  for (auto mark = text.find(kStay); mark != std::string_view::npos; mark = text.find(kStay)) {
    out += text.substr(0, mark);
    out.erase(out.rfind('\n') + 1);
    text.remove_prefix(mark + kStay.size());
  }
  return out.append(text);
}

std::string joined(const Comments& comments, std::string_view end) {
  std::string out;
  for (const Word& comment : comments) out.append(comment.text).append(end);
  return out;
}

bool single_line(const Written& list) {
  return std::all_of(list.elements.begin(), list.elements.end(), [&list](const Written& element) {
    return element.kind == Kind::literal && element.word.at.line == list.word.at.line && element.trailing.empty() &&
           (element.word.kind != WordKind::heredoc || list.elements.size() == 1);
  });
}

// Takes at least three lines, so that nothing is aligned with it. Saves printing everything once for each level.
bool surely_long(const Written& value) {
  return !value.items.empty() || std::any_of(value.elements.begin(), value.elements.end(),
                                             [](const Written& element) { return element.kind != Kind::literal; });
}

// Blocks without anything in them may follow each other line by line.
bool bare_block(const WrittenItem& item) {
  return item.lead.empty() && !item.assigned && item.value.kind == Kind::object && item.value.items.empty();
}

class Printer {
 public:
  explicit Printer(const WrittenText& text) : alone_(text.alone) {}

  std::string text(Items items) {
    std::string out;
    for (std::size_t i = 0; i < items.size(); ++i) {
      print_comments_above(out, items[i].at());
      last_ = items[i].at();
      out += item(items[i]);
      if (i + 1 == items.size()) break;
      out += '\n';
      const bool next_line = items[i + 1].at().line == items[i].at().line + 1;
      if (!next_line || !bare_block(items[i]) || !bare_block(items[i + 1])) out += '\n';
    }
    print_comments_at_end(out);
    return unmarked(out) + "\n";
  }

 private:
  // Those that stand alone, between what was printed last and `next`.
  template <class Each>
  void for_comments_until(const Place& next, Each each) {
    auto group = std::partition_point(alone_.begin(), alone_.end(),
                                      [&](const Comments& one) { return !before(last_, one.back().at); });
    for (; group != alone_.end() && before(group->front().at, next); ++group) {
      Comments now;
      std::copy_if(group->begin(), group->end(), std::back_inserter(now),
                   [&](const Word& comment) { return before(last_, comment.at) && before(comment.at, next); });
      if (!now.empty()) each(now);
    }
  }

  void print_comments_above(std::string& out, const Place& next) {
    for_comments_until(next, [&out](const Comments& group) { out += joined(group, "\n") + "\n"; });
  }

  void print_comments_at_end(std::string& out) {
    for_comments_until(kEnd, [&](const Comments& group) {
      if (last_.line != 0) out += "\n\n";
      out += joined(group, "\n");
    });
  }

  std::string value(const Written& written) {
    switch (written.kind) {
      case Kind::list: return list(written);
      case Kind::object: return object(written);
      case Kind::literal: break;
    }
    std::string_view text = written.word.text;
    if (written.word.kind == WordKind::heredoc && text.ends_with('\n')) text.remove_suffix(1);
    return stuck(text);
  }

  std::string item(const WrittenItem& item) {
    const bool one_line = item.value.word.at.line == item.at().line;
    std::string out = joined(item.lead, "\n");
    if (!one_line) out += joined(item.trailing, "\n");
    for (const Word& key : item.keys) out.append(key.text).append(" ");
    if (item.assigned) out += "= ";
    out += value(item.value);
    if (one_line && !item.trailing.empty()) out += " " + joined(item.trailing, "");
    return out;
  }

  bool fits_alignment(const WrittenItem& one) {
    if (surely_long(one.value)) return false;
    const std::string printed = item(one);
    return std::count(printed.begin(), printed.end(), '\n') <= 1;
  }

  // How many of `items`, from `start`, are short and stand on lines that follow each other.
  std::size_t aligned_count(Items items, std::size_t start) {
    std::size_t i = start;
    if (items.size() == 1) return 0;
    for (; i < items.size() && fits_alignment(items[i]); ++i) {
      const std::size_t line = items[i].at().line;
      const bool below = i + 1 < items.size() && items[i + 1].at().line == line + 1;
      const std::size_t line_above = i == 0 ? 0 : items[i - 1].at().line;  // so to HCL, the first line is below one
      if (below) continue;
      if (line_above + 1 == line) ++i;
      break;
    }
    return i - start;
  }

  std::string object(const Written& written) {
    const Items items = written.items;
    std::string out = "{";
    bool opened = false;     // the line of the brace has ended
    bool commented = false;  // a comment stood between two items
    const auto open = [&] {
      if (!opened) out += '\n';
      opened = true;
    };
    for (std::size_t i = 0;;) {
      const bool done = i == items.size();
      const Place next = done ? written.close : items[i].at();
      for_comments_until(next, [&](const Comments& group) {
        for (const Word& comment : group) {
          open();
          if (i > 0) {
            commented = true;
            out += '\n';
          }
          out += indented(stuck(comment.text));
        }
        out += '\n';
        if (!done && next.line != group.back().at.line + 1) out += '\n';
      });
      if (done) break;
      open();
      const std::size_t count = aligned_count(items, i);
      if (!commented && i != 0) out += '\n';
      last_ = items[i + (count == 0 ? 0 : count - 1)].at();
      out += indented(count == 0 ? item(items[i]) : aligned(items.subspan(i, count))) + "\n";
      i += std::max<std::size_t>(count, 1);
    }
    last_ = written.close;
    return out + "}";
  }

  std::string aligned(Items items) {
    std::size_t key_width = 0;
    std::size_t value_width = 0;
    for (const WrittenItem& each : items) {
      key_width = std::max(key_width, each.keys.front().text.size());
      value_width = std::max(value_width, value(each.value).size());
    }
    std::string out;
    for (const WrittenItem& each : items) {
      if (!out.empty()) out += '\n';
      out += joined(each.lead, "\n");
      for (const Word& key : each.keys) {
        out += key.text;
        out.append(key_width + 1 - std::min(key_width + 1, key.text.size()), ' ');
      }
      if (each.keys.size() == 1) out += "= ";
      const std::string printed = value(each.value);
      out += printed;
      if (each.value.word.at.line != each.at().line || each.trailing.empty()) continue;
      out.append(value_width - std::min(value_width, printed.size()) + 1, ' ');
      out += joined(each.trailing, "");
    }
    return out;
  }

  std::string list(const Written& written) {
    const auto& elements = written.elements;
    if (single_line(written)) return short_list(written);
    std::size_t width = 0;
    for (const Written& element : elements) {
      if (element.kind == Kind::literal) width = std::max(width, element.word.text.size());
    }
    std::string out = "[\n";
    bool blank_above = true;
    for (std::size_t i = 0; i < elements.size(); ++i) {
      const Written& element = elements[i];
      if (!element.lead.empty() && !blank_above) out += '\n';
      for (const Word& comment : element.lead) out += indented(comment.text) + "\n";
      const std::string printed = value(element);
      out += indented(printed);
      // A heredoc's closing word stands alone on its line.
      out += element.word.kind == WordKind::heredoc ? "\n" + indented(",") : ",";
      if (!element.trailing.empty()) {
        out.append(width - std::min(width, printed.size()) + 1, ' ');
        out += joined(element.trailing, "");
      }
      out += '\n';
      blank_above = !element.lead.empty() && i + 1 != elements.size();
      if (blank_above) out += '\n';
    }
    return out + "]";
  }

  std::string short_list(const Written& written) {
    std::string out = "[";
    for (const Written& element : written.elements) {
      if (&element != &written.elements.front()) out += ", ";
      out += value(element);
      if (element.word.kind == WordKind::heredoc) out += '\n';
    }
    return out + "]";
  }

  const std::vector<Comments>& alone_;
  Place last_;  // what was printed last
};

std::string with_line_feeds(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r' || i + 1 == text.size() || text[i + 1] != '\n') out += text[i];
  }
  return out;
}

}  // namespace

Result<std::string> format_policy(std::string_view text) {
  if (auto parsed = hcl::parse(text); !parsed) return tl::unexpected(parsed.error());
  if (hcl::begins_as_json(text)) {
    return fail(ErrorKind::usage, "this is JSON, which has no such form; write the policy in HCL");
  }
  if (text.find(kStay) != std::string_view::npos) {
    return fail(ErrorKind::usage, "the character U+E123 is reserved");
  }
  const std::string source = with_line_feeds(hcl::without_mark(text));
  const auto written = read_written(source);
  if (!written) return tl::unexpected(written.error());
  return Printer(*written).text(written->items);
}

}  // namespace vtoken::policy
