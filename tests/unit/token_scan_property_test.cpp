// Properties of the finder: minted tokens are found in any surroundings, and cutting changes nothing.
#include <doctest/doctest.h>

#include <array>
#include <string>

#include "token_scan_fixture.hpp"

using namespace vtoken;
using namespace vtoken::scan_test;

namespace {

BatchEntry random_entry(std::mt19937_64& random) {
  BatchEntry entry;
  entry.policies = {random_text(random, random() % 12, kBase62)};
  entry.path = "auth/token/create";
  entry.display_name = random_text(random, random() % 40, kBase62);
  return entry;
}

// A token whose structure proves it.
std::string structural(std::mt19937_64& random) {
  const std::string space = random() % 4 == 0 ? random_text(random, 5 + random() % 2, kBase62) : "";
  if (random() % 2 == 0) {
    return minted({.namespace_id = space,
                   .local_index = random() % 2 == 0 ? 0 : random() >> random() % 64,
                   .index_epoch = random() % 2 == 0 ? 0 : static_cast<std::uint32_t>(random())});
  }
  return minted({.format = TokenFormat::batch,
                 .legacy_prefix = random() % 2 == 0,
                 .key_term = static_cast<std::uint32_t>(1 + random() % 65535),
                 .cipher_version = static_cast<std::uint8_t>(1 + random() % 2),
                 .entry = random_entry(random)});
}

std::string any_bytes(std::mt19937_64& random, std::size_t size) {
  std::string text(size, ' ');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

// Text as hostile as it gets: tokens, parts of tokens, and what stands around them.
std::string mixed_text(std::mt19937_64& random) {
  constexpr std::array<std::string_view, 16> kPieces{
      "hvs.", "hvb.AAAAAQI", "s.",  "b.", ".",       "token=", "\n",      "\\n",
      "hv",   "hvs.CAESI",   "%22", "-",  ".E6NGEG", " ",      "\x1b[0m", "hvr."};
  std::string text;
  for (std::size_t pieces = random() % 60; pieces > 0; --pieces) {
    switch (random() % 6) {
      case 0: text += structural(random); break;
      case 1: text += random_text(random, 24, kBase62); break;
      case 2: text += random_text(random, random() % 60, kBase62); break;
      case 3: text += any_bytes(random, random() % 40); break;
      default: text += kPieces[random() % kPieces.size()];
    }
  }
  return text;
}

bool same(const std::vector<TokenMatch>& a, const std::vector<TokenMatch>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const TokenMatch& x, const TokenMatch& y) {
    return x.at == y.at && x.length == y.length && x.type == y.type && x.format == y.format &&
           x.confidence == y.confidence && x.reason == y.reason;
  });
}

}  // namespace

TEST_CASE("a minted token is found in any bytes, with its exact ends") {
  std::mt19937_64 random(3);
  for (int i = 0; i < 4000; ++i) {
    const std::string token = structural(random);
    std::string before = any_bytes(random, random() % 200);
    // Anything may stand before it, but not what makes an older prefix a newer one.
    if (token.starts_with("b.") && before.ends_with("hv")) before += ' ';
    const std::string after = " " + any_bytes(random, random() % 200);
    const std::string text = before + token + after;
    bool found = false;
    for (const TokenMatch& match : all_in(text)) {
      if (match.at != before.size()) continue;
      found = true;
      CHECK(match.confidence == Confidence::proved);
      CHECK(match.length == token.size());
    }
    CHECK(found);
  }
}

TEST_CASE("cutting a text into pieces changes no match") {
  std::mt19937_64 random(4);
  for (int i = 0; i < 300; ++i) {
    const std::string text = mixed_text(random);
    const auto whole = all_in(text);
    for (const std::size_t size : {std::size_t{1}, 2 + random() % 30, 30 + random() % 300}) {
      CAPTURE(text);
      CAPTURE(size);
      REQUIRE(same(all_in_pieces(text, size), whole));
    }
  }
}

TEST_CASE("matches lie in the text, in order and apart, and say why") {
  std::mt19937_64 random(5);
  for (int i = 0; i < 1000; ++i) {
    const std::string text = mixed_text(random);
    std::size_t end = 0;
    for (const TokenMatch& match : all_in(text)) {
      REQUIRE(match.at >= end);
      REQUIRE(match.length > 24);
      end = match.at + match.length;
      REQUIRE(end <= text.size());
      REQUIRE(!match.reason.empty());
      // What is proved can be read as a whole.
      const std::string_view token = std::string_view(text).substr(match.at, match.length);
      const DecodedToken decoded = decode_token(token);
      if (match.confidence == Confidence::proved) {
        REQUIRE(!decoded.fault);
        REQUIRE(decoded.format == match.format);
      }
      if (match.confidence != Confidence::weak) REQUIRE(decoded.type == match.type);
    }
  }
}

TEST_CASE("a token longer than the longest match is found, and cut there") {
  for (const std::string prefix : {"hvb.", "b."}) {
    for (const unsigned more : {0U, 1U, 2U, 3U, 100U, 70000U}) {
      CAPTURE(more);
      const std::string start = prefix + "AAAAAQI";
      const std::string token = start + std::string(kLongestMatch + more - start.size(), 'z');
      const auto found = all_in("x " + token + " y");
      REQUIRE(found.size() == 1);
      CHECK(found[0].length == kLongestMatch);
      CHECK(found[0].confidence == Confidence::proved);
      CHECK(same(all_in_pieces("x " + token + " y", 1000), found));
    }
  }
}

TEST_CASE("what lies behind the bytes that the contract names does not matter") {
  const std::string text = "s." + std::string(kId) + std::string(kContextAfter, ' ') + "x";
  CHECK(same(all_in_pieces(text, 10), all_in(text)));
}

// Hang detection: some seconds with sanitizers, hours if time grew with the square.
TEST_CASE("hostile texts take time by their length") {
  constexpr std::size_t kSize = std::size_t{8} << 20U;
  const auto repeated = [](std::string_view piece) {
    std::string text;
    while (text.size() < kSize) text += piece;
    return text;
  };
  CHECK(all_in(repeated("hvs.")).empty());
  CHECK(all_in(repeated("s.")).empty());
  CHECK(all_in(repeated("s.b.r.hv")).empty());
  CHECK(all_in("hvs." + repeated("aB3_")).size() == 1);
  CHECK(all_in("hvs.CAESI" + repeated("aB3_")).size() == 1);
  CHECK(all_in("hvb.AAAAAQI" + repeated("aB3_")).size() == 1);
  CHECK(all_in("s." + repeated("aB3d")).empty());
  CHECK(all_in(repeated("r.GaB3dE6gH9kL2nP5rT8vX1z4Cx")).empty());
  CHECK(!all_in(repeated("hvs.CAESIaB3dE6gH9kL2nP5rT8vX1z4C")).empty());
}
