#include "remote/head.hpp"

#include "base/text.hpp"

namespace vtoken::remote {
namespace {

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

std::string_view Head::header(std::string_view name) const noexcept { return find_header(headers, name); }

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
