#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "token/base62.hpp"
#include "token/decode.hpp"

using namespace vtoken;

namespace {

constexpr std::string_view kId = "ABCDEFGHIJKLMNOPQRSTUVWX";

std::string some_ssc(std::uint64_t index = 0, std::uint32_t epoch = 0,
                     std::string_view id = "hvs.ABCDEFGHIJKLMNOPQRSTUVWX") {
  return std::string(encode_ssc(id, index, epoch, Key{}).view());
}

std::string some_batch() { return std::string(seal_batch(BatchEntry{}, 3, AesGcm(Key{})).view()); }

std::string hex(const Mac& mac) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : mac) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace

TEST_CASE("every token of the golden records is read as an independent decoder reads it") {
  std::ifstream file(VTOKEN_SOURCE_DIR "/tests/unit/data/golden_tokens.tsv");
  std::string line;
  int count = 0;
  while (std::getline(file, line)) {
    if (line.starts_with('#')) continue;
    std::istringstream words(line);
    std::string kind;
    std::string text;
    words >> kind >> text;
    const DecodedToken token = decode_token(text);
    CAPTURE(line);
    ++count;
    CHECK_FALSE(token.fault.has_value());
    CHECK(token.warnings.empty());
    CHECK(token.length == text.size());
    CHECK(name_of(token.format) == kind);
    if (kind == "ssc") {
      std::uint64_t version = 0;
      std::uint64_t index = 0;
      std::uint32_t epoch = 0;
      std::string hmac;
      std::string random;
      words >> version >> hmac >> random >> index >> epoch;
      CHECK(token.version == version);
      CHECK(hex(token.hmac.value()) == hmac);
      CHECK(token.secret.view() == random);
      CHECK(token.wal_index == index);
      CHECK(token.index_epoch == epoch);
    } else if (kind == "batch") {
      std::uint32_t term = 0;
      unsigned version = 0;
      std::size_t size = 0;
      words >> term >> version >> size;
      CHECK(token.key_term == term);
      CHECK(token.cipher_version == version);
      CHECK(token.ciphertext_size == size);
    }
    CHECK_FALSE(words.fail());
  }
  CHECK(count == 86);
}

TEST_CASE("types, formats and prefixes") {
  struct Row {
    std::string text;
    TokenType type;
    TokenFormat format;
    std::string prefix;
    std::string namespace_id;
  };
  const std::string id(kId);
  const std::vector<Row> rows{
      {some_ssc(), TokenType::service, TokenFormat::ssc, "hvs.", ""},
      {some_ssc() + ".q1W2e", TokenType::service, TokenFormat::ssc, "hvs.", "q1W2e"},
      {some_ssc(0, 0, "hvs." + id + ".q1W2e"), TokenType::service, TokenFormat::ssc, "hvs.", "q1W2e"},
      {"hvs." + id, TokenType::service, TokenFormat::inner, "hvs.", ""},
      {"hvs." + id + ".q1W2e", TokenType::service, TokenFormat::inner, "hvs.", "q1W2e"},
      {"s." + id, TokenType::service, TokenFormat::legacy, "s.", ""},
      {"s." + id + ".q1W2eR", TokenType::service, TokenFormat::legacy, "s.", "q1W2eR"},
      {some_batch(), TokenType::batch, TokenFormat::batch, "hvb.", ""},
      {some_batch() + ".q1W2e", TokenType::batch, TokenFormat::batch, "hvb.", "q1W2e"},
      {"b." + some_batch().substr(4), TokenType::batch, TokenFormat::batch, "b.", ""},
      {"hvr." + id, TokenType::recovery, TokenFormat::recovery, "hvr.", ""},
      {"r." + id, TokenType::recovery, TokenFormat::recovery, "r.", ""},
      {id, TokenType::accessor, TokenFormat::accessor, "", ""},
      {id + ".q1W2e", TokenType::accessor, TokenFormat::accessor, "", "q1W2e"},
      {"7d2e3179-f69b-450c-7179-ac8ee8bd8ca9", TokenType::unknown, TokenFormat::uuid, "", ""},
      {"my-own-id", TokenType::unknown, TokenFormat::unknown, "", ""},
      {"my-own-id.q1W2e", TokenType::unknown, TokenFormat::unknown, "", "q1W2e"},
      {"my-own-id.q1W2eR", TokenType::unknown, TokenFormat::unknown, "", "q1W2eR"},
      {"my-own-id.q1W2eRt", TokenType::unknown, TokenFormat::unknown, "", ""},
      {"my.own-id.q1W2e", TokenType::unknown, TokenFormat::unknown, "", ""},
      {".q1W2e", TokenType::unknown, TokenFormat::unknown, "", ""},
      {"root", TokenType::unknown, TokenFormat::unknown, "", ""}};
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const DecodedToken token = decode_token(row.text);
    CHECK(token.type == row.type);
    CHECK(token.format == row.format);
    CHECK(token.prefix == row.prefix);
    CHECK(token.namespace_id.value_or("") == row.namespace_id);
    CHECK(token.length == row.text.size());
    CHECK_FALSE(token.fault.has_value());
    CHECK(token.warnings.empty());
  }
}

TEST_CASE("numbers inside") {
  const DecodedToken ssc = decode_token(some_ssc(18446744073709551615U, 4294967295U));
  CHECK(ssc.wal_index == 18446744073709551615U);
  CHECK(ssc.index_epoch == 4294967295U);
  CHECK(ssc.version == 1U);
  CHECK(ssc.hmac.has_value());
  CHECK_FALSE(ssc.key_term.has_value());
  const DecodedToken batch = decode_token(some_batch());
  CHECK(batch.key_term == 3U);
  CHECK(batch.cipher_version == 2);
  CHECK(batch.ciphertext_size == 3U);
  CHECK_FALSE(batch.wal_index.has_value());
  CHECK_FALSE(batch.hmac.has_value());
}

