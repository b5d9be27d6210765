#include "scan/colours.hpp"

#include <algorithm>

namespace vtoken::scan {

std::string_view without_colours(std::string_view text, std::string& scratch) {
  constexpr std::string_view kStart = "\x1b[";
  if (text.find(kStart) == std::string_view::npos) return text;
  scratch.clear();
  while (!text.empty()) {
    const std::size_t start = std::min(text.find(kStart), text.size());
    scratch += text.substr(0, start);
    text.remove_prefix(start);
    if (text.empty()) break;
    const std::size_t end = text.find_first_not_of("0123456789;", kStart.size());
    const bool colour = end != std::string_view::npos && (text[end] == 'm' || text[end] == 'K');
    if (!colour) scratch += kStart;
    text.remove_prefix(colour ? end + 1 : kStart.size());
  }
  return scratch;
}

}  // namespace vtoken::scan
