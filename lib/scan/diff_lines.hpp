// What each line of a unified diff is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "scan/diff_header.hpp"

namespace vtoken::scan {

/// Reads a diff line by line. Takes any text: what is no diff lies outside of hunks.
class DiffLines {
 public:
  enum class Kind {
    outside,  ///< of no hunk: names, messages, text around
    added,    ///< in the new file only, or not in all old ones of a merge
    kept,     ///< in the new file and the old
    gone      ///< not in the new file, or diff's own: a hunk's header, a remark
  };
  struct Line {
    Kind kind = Kind::outside;
    std::size_t marks = 0;     ///< bytes at its start that belong to the diff
    std::uint64_t number = 0;  ///< in the new file, of what is added or kept
    bool begins_hunk = false;  ///< the next line is the first of another hunk
  };

  /// The next line, with its newline, or the beginning of one that is too long to be a header.
  [[nodiscard]] Line next(std::string_view line);

  /// The new file of the hunk that was begun last.
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  [[nodiscard]] bool in_hunk() const noexcept;
  [[nodiscard]] bool hunk_line(std::string_view line, Line& out);
  void count(std::string_view marks, bool in_new, bool blank);
  void remember_names(std::string_view line);
  void take_names();
  void outside_line(std::string_view line, Line& out);

  HunkHeader left_;  // lines of the hunk that are still to come
  std::uint64_t number_ = 0;
  std::string git_line_;
  std::string old_name_;
  std::string new_name_;
  bool named_ = false;  // new_name_ is known
  std::string path_;
  int names_in_hunk_ = 0;  // lines just before this one that look like names: 1 for the old, 2 with the new
  std::string hunk_old_name_;
  std::string hunk_new_name_;
};

}  // namespace vtoken::scan
