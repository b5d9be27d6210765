#include "token/scan_placeholder.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "token/find_characters.hpp"
#include "token/find_words.hpp"

namespace vtoken::scan {
namespace {

constexpr std::size_t kFewCharacters = 10;  // 24 draws from 62 give about 20 different ones
constexpr std::size_t kSameRun = 6;
constexpr std::size_t kAlphabetRun = 6;  // whatever the case

constexpr find::WordSet<10> kWords({"example", "token", "placeholder", "redacted", "secret", "dummy", "sample", "vault",
                                    "changeme", "insert"});

std::size_t different_characters(std::string_view id) noexcept {
  std::array<bool, 256> seen{};
  for (const char c : id) seen[static_cast<unsigned char>(c)] = true;
  return static_cast<std::size_t>(std::count(seen.begin(), seen.end(), true));
}

// The longest stretch in which each character is `step` behind the one before it.
std::size_t longest_run(std::string_view id, int step) noexcept {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (std::size_t i = 0; i < id.size(); ++i) {
    run = i > 0 && find::lowered(id[i]) - find::lowered(id[i - 1]) == step ? run + 1 : 1;
    longest = std::max(longest, run);
  }
  return longest;
}

}  // namespace

bool is_placeholder(std::string_view id) noexcept {
  const bool has_upper = std::any_of(id.begin(), id.end(), find::is_upper);
  const bool has_lower = std::any_of(id.begin(), id.end(), find::is_lower);
  return !has_upper || !has_lower || different_characters(id) < kFewCharacters || longest_run(id, 0) >= kSameRun ||
         longest_run(id, 1) >= kAlphabetRun || longest_run(id, -1) >= kAlphabetRun || kWords.stands_in(id);
}

}  // namespace vtoken::scan
