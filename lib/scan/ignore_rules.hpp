// The .gitignore files that hold for a place in a tree of folders.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scan/ignore_pattern.hpp"

namespace vtoken::scan {

/// The patterns of one file.
[[nodiscard]] std::vector<IgnorePattern> parse_ignore_file(std::string_view bytes);

/// Files of patterns, from the top of a tree downwards: the deepest one that says something about a path decides, and
/// in it the last line that does.
class IgnoreRules {
 public:
  /// How much there is, to go back to it.
  struct Mark {
    std::size_t files = 0;
    std::size_t lowest = 0;
  };
  [[nodiscard]] Mark mark() const noexcept { return {files_.size(), lowest_}; }
  void go_back(Mark mark);

  /// From here on only files that are added later count: another repository begins.
  void begin_repository() noexcept { lowest_ = files_.size(); }

  /// Adds a file for a folder, whose path has `depth` bytes, its "/" included, in the paths that are asked about.
  void add(std::size_t depth, std::vector<IgnorePattern> patterns);

  /// Whether a path is left out. What lies in a folder that is left out is not asked about.
  [[nodiscard]] bool leave_out(std::string_view path, bool is_folder) const noexcept;

 private:
  struct File {
    std::size_t depth = 0;
    std::vector<IgnorePattern> patterns;
  };
  std::vector<File> files_;
  std::size_t lowest_ = 0;
};

}  // namespace vtoken::scan
