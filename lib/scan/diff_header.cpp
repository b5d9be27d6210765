#include "scan/diff_header.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace vtoken::scan {

namespace {

constexpr std::string_view kNoFile = "/dev/null";
constexpr std::size_t kMostParents = 256;
constexpr std::size_t kShortestHash = 7;
constexpr std::size_t kWholeHash = 40;
constexpr std::size_t kLongestStart = 512;  // bytes of a first line that must tell what it is

bool skip(std::string_view& text, std::string_view expected) noexcept {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

bool skip_number(std::string_view& text, std::uint64_t& number) noexcept {
  const auto [end, trouble] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (trouble != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

/// "12,3" or "12", which is one line.
bool skip_range(std::string_view& text, std::uint64_t& start, std::uint64_t& count) noexcept {
  count = 1;
  return skip_number(text, start) && (!skip(text, ",") || skip_number(text, count));
}

bool is_octal(char c) noexcept { return c >= '0' && c <= '7'; }

/// What stands between the quotes that `text` begins with; to its end, when they are not closed.
std::string unquoted(std::string_view text) {
  constexpr std::string_view kLetters = "abtnvfr";
  constexpr std::string_view kMeanings = "\a\b\t\n\v\f\r";
  std::string name;
  for (std::size_t i = 1; i < text.size() && text[i] != '"'; ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      name += text[i];
      continue;
    }
    ++i;
    if (i + 2 < text.size() && std::all_of(text.begin() + static_cast<std::ptrdiff_t>(i),
                                           text.begin() + static_cast<std::ptrdiff_t>(i) + 3, is_octal)) {
      const auto digit = [&](std::size_t at) { return static_cast<unsigned>(text[at] - '0'); };
      name += static_cast<char>((digit(i) << 6U | digit(i + 1) << 3U | digit(i + 2)) & 0xffU);
      i += 2;
    } else if (const std::size_t letter = kLetters.find(text[i]); letter != std::string_view::npos) {
      name += kMeanings[letter];
    } else {
      name += text[i];
    }
  }
  return name;
}

/// The letter of "a/…", or 0.
char prefix_of(std::string_view name) noexcept { return name.size() > 2 && name[1] == '/' ? name[0] : '\0'; }

/// Whether git gives old and new names these two prefixes (also diff.mnemonicPrefix, and backwards with -R).
bool are_prefixes(char old_one, char new_one) noexcept {
  constexpr std::array<std::string_view, 6> kPairs{"ab", "iw", "ci", "cw", "ow", "12"};
  return std::any_of(kPairs.begin(), kPairs.end(), [&](std::string_view pair) {
    return (pair[0] == old_one && pair[1] == new_one) || (pair[0] == new_one && pair[1] == old_one);
  });
}

/// Whether a diff follows the lines of --stat, each of which begins with a space, and a blank one. Anything else before
/// it makes a text that quotes a diff: what that leaves out may well be a leak of this text.
bool follows_statistics(std::string_view head) noexcept {
  const std::size_t diff = head.find("\ndiff --git ");
  if (diff == std::string_view::npos) return false;
  for (std::size_t line = 0; line < diff; line = head.find('\n', line) + 1) {
    if (head[line] != ' ' && head[line] != '\n') return false;
  }
  return true;
}

std::size_t digits_at(std::string_view text) noexcept {
  return std::min(text.find_first_not_of("0123456789abcdef"), text.size());
}

}  // namespace

std::optional<HunkHeader> parse_hunk_header(std::string_view line) {
  const std::size_t marks = std::min(line.find_first_not_of('@'), line.size());
  if (marks < 2 || marks > kMostParents + 1) return std::nullopt;
  const std::string_view mark = line.substr(0, marks);
  line.remove_prefix(marks);
  HunkHeader header;
  std::uint64_t start = 0;
  for (std::size_t parent = 1; parent < marks; ++parent) {
    std::uint64_t count = 0;
    if (!skip(line, " -") || !skip_range(line, start, count)) return std::nullopt;
    header.old_lines.push_back(count);
  }
  if (!skip(line, " +") || !skip_range(line, header.new_start, header.new_lines)) return std::nullopt;
  if (!skip(line, " ") || !skip(line, mark)) return std::nullopt;
  return header;
}

std::string name_in_header(std::string_view rest) {
  if (rest.ends_with('\n')) rest.remove_suffix(1);
  if (rest.ends_with('\r')) rest.remove_suffix(1);
  if (rest.starts_with('"')) return unquoted(rest);
  return std::string(rest.substr(0, rest.find('\t')));
}

std::string new_path(std::string_view git_line, std::string_view old_name, std::string_view new_name) {
  char old_prefix = prefix_of(old_name);
  if (old_name == kNoFile) {
    const bool named = skip(git_line, "diff --git ");
    skip(git_line, "\"");
    // Without that line nobody says; "b/" is most likely git's.
    old_prefix = named ? prefix_of(git_line) : 'a';
  }
  if (are_prefixes(old_prefix, prefix_of(new_name))) new_name.remove_prefix(2);
  return std::string(new_name);
}

std::optional<bool> starts_like_diff(std::string_view head) {
  constexpr std::array<std::string_view, 6> kStarts{"diff -", "Index: ", "commit ", "From ", "--- ", "tag "};
  for (const std::string_view start : kStarts) {
    if (head.size() < start.size() && start.starts_with(head)) return std::nullopt;
  }
  if (head.starts_with("diff -") || head.starts_with("Index: ")) return true;
  const std::size_t line_end = head.find('\n');
  const bool whole_line = line_end != std::string_view::npos || head.size() >= kLongestStart;
  const std::size_t digits = digits_at(head.substr(std::min(head.find(' ') + 1, head.size())));
  if (head.starts_with("commit ")) return whole_line ? std::optional(digits >= kShortestHash) : std::nullopt;
  if (head.starts_with("From ")) return whole_line ? std::optional(digits >= kWholeHash) : std::nullopt;

  // A line about the old file and one about the new; or a tag and who made it.
  const auto next_line_starts = [&](std::string_view start) -> std::optional<bool> {
    if (line_end == std::string_view::npos) return whole_line ? std::optional(false) : std::nullopt;
    const std::string_view next = head.substr(line_end + 1);
    if (next.size() < start.size() && start.starts_with(next)) return std::nullopt;
    return next.starts_with(start);
  };
  if (head.starts_with("--- ")) return next_line_starts("+++ ");
  if (head.starts_with("tag ")) return next_line_starts("Tagger: ");
  return follows_statistics(head);
}

}  // namespace vtoken::scan
