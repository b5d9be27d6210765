#include "policy/nearest.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace vtoken::policy {
namespace {

constexpr std::size_t kLongestWord = 64;
constexpr std::size_t kMostLetters = 2;

// How many letters have to be put in, left out or replaced.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> known) {
  if (word.size() > kLongestWord) return {};
  std::string_view best;
  std::size_t least = kMostLetters + 1;
  for (const std::string_view candidate : known) {
    const std::size_t letters = distance(word, candidate);
    if (letters < least && letters < candidate.size()) {
      least = letters;
      best = candidate;
    }
  }
  return best;
}

}  // namespace vtoken::policy
