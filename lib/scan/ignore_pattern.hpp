// One line of a .gitignore file.
//
// Source of the rules: gitignore(5), and git itself where that says nothing (a property test asks it).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vtoken::scan {

struct IgnorePattern {
  std::string text;           ///< without "!", the "/" at its start and the one at its end
  bool negated = false;       ///< what it matches is not left out after all
  bool folders_only = false;  ///< ended in "/"
  bool anchored = false;      ///< holds a "/" elsewhere: matches whole paths, not the last part alone
};

/// The pattern in a line without its newline; nothing for blank lines and comments.
[[nodiscard]] std::optional<IgnorePattern> parse_ignore_line(std::string_view line);

/// Whether a pattern matches `path`: below the file's folder, without "/" at its ends.
[[nodiscard]] bool matches(const IgnorePattern& pattern, std::string_view path, bool is_folder) noexcept;

/// Whether all of `text` matches a glob: `*`, `?` and `[…]` match no "/"; `**` between slashes or at an end matches
/// whole parts of a path. Time is at most the product of both lengths, for each `**` that is tried.
[[nodiscard]] bool matches_path_glob(std::string_view glob, std::string_view text) noexcept;

}  // namespace vtoken::scan
