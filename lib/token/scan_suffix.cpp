#include "token/scan_suffix.hpp"

#include <algorithm>

#include "token/find_characters.hpp"
#include "token/scan_names.hpp"

namespace vtoken::scan {
namespace {

constexpr std::size_t kShortestId = 5;  // Vault's
constexpr std::size_t kLongestId = 6;   // OpenBao's (source: namespaceIdLength)

// "json5", "Please", "length": small letters, perhaps behind a capital, in the order of words.
bool is_single_word(std::string_view id) noexcept {
  const auto letters = find::is_upper(id.front()) ? id.substr(1) : id;
  const auto end = std::find_if_not(letters.begin(), letters.end(), find::is_lower);
  return end == letters.end() && is_name(id);
}

}  // namespace

std::size_t suffix_length(std::string_view after) noexcept {
  if (!after.starts_with('.')) return 0;
  const std::string_view id = find::kBase62.leading(after.substr(1, kLongestId + 1));
  if (id.size() < kShortestId || id.size() > kLongestId) return 0;
  const std::string_view next = after.substr(1 + id.size());
  const bool goes_on = !next.empty() && (find::is_token_character(next.front()) || next.front() == '(');
  const bool is_number = std::all_of(id.begin(), id.end(), find::is_digit);
  return goes_on || is_number || is_single_word(id) ? 0 : 1 + id.size();
}

}  // namespace vtoken::scan
