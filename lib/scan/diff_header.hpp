// The lines of a unified diff that say what follows: names of files, and hunks.
//
// Source of the rules: git-diff(1), "Generating patch text" and "Combined diff format"; diff(1) of GNU for names with
// a time behind them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vtoken::scan {

struct HunkHeader {
  std::vector<std::uint64_t> old_lines;  ///< how many lines each old file has in it: one, or more of a merge
  std::uint64_t new_lines = 0;
  std::uint64_t new_start = 0;  ///< line in the new file, from 1; 0 when that has none
};

/// "@@ -1,2 +3,4 @@ …" and "@@@ -1,2 -3,4 +5,6 @@@ …"; nothing for what only looks so.
[[nodiscard]] std::optional<HunkHeader> parse_hunk_header(std::string_view line);

/// The name in what follows "--- " or "+++ " in a line: without a time behind it and, where git has put it in quotes,
/// its own bytes.
[[nodiscard]] std::string name_in_header(std::string_view rest);

/// The new file's path from both names: without "b/", where git has put that there. `git_line` is the line that begins
/// with "diff --git", or empty; it decides where there is no old file.
[[nodiscard]] std::string new_path(std::string_view git_line, std::string_view old_name, std::string_view new_name);

/// Whether a stream that begins with `head` is a diff, or a commit with one, or statistics with one behind them;
/// nothing while more must be seen.
[[nodiscard]] std::optional<bool> starts_like_diff(std::string_view head);

}  // namespace vtoken::scan
