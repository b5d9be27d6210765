#include "core/url.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace vtoken {
namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";

bool is_plain(char c, std::string_view also) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         also.find(c) != std::string_view::npos;
}

void append_escaped(std::string& out, char c) {
  const auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += kHex[byte >> 4U];
  out += kHex[byte & 0xFU];
}

// Without empty parts, "." and "..", with one slash before each part.
std::string cleaned(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const auto slash = path.find('/');
    const auto part = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    if (part == ".." && !parts.empty()) parts.pop_back();
    if (!part.empty() && part != "." && part != "..") parts.push_back(part);
  }
  std::string out;
  for (const auto part : parts) out.append("/").append(part);
  return out.empty() ? "/" : out;
}

}  // namespace

std::string escape_path(std::string_view text) {
  std::string out;
  for (const char c : text) is_plain(c, "-_.~$&+,/:;=@") ? void(out += c) : append_escaped(out, c);
  return out;
}

std::string escape_query(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ' ') {
      out += '+';
    } else {
      is_plain(c, "-_.~") ? void(out += c) : append_escaped(out, c);
    }
  }
  return out;
}

std::string request_target(const Request& request, std::string_view prefix) {
  std::string whole(prefix);
  whole.append("/v1/").append(request.path);
  std::string out = escape_path(cleaned(whole));
  auto query = request.query;
  if (request.method == Method::list) query.emplace_back("list", "true");
  std::stable_sort(query.begin(), query.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  char before = '?';
  for (const auto& [name, value] : query) {
    out.append(1, std::exchange(before, '&')).append(escape_query(name)).append(1, '=').append(escape_query(value));
  }
  return out;
}

}  // namespace vtoken
