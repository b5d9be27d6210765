#include "scan/ignore_pattern.hpp"

#include <algorithm>

#include "scan/character_set.hpp"

namespace vtoken::scan {

namespace {

/// Spaces at the end do not count, unless a backslash stands before them. One at the very end, of the pattern itself,
/// leaves all as it is.
std::string_view without_trailing_spaces(std::string_view line) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\') {
      if (++i == line.size()) return line;
      end = i + 1;
    } else if (line[i] != ' ') {
      end = i + 1;
    }
  }
  return line.substr(0, end);
}

/// Matches a glob as far as no star is met, and remembers where stars may be given more text.
class GlobMatch {
 public:
  GlobMatch(std::string_view glob, std::string_view text) noexcept : glob_(glob), text_(text) {}

  bool run() noexcept {
    while (true) {
      const bool whole = g_ == glob_.size() && t_ == text_.size();
      if (whole || done_) return true;
      if (!(g_ < glob_.size() && glob_[g_] == '*' ? star() : character()) && !again()) return false;
    }
  }

 private:
  struct Star {
    std::size_t glob = std::string_view::npos;  // what follows it; npos: there is none
    std::size_t text = 0;                       // where that was tried last
    bool parts = false;                         // try behind slashes only
  };

  [[nodiscard]] bool at_part() const noexcept { return g_ == 0 || glob_[g_ - 1] == '/'; }

  bool star() noexcept {
    const bool starts_part = at_part();
    std::size_t behind = g_;
    while (behind < glob_.size() && glob_[behind] == '*') ++behind;
    const bool several = behind - g_ > 1;
    const std::string_view rest = glob_.substr(behind);
    if (several && starts_part && rest.empty()) {
      done_ = true;
    } else if (several && starts_part && rest.front() == '/') {
      g_ = behind + 1;
      across_ = {g_, t_, true};
      within_ = {};
    } else if (several && starts_part && rest.starts_with("\\/")) {
      g_ = behind;
      across_ = {g_, t_, false};
      within_ = {};
    } else {
      g_ = behind;
      within_ = {g_, t_, false};
    }
    return true;
  }

  bool character() noexcept {
    if (g_ == glob_.size() || t_ == text_.size()) return false;
    const char c = text_[t_];
    std::size_t behind = g_ + 1;
    bool fits = false;
    switch (glob_[g_]) {
      case '?': fits = c != '/'; break;
      case '[': fits = set_holds(glob_, behind, c) && c != '/'; break;
      case '\\':
        fits = behind < glob_.size() && glob_[behind] == c;
        ++behind;
        break;
      default: fits = glob_[g_] == c;
    }
    if (!fits) return false;
    g_ = behind;
    ++t_;
    return true;
  }

  /// Gives the last star one more character, or the last `**` one more part. Earlier ones need not be tried: what
  /// follows them was matched at its first place already.
  bool again() noexcept {
    if (within_.glob != std::string_view::npos && within_.text < text_.size() && text_[within_.text] != '/') {
      g_ = within_.glob;
      t_ = ++within_.text;
      return true;
    }
    within_ = {};
    if (across_.glob == std::string_view::npos || across_.text >= text_.size()) return false;
    if (across_.parts) {
      const std::size_t slash = text_.find('/', across_.text);
      if (slash == std::string_view::npos) return false;
      across_.text = slash;
    }
    g_ = across_.glob;
    t_ = ++across_.text;
    return true;
  }

  std::string_view glob_;
  std::string_view text_;
  std::size_t g_ = 0;
  std::size_t t_ = 0;
  Star within_;
  Star across_;
  bool done_ = false;
};

}  // namespace

std::optional<IgnorePattern> parse_ignore_line(std::string_view line) {
  line = line.substr(0, line.find('\0'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.empty() || line.front() == '#') return std::nullopt;
  line = without_trailing_spaces(line);
  IgnorePattern pattern;
  if (line.starts_with('!')) {
    pattern.negated = true;
    line.remove_prefix(1);
  }
  if (line.ends_with('/')) {
    pattern.folders_only = true;
    line.remove_suffix(1);
  }
  pattern.anchored = line.find('/') != std::string_view::npos;
  if (line.starts_with('/')) line.remove_prefix(1);
  if (line.empty()) return std::nullopt;
  pattern.text = line;
  return pattern;
}

bool matches(const IgnorePattern& pattern, std::string_view path, bool is_folder) noexcept {
  if (pattern.folders_only && !is_folder) return false;
  const std::string_view glob = pattern.text;
  if (!pattern.anchored) return matches_path_glob(glob, path.substr(path.rfind('/') + 1));
  // What holds no wildcard is compared first, and the rest as if it stood alone: "a**/b" has two stars that cross
  // folders, since nothing seems to stand before them. That is how git reads it.
  const std::size_t plain = std::min(glob.find_first_of("*?[\\"), glob.size());
  if (path.substr(0, plain) != glob.substr(0, plain)) return false;
  return matches_path_glob(glob.substr(plain), path.substr(plain));
}

bool matches_path_glob(std::string_view glob, std::string_view text) noexcept { return GlobMatch(glob, text).run(); }

}  // namespace vtoken::scan
