#include "token/find_prefix.hpp"

#include <algorithm>
#include <cstring>

#include "token/find_characters.hpp"

namespace vtoken::find {
namespace {

bool is_prefix_end(char c) noexcept { return c == 's' || c == 'b' || c == 'r'; }

using Find = std::size_t (*)(std::string_view text, std::size_t from, std::size_t until) noexcept;

Find fastest() noexcept {
#ifdef __x86_64__
  return has_avx2() ? find_prefix_avx2 : find_prefix_sse2;
#else
  return find_prefix_portable;
#endif
}

}  // namespace

std::size_t find_prefix_portable(std::string_view text, std::size_t from, std::size_t until) noexcept {
  if (text.size() < kShortestBody + 2) return std::string_view::npos;
  // Where the dot may be.
  std::size_t at = from + 1;
  const std::size_t end = std::min(until, text.size() - kShortestBody - 1) + 1;
  while (at < end) {
    const void* const found = std::memchr(text.data() + at, '.', end - at);
    if (found == nullptr) break;
    at = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
    if (is_prefix_end(text[at - 1]) &&
        kTokenCharacters.leading(text.substr(at + 1, kShortestBody)).size() == kShortestBody) {
      return at - 1;
    }
    ++at;
  }
  return std::string_view::npos;
}

std::size_t find_prefix(std::string_view text, std::size_t from, std::size_t until) noexcept {
  static const Find find = fastest();
  return find(text, from, until);
}

}  // namespace vtoken::find
