// Where a folder stands in a git repository, and the ignore rules it has from there.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace vtoken::scan {

/// The bytes of a file of settings: relative to an open folder, or to the current one with AT_FDCWD. Empty when there
/// is none: no file of that name, or no regular one (git follows no symbolic link here either).
[[nodiscard]] Result<std::string> read_settings_file(int folder, const std::string& path);

/// The .git/info/exclude of the repository whose work tree is `folder`: read where .git is a file too, as in a
/// submodule and a second work tree. Empty when there is none.
[[nodiscard]] Result<std::string> read_exclude(const std::string& folder);

/// The folders above `folder`, its repository's work tree first, that may hold a .gitignore for it; each with its path
/// and how much of the path from the work tree to `folder`, such as "a/b/", lies above it. Nothing when `folder` is in
/// no repository, or is the top of one, or is in its .git.
struct Surroundings {
  std::string inside;                                        ///< from the work tree to the folder, "" or "a/b/"
  std::vector<std::pair<std::string, std::size_t>> parents;  ///< path, and bytes of `inside` that lie above
};
[[nodiscard]] Surroundings surroundings_of(const std::string& folder);

}  // namespace vtoken::scan
