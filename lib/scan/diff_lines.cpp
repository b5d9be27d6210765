#include "scan/diff_lines.hpp"

#include <algorithm>
#include <utility>

namespace vtoken::scan {

DiffLines::Line DiffLines::next(std::string_view line) {
  Line out;
  if (in_hunk()) {
    if (hunk_line(line, out)) return out;
    if (names_in_hunk_ == 2) take_names();
    left_ = {};
  }
  names_in_hunk_ = 0;
  outside_line(line, out);
  return out;
}

bool DiffLines::in_hunk() const noexcept {
  return left_.new_lines > 0 ||
         std::any_of(left_.old_lines.begin(), left_.old_lines.end(), [](std::uint64_t lines) { return lines > 0; });
}

/// False when it cannot be a line of the hunk, whose numbers were wrong then.
bool DiffLines::hunk_line(std::string_view line, Line& out) {
  if (line.starts_with('\\')) {
    out.kind = Kind::gone;
    out.marks = line.size();
    return true;
  }
  const std::size_t width = left_.old_lines.size();
  const std::string_view marks = line.substr(0, std::min(line.find_first_not_of(" +-"), width));
  // Programs that cut blanks off at ends of lines cut those of empty ones too.
  const bool blank = marks.size() < width && marks.find_first_not_of(' ') == std::string_view::npos &&
                     (marks.size() == line.size() || line[marks.size()] == '\n' || line[marks.size()] == '\r');
  if (marks.size() < width && !blank) return false;
  out.marks = marks.size();
  if (marks.find('-') != std::string_view::npos) {
    out.kind = Kind::gone;
  } else {
    out.kind = marks.find('+') != std::string_view::npos ? Kind::added : Kind::kept;
    out.number = number_++;
  }
  count(marks, out.kind != Kind::gone, blank);
  remember_names(line);
  return true;
}

void DiffLines::count(std::string_view marks, bool in_new, bool blank) {
  const auto one_less = [](std::uint64_t& lines) { lines -= lines > 0 ? 1 : 0; };
  if (in_new) one_less(left_.new_lines);
  for (std::size_t parent = 0; parent < left_.old_lines.size(); ++parent) {
    const char mark = blank ? ' ' : marks[parent];
    if (mark == (in_new ? ' ' : '-')) one_less(left_.old_lines[parent]);
  }
}

void DiffLines::remember_names(std::string_view line) {
  if (left_.old_lines.size() == 1 && line.starts_with("--- ")) {
    hunk_old_name_ = name_in_header(line.substr(4));
    names_in_hunk_ = 1;
  } else if (names_in_hunk_ == 1 && line.starts_with("+++ ")) {
    hunk_new_name_ = name_in_header(line.substr(4));
    names_in_hunk_ = 2;
  } else {
    names_in_hunk_ = 0;
  }
}

/// Where a hunk's numbers were too large, the next file's names looked like its last two lines.
void DiffLines::take_names() {
  git_line_.clear();
  old_name_ = hunk_old_name_;
  new_name_ = hunk_new_name_;
  named_ = true;
}

void DiffLines::outside_line(std::string_view line, Line& out) {
  if (line.starts_with("diff -")) {
    git_line_ = line;
    old_name_.clear();
    named_ = false;
  } else if (line.starts_with("--- ")) {
    old_name_ = name_in_header(line.substr(4));
    named_ = false;
  } else if (line.starts_with("+++ ")) {
    new_name_ = name_in_header(line.substr(4));
    named_ = true;
  } else if (named_ && line.starts_with("@@")) {
    auto header = parse_hunk_header(line);
    if (!header) return;
    left_ = std::move(*header);
    number_ = left_.new_start;
    path_ = new_path(git_line_, old_name_, new_name_);
    out.begins_hunk = true;
    out.kind = Kind::gone;  // behind its numbers git repeats a line from further up
  }
}

}  // namespace vtoken::scan
