#include "scan/ignore_rules.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace vtoken::scan {

std::vector<IgnorePattern> parse_ignore_file(std::string_view bytes) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  std::vector<IgnorePattern> patterns;
  for (const std::string_view line : split(bytes, '\n')) {
    if (auto pattern = parse_ignore_line(line)) patterns.push_back(std::move(*pattern));
  }
  return patterns;
}

void IgnoreRules::go_back(Mark mark) {
  files_.erase(files_.begin() + static_cast<std::ptrdiff_t>(mark.files), files_.end());
  lowest_ = mark.lowest;
}

void IgnoreRules::add(std::size_t depth, std::vector<IgnorePattern> patterns) {
  if (!patterns.empty()) files_.push_back({depth, std::move(patterns)});
}

bool IgnoreRules::leave_out(std::string_view path, bool is_folder) const noexcept {
  for (std::size_t file = files_.size(); file > lowest_; --file) {
    const auto& [depth, patterns] = files_[file - 1];
    const auto decides = [&, below = path.substr(depth)](const IgnorePattern& pattern) {
      return matches(pattern, below, is_folder);
    };
    const auto last = std::find_if(patterns.rbegin(), patterns.rend(), decides);
    if (last != patterns.rend()) return !last->negated;
  }
  return false;
}

}  // namespace vtoken::scan
