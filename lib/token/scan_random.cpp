#include "token/scan_random.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "token/find_characters.hpp"

namespace vtoken::scan {
namespace {

using find::is_letter;

constexpr std::size_t kFewCharacters = 10;  // 24 draws from 62 give about 20 different ones
constexpr std::size_t kLongRun = 5;         // of one character, or of an alphabet

constexpr std::array<std::string_view, 11> kWords{"example", "token", "placeholder", "redacted", "secret", "dummy",
                                                  "sample",  "vault", "changeme",    "insert",   "xxxx"};

char lowered(char c) noexcept { return find::is_upper(c) ? static_cast<char>(c + ('a' - 'A')) : c; }

bool holds_word(std::string_view id) noexcept {
  const auto alike = [](char a, char b) { return lowered(a) == b; };
  return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) {
    return std::search(id.begin(), id.end(), word.begin(), word.end(), alike) != id.end();
  });
}

std::size_t different_characters(std::string_view id) noexcept {
  std::array<bool, 256> seen{};
  for (const char c : id) seen[static_cast<unsigned char>(c)] = true;
  return static_cast<std::size_t>(std::count(seen.begin(), seen.end(), true));
}

// The longest stretch in which each character is `step` behind the one before it.
std::size_t longest_run(std::string_view id, int step) noexcept {
  std::size_t longest = 1;
  std::size_t run = 1;
  for (std::size_t i = 1; i < id.size(); ++i) {
    run = id[i] - id[i - 1] == step ? run + 1 : 1;
    longest = std::max(longest, run);
  }
  return longest;
}

// Pairs of letters that English words and names in programs are full of; a fifth of all pairs.
constexpr std::string_view kPairs =
    "abacadaeagaialamanapararasatauavaxaybabebibjblbobrbubycacccechciclckcocrctcudadddedidodrdsdueaecedeeefegeiel"
    "emeneoepereseteuevewexeyfafefffifoforftfuggegigrgngoguhahehihohthuiaibicidieifigikilimininoipiriisitivixizjejo"
    "jskekilalcldlelilllolslalulymamemimomsmmmpmunandndeneneginnkninnonsntnuoadobocodoeofogoiokolomonooopororosotou"
    "ovowpapepephpiplpopppropsptpuqurararcrdrergriritrlrmrnrorrrsrtrurysascseshsisksmsospssstsuswtatetethtitotrtsttturt"
    "y"
    "uauaubucudueufuguiulumunupurusutvavevivowawewhwiworxixpxtyeypyszezi";

constexpr std::array<std::array<bool, 26>, 26> make_pairs() noexcept {
  std::array<std::array<bool, 26>, 26> pairs{};
  for (std::size_t i = 0; i + 1 < kPairs.size(); i += 2) {
    pairs[static_cast<std::size_t>(kPairs[i] - 'a')][static_cast<std::size_t>(kPairs[i + 1] - 'a')] = true;
  }
  return pairs;
}

}  // namespace

bool is_placeholder(std::string_view id) noexcept {
  const bool has_upper = std::any_of(id.begin(), id.end(), find::is_upper);
  const bool has_lower = std::any_of(id.begin(), id.end(), find::is_lower);
  return !has_upper || !has_lower || different_characters(id) < kFewCharacters || longest_run(id, 0) >= kLongRun ||
         longest_run(id, 1) >= kLongRun || longest_run(id, -1) >= kLongRun || holds_word(id);
}

bool is_name(std::string_view id) noexcept {
  static constexpr auto kCommon = make_pairs();
  std::size_t pairs = 0;
  std::size_t common = 0;
  for (std::size_t i = 1; i < id.size(); ++i) {
    if (!is_letter(id[i - 1]) || !is_letter(id[i])) continue;
    ++pairs;
    const auto first = static_cast<std::size_t>(lowered(id[i - 1]) - 'a');
    const auto second = static_cast<std::size_t>(lowered(id[i]) - 'a');
    if (kCommon[first][second]) ++common;
  }
  return pairs >= 8 && common * 4 >= pairs * 3;
}

}  // namespace vtoken::scan
