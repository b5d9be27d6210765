#include "remote/head.hpp"

#include <algorithm>

namespace vtoken::remote {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// "HTTP/1.1 200 OK" or "HTTP/2 200"; 0 when there is no number.
int status_of(std::string_view line) {
  const auto space = line.find(' ');
  if (space == std::string_view::npos || line.size() < space + 4) return 0;
  int status = 0;
  for (const char c : line.substr(space + 1, 3)) {
    if (c < '0' || c > '9') return 0;
    status = status * 10 + (c - '0');
  }
  return status;
}

}  // namespace

std::string_view Head::header(std::string_view name) const noexcept {
  const auto found =
      std::find_if(headers.begin(), headers.end(), [&](const Header& each) { return same_name(each.name, name); });
  return found == headers.end() ? std::string_view() : std::string_view(found->value);
}

bool HeadReader::line(std::string_view bytes) {
  bytes_ += bytes.size();
  if (bytes_ > kMostBytes || ++lines_ > kMostLines) return false;
  if (bytes.starts_with("HTTP/")) {
    head_ = Head{status_of(trimmed(bytes)), {}};
    complete_ = false;
    return true;
  }
  complete_ = complete_ || trimmed(bytes).empty();
  const auto colon = bytes.find(':');
  if (colon == std::string_view::npos) return true;
  head_.headers.push_back(
      {std::string(trimmed(bytes.substr(0, colon))), std::string(trimmed(bytes.substr(colon + 1)))});
  return true;
}

}  // namespace vtoken::remote
