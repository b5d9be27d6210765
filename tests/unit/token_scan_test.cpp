// What the finder says about a token that is there.
#include <doctest/doctest.h>

#include <string>

#include "token/base64url.hpp"
#include "token_scan_fixture.hpp"

using namespace vtoken;
using namespace vtoken::scan_test;

namespace {

const std::string kInner = "hvs." + std::string(kId);
const std::string kLegacy = "s." + std::string(kId);
// Of a real server: Vault 1.14.2's and OpenBao 2.7.2's.
const std::string kSsc =
    "hvs.CAESIP2jTxc9S2K7Z6CtcFWQv7-044m_oSsxnPE1H3nF89l3GiYKHGh2cy5sQmlIZVNyTWJNcDRsYWJpQjlhYjVlb1cQh6PL8wEYAg";
const std::string kBatch =
    "b.AAAAAQL1SYhQJj3oJtqkUVdzZ2PE9f6htjkMhL9wXCWKpJkWm3IyVN2As4x_"
    "kyV1xmFpLdidHRB_zFrX2766IrQ2CgcReAerP8ZMQiFvVee3wkjGa2M7dgEhxViT6ev1PAPP";

const std::string kHead = std::string("\x08\x01\x12\x20");

// A token with `head` before the 32 bytes of its HMAC, and `more` behind the id.
std::string text_of(const std::string& head, const std::string& id, const std::string& more) {
  const std::string inner = "\x0a" + std::string(1, static_cast<char>(id.size())) + id + more;
  const std::string bytes =
      head + std::string(32, '\x99') + "\x1a" + std::string(1, static_cast<char>(inner.size())) + inner;
  SecretString text("hvs.");
  append_base64url({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()}, text);
  return std::string(text.view());
}

}  // namespace

TEST_CASE("each kind of token is told") {
  CHECK(verdict(kSsc) == "proved ssc");
  CHECK(verdict(minted({})) == "proved ssc");
  CHECK(verdict(kBatch) == "proved batch");
  CHECK(verdict("hv" + kBatch) == "proved batch");
  CHECK(verdict(minted({.format = TokenFormat::batch})) == "proved batch");
  CHECK(verdict(minted({.format = TokenFormat::batch, .key_term = 65535, .cipher_version = 1})) == "proved batch");
  CHECK(verdict(kInner) == "likely inner");
  CHECK(verdict("hvr." + std::string(kId)) == "likely recovery");
  CHECK(verdict("hvr." + std::string(kId) + "7Xq") == "likely recovery");
  CHECK(verdict("token=" + kLegacy) == "likely legacy");
  CHECK(verdict("token=r." + std::string(kId)) == "likely recovery");

  const auto found = all_in(">" + kSsc + "\n" + kBatch);
  REQUIRE(found.size() == 2);
  CHECK(found[0].at == 1);
  CHECK(found[0].length == kSsc.size());
  CHECK(found[0].type == TokenType::service);
  CHECK(found[0].reason == "protobuf with a 32-byte HMAC");
  CHECK(found[1].at == kSsc.size() + 2);
  CHECK(found[1].length == kBatch.size());
  CHECK(found[1].type == TokenType::batch);
}

TEST_CASE("what is too short for a token is none") {
  CHECK(verdict("") == "nothing");
  CHECK(verdict("hvs.") == "nothing");
  CHECK(verdict(std::string_view(kInner).substr(0, 27)) == "nothing");
  CHECK(verdict("token=" + kLegacy.substr(0, 25)) == "nothing");
}

TEST_CASE("an older token's shape is none in a longer word") {
  CHECK(verdict("token=" + kLegacy + "x") == "nothing");
  CHECK(verdict("token=" + kLegacy + "_x") == "nothing");
  CHECK(verdict("token=word" + kLegacy) == "nothing");
}

TEST_CASE("a prefix with what is in no known format is weak") {
  CHECK(verdict(kInner + "x") == "weak unknown");
  CHECK(verdict(kInner + "-x") == "weak unknown");
  CHECK(verdict("hvb." + std::string(60, 'q')) == "weak unknown");
  CHECK(verdict("b." + std::string(60, 'q')) == "nothing");
  CHECK(verdict("hvr." + std::string(kId) + "-x") == "weak unknown");
  CHECK(verdict("hvr.Rz9r" + std::string(30, '_')) == "weak unknown");
}

TEST_CASE("damaged and cut tokens are weak") {
  CHECK(verdict(std::string_view(kSsc).substr(0, 60)) == "weak ssc");
  CHECK(verdict(std::string_view(kSsc).substr(0, kSsc.size() - 1)) == "weak ssc");
  CHECK(verdict(std::string_view(kBatch).substr(0, 40)) == "weak batch");
  std::string damaged = kSsc;
  damaged[52] = 'z';  // the tag of field 3
  CHECK(verdict(damaged) == "weak ssc");
  damaged = kSsc;
  damaged[62] = '-';  // inside the id
  CHECK(verdict(damaged) == "weak ssc");
}

