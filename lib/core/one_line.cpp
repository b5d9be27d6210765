#include "core/one_line.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace vtoken {

std::string one_line(std::string_view text) {
  const auto head = text.find(" occurred:\n");
  const bool several = head < 24 && text.find(" error") < head;
  if (several) text.remove_prefix(head + std::string_view(" occurred:\n").size());
  std::string line;
  for (const std::string_view part : split(text, '\n')) {
    std::string_view item = trimmed(part);
    if (several && item.starts_with("* ")) item.remove_prefix(2);
    if (item.empty()) continue;
    if (!line.empty()) line += several ? "; " : " ";
    line += item;
  }
  std::replace_if(
      line.begin(), line.end(), [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; }, ' ');
  return line;
}

}  // namespace vtoken
