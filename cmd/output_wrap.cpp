#include "cmd/output_wrap.hpp"

#include <cstdint>
#include <limits>
#include <vector>

#include "cmd/output_go.hpp"

namespace vtoken::cmd {
namespace {

// What a line that is too long costs, beside the square of what it is off by.
constexpr std::int64_t kTooLong = 100'000;
// A line of so many widths is not considered.
constexpr std::int64_t kHopeless = 20;

std::vector<std::string_view> split_words(std::string_view text) {
  std::vector<std::string_view> words;
  while (true) {
    const std::size_t end = text.find_first_of(" \n");
    words.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return words;
    text.remove_prefix(end + 1);
  }
}

// For each word the first word of the next line, if a line began here: least total raggedness, the last line is free.
std::vector<std::size_t> best_breaks(const std::vector<std::string_view>& words, std::int64_t width) {
  const std::size_t count = words.size();
  std::vector<std::int64_t> end(count + 1, 0);  // where each word would end if all stood in one line
  for (std::size_t i = 0; i < count; ++i) end[i + 1] = end[i] + static_cast<std::int64_t>(words[i].size()) + 1;
  const auto length = [&](std::size_t first, std::size_t next) { return end[next] - end[first] - 1; };
  std::vector<std::size_t> next_line(count, count);
  std::vector<std::int64_t> cost(count, 0);
  for (std::size_t i = count; i-- > 0;) {
    if (i + 1 == count || length(i, count) <= width) continue;
    cost[i] = std::numeric_limits<std::int64_t>::max();
    for (std::size_t j = i + 1; j < count; ++j) {
      const std::int64_t line = length(i, j);
      const std::int64_t off = width - line;
      const std::int64_t sum = off * off + cost[j] + (line > width ? kTooLong : 0);
      if (sum < cost[i]) {
        cost[i] = sum;
        next_line[i] = j;
      }
      // Lines this long are never the best; without this, texts of many words would take quadratic time.
      if (line > kHopeless * width) break;
    }
  }
  return next_line;
}

}  // namespace

std::string wrap_text(std::string_view text, std::size_t width, std::size_t indent) {
  const auto words = split_words(trim_space(text));
  const auto next_line = best_breaks(words, static_cast<std::int64_t>(width));
  std::string out;
  for (std::size_t i = 0; i < words.size();) {
    if (!out.empty()) out += '\n';
    out.append(indent, ' ');
    for (std::size_t word = i; word < next_line[i]; ++word) {
      if (word > i) out += ' ';
      out += words[word];
    }
    i = next_line[i];
  }
  return out;
}

}  // namespace vtoken::cmd