TEST_CASE("key terms and cipher versions that no server uses prove nothing") {
  const std::string rest(60, 'Q');
  CHECK(verdict("hvb.AAAAAQI" + rest + "Q") == "proved batch");
  CHECK(verdict("hvb.AAAAAQE" + rest + "Q") == "proved batch");
  CHECK(verdict("hvb.AAAAAAI" + rest + "Q") == "weak unknown");  // key term 0
  CHECK(verdict("hvb.AAAAAQA" + rest + "Q") == "weak unknown");  // version 0
  CHECK(verdict("hvb.AAAAAQM" + rest + "Q") == "weak unknown");  // version 3
  CHECK(verdict("hvb.AAD__wI" + rest + "Q") == "proved batch");  // key term 65535
  CHECK(verdict("hvb.AAEAAAI" + rest + "Q") == "weak unknown");  // key term 65536
}

TEST_CASE("structure needs no boundary, an id does") {
  CHECK(only_in("word" + kSsc) == kSsc);
  CHECK(only_in("%22" + kSsc) == kSsc);
  CHECK(only_in("wordhv" + kBatch) == "hv" + kBatch);
  CHECK(verdict("word" + kInner) == "weak inner");
  CHECK(verdict("wordhvr." + std::string(kId)) == "weak recovery");
}

TEST_CASE("an SSC token ends where its structure says") {
  CHECK(only_in(kSsc + "andmore") == kSsc);
  CHECK(all_in(kSsc + kSsc).size() == 2);
  const std::string longer = minted({.local_index = 1, .index_epoch = 1});
  CHECK(only_in(longer + "A") == longer);
}

TEST_CASE("fields that only newer servers write do not hide a token") {
  // Field 50 of the inner message, and then one that nobody knows: 51, a number.
  const std::string more = std::string("\x92\x03\x02") + "42" + std::string("\x98\x03\x07");
  CHECK(verdict(text_of(kHead, kInner, more)) == "proved ssc");
  CHECK(verdict(text_of(kHead, kInner, more.substr(0, more.size() - 1))) == "weak ssc");
}

TEST_CASE("an SSC token has an HMAC of 32 bytes and an id with a prefix") {
  CHECK(verdict(text_of(kHead, kInner, "")) == "proved ssc");
  CHECK(verdict(text_of(kHead, kInner + ".E6NGEG", "")) == "proved ssc");
  CHECK(verdict(text_of(kHead, kInner + ".E6-GEG", "")) == "weak ssc");
  CHECK(verdict(text_of(kHead, "hvs.", "")) == "weak ssc");
  CHECK(verdict(text_of(kHead, "hvq." + std::string(kId), "")) == "weak ssc");
  CHECK(verdict(text_of(kHead, "s." + std::string(kId), "")) == "proved ssc");
  for (const char size : {'\x21', '\x22', '\x23'}) {
    CHECK(verdict(text_of(kHead.substr(0, 3) + size, kInner, "")) == "weak ssc");
  }
}

TEST_CASE("dashes that emphasize a batch token, or end a comment, are none of it") {
  std::string token = "hvb.AAAAAQI" + std::string(40, 'Q');
  for (int i = 0; i < 3; ++i, token += 'A') {  // every length that base64url ends with
    if ((token.size() - 4) % 4 == 1) token += 'A';
    CHECK(only_in("__" + token + "__") == token);
    // One more may fill a group of four: then nothing tells it from the token's own.
    if ((token.size() - 4) % 4 != 3) CHECK(only_in("_" + token + "_") == token);
    CHECK(only_in("<!-- " + token + "-->") == token);
  }
  // Its own last characters are.
  const std::string own = "hvb.AAAAAQI" + std::string(41, 'Q') + "--__";
  CHECK(only_in(own) == own);
  CHECK(only_in("hvb.AAAAAQI" + std::string(41, 'Q') + "-") == "hvb.AAAAAQI" + std::string(41, 'Q'));
}

TEST_CASE("a search begins and ends where it is told") {
  const std::string text = " " + kInner + " " + kInner;
  const std::size_t second = kInner.size() + 2;
  CHECK(find_token(text, 0, 1) == std::nullopt);
  CHECK(find_token(text, 0, 2).value().at == 1);
  CHECK(find_token(text, 1, text.size()).value().at == 1);
  // Inside a prefix there is none.
  for (std::size_t from = 2; from <= second; ++from) CHECK(find_token(text, from, text.size()).value().at == second);
  CHECK(find_token(text, second + 1, text.size()) == std::nullopt);
  CHECK(find_token(text, text.size(), text.size()) == std::nullopt);
  CHECK(find_token(text, 2, text.size() + 100).value().at == second);
  CHECK(find_token("  " + kLegacy, 0, 2) == std::nullopt);
  CHECK(find_token("  " + kLegacy, 0, 3).value().at == 2);
}

TEST_CASE("names of confidences come back") {
  for (const Confidence confidence : {Confidence::weak, Confidence::likely, Confidence::proved}) {
    CHECK(confidence_named(name_of(confidence)) == confidence);
  }
  CHECK(confidence_named("sure") == std::nullopt);
  CHECK(confidence_named("") == std::nullopt);
}