TEST_CASE("damage has a place and a reason") {
  struct Row {
    std::string text;
    TokenFormat format;
    std::string fault;
  };
  const std::string id(kId);
  const std::vector<Row> rows{
      {"", TokenFormat::unknown, "character 0: there is no text"},
      {"hvs.", TokenFormat::inner, "character 4: nothing follows the prefix"},
      {"hvs." + id.substr(1), TokenFormat::inner, "character 27: the id has 23 of 24 characters"},
      {"hvs." + id + "Y", TokenFormat::inner, "character 28: the id has 25 of 24 characters"},
      {"hvs.ABC-DEFGHIJKLMNOPQRSTUVW", TokenFormat::inner, "character 7: not a base62 character"},
      {"s.Something", TokenFormat::legacy, "character 11: the id has 9 of 24 characters"},
      {"s.", TokenFormat::legacy, "character 2: nothing follows the prefix"},
      {"hvb.AAAA", TokenFormat::batch, "byte 0: key term: 3 of 4 bytes"},
      {"hvr.", TokenFormat::recovery, "character 4: nothing follows the prefix"},
      {"hvr.a-b", TokenFormat::recovery, "character 5: not a base62 character"},
      {"a b", TokenFormat::unknown, "character 1: white space inside"},
      {std::string("ab\0c", 4), TokenFormat::unknown, "character 2: a control character, or not ASCII"},
      {std::string("hvs.\0", 5), TokenFormat::inner, "character 4: not a base62 character"},
      {"gr\xc3\xbc\xc3\x9f", TokenFormat::unknown, "character 2: a control character, or not ASCII"},
      {some_ssc().substr(0, 94), TokenFormat::ssc, "byte 36: field 3 (token): 29 of 30 bytes"},
      {some_ssc().substr(0, 28), TokenFormat::ssc, "byte 2: field 2 (hmac): 14 of 32 bytes"}};
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const DecodedToken token = decode_token(row.text);
    CHECK(token.format == row.format);
    REQUIRE(token.fault.has_value());
    CHECK(token.fault->text() == row.fault);
  }
}

TEST_CASE("what stands before the damage is still read, and nothing is made up") {
  const std::string text = some_ssc(300, 2);
  const DecodedToken cut = decode_token(text.substr(0, text.size() - 2));
  REQUIRE(cut.fault.has_value());
  CHECK(cut.version == 1U);
  CHECK(cut.hmac.has_value());
  CHECK_FALSE(cut.wal_index.has_value());
  CHECK_FALSE(cut.ssc.has_value());
  const DecodedToken early = decode_token(text.substr(0, 20));
  REQUIRE(early.fault.has_value());
  CHECK_FALSE(early.hmac.has_value());
  const DecodedToken batch = decode_token(some_batch().substr(0, 20));
  REQUIRE(batch.fault.has_value());
  CHECK(batch.key_term == 3U);
  CHECK(batch.cipher_version == 2);
}

TEST_CASE("two tokens in one text are no token and its namespace") {
  const std::string id(kId);
  for (const std::string& text : {"hvs." + id + "." + id, some_ssc() + ".hvs." + id, some_batch() + "." + id,
                                  "hvs.short.s." + id, "my-own." + id}) {
    CAPTURE(text);
    const DecodedToken token = decode_token(text);
    CHECK_FALSE(token.namespace_id.has_value());
    CHECK(token.fault.has_value() == (token.format != TokenFormat::unknown));
  }
}

TEST_CASE("every truncation of an SSC token is damaged") {
  const std::string text = some_ssc(300, 2, "hvs." + std::string(random_base62(kTokenIdLength).view()));
  for (std::size_t length = 4; length < text.size(); ++length) {
    CAPTURE(length);
    CHECK(decode_token(text.substr(0, length)).fault.has_value());
  }
}

TEST_CASE("white space around a token is left out, with a warning") {
  const DecodedToken token = decode_token(" \thvs.ABCDEFGHIJKLMNOPQRSTUVWX\r\n");
  CHECK(token.format == TokenFormat::inner);
  CHECK(token.length == 28);
  CHECK_FALSE(token.fault.has_value());
  REQUIRE(token.warnings.size() == 1);
  CHECK(token.warnings[0].find("white space") != std::string::npos);
}

TEST_CASE("lengths that cause trouble get a warning") {
  CHECK(decode_token(std::string(255, 'x')).warnings.empty());
  CHECK(decode_token(std::string(256, 'x')).warnings.at(0).find("255") != std::string::npos);
  CHECK(decode_token(std::string(8000, 'x')).warnings.at(0).find("8 KiB") != std::string::npos);
}

TEST_CASE("ten megabytes of anything are answered") {
  for (const char* prefix : {"", "hvs.", "hvb.", "hvr.", "s.", "hvs.CAESI"}) {
    for (const char fill : {'A', '.', '\0', '\xff', ' '}) {
      const std::string text = prefix + std::string(10'000'000, fill);
      const DecodedToken token = decode_token(text);
      CHECK(token.length <= text.size());
    }
  }
}

TEST_CASE("faults and warnings never hold a part of the token") {
  CHECK(rc::check([](const std::string& noise) {
    for (const char* prefix : {"hvs.", "hvb.", "s.", "", "hvr."}) {
      const DecodedToken token = decode_token(prefix + noise + "SECRET" + noise);
      if (token.fault) RC_ASSERT(token.fault->text().find("SECRET") == std::string::npos);
      for (const std::string& warning : token.warnings) RC_ASSERT(warning.find("SECRET") == std::string::npos);
    }
  }));
}
