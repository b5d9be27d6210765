// The finder's first stage: the fast ways give what the plain one gives.
#include <doctest/doctest.h>

#include <array>
#include <string>

#include "token/find_characters.hpp"
#include "token/find_prefix.hpp"
#include "token_scan_fixture.hpp"

using namespace vtoken;

namespace {

constexpr std::size_t kNone = std::string_view::npos;

// By the words of the contract.
std::size_t expected(std::string_view text, std::size_t from, std::size_t until) {
  for (std::size_t at = from; at < until && at + 2 + find::kShortestBody <= text.size(); ++at) {
    if (std::string_view("sbr").find(text[at]) == kNone || text[at + 1] != '.') continue;
    std::size_t body = 0;
    while (body < find::kShortestBody && find::is_token_character(text[at + 2 + body])) ++body;
    if (body == find::kShortestBody) return at;
  }
  return kNone;
}

// Prefixes, bodies of about the right length, and what stands beside the ranges of token characters.
std::string dense_text(std::mt19937_64& random) {
  constexpr std::array<std::string_view, 20> kPieces{"s.", "b.", "r.", "hvs.", "q.", ".", "s", " ", "\n", "@",
                                                     "[",  "`",  "{",  "/",    ":",  "_", "-", ",", "^",  "\xf3"};
  std::string text;
  const std::size_t size = random() % 700;
  while (text.size() < size) {
    text += kPieces[random() % kPieces.size()];
    if (random() % 3 == 0) text += scan_test::random_text(random, 20 + random() % 8, scan_test::kBase62);
    if (random() % 8 == 0) text += std::string(random() % 200, random() % 2 == 0 ? ' ' : 'a');
    if (random() % 8 == 0) text += static_cast<char>(random());
  }
  return text;
}

void check_all(std::string_view text, std::size_t from, std::size_t until) {
  const std::size_t wanted = expected(text, from, until);
  REQUIRE(find::find_prefix_portable(text, from, until) == wanted);
  REQUIRE(find::find_prefix(text, from, until) == wanted);
#ifdef __x86_64__
  REQUIRE(find::find_prefix_sse2(text, from, until) == wanted);
  if (find::has_avx2()) REQUIRE(find::find_prefix_avx2(text, from, until) == wanted);
#endif
}

}  // namespace

TEST_CASE("each way of looking for prefixes finds the same") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 3000; ++i) {
    const std::string text = dense_text(random);
    for (std::size_t from = 0; from != kNone && from <= text.size();) {
      check_all(text, from, text.size());
      const std::size_t at = expected(text, from, text.size());
      from = at == kNone ? at : at + 1;
    }
    const std::size_t from = random() % (text.size() + 1);
    check_all(text, from, from + random() % (text.size() - from + 1));
  }
}

TEST_CASE("each byte is a token character for all of them, or for none") {
  for (int byte = 0; byte < 256; ++byte) {
    for (std::size_t place = 0; place < find::kShortestBody; ++place) {
      std::string text(100, ' ');
      text += "s." + std::string(find::kShortestBody, 'x') + std::string(200, ' ');
      text[102 + place] = static_cast<char>(byte);
      check_all(text, 0, text.size());
    }
  }
}

TEST_CASE("a prefix is found at each offset, up to the very end") {
  const std::string token = "r." + std::string(find::kShortestBody, 'Z');
  for (std::size_t at = 0; at < 300; ++at) {
    const std::string text = std::string(at, '.') + token;
    for (std::size_t more = 0; more < 300; more += 37) {
      check_all(text + std::string(more, 's'), 0, text.size() + more);
      CHECK(find::find_prefix(text + std::string(more, 's'), 0, at) == kNone);
      CHECK(find::find_prefix(text + std::string(more, 's'), at, at + 1) == at);
    }
    CHECK(find::find_prefix(std::string_view(text).substr(0, text.size() - 1), 0, text.size()) == kNone);
  }
}

TEST_CASE("an offset behind the text's end finds nothing") {
  CHECK(find::find_prefix("", 0, 0) == kNone);
  CHECK(find::find_prefix("s.", 2, 2) == kNone);
  check_all("s." + std::string(200, 'a'), 202, 202);
}
