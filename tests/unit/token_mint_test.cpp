// Tokens made for tests are what they are asked to be.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <string>
#include <vector>

#include "token/explain.hpp"
#include "token/mint.hpp"
#include "token/ssc.hpp"

using namespace vtoken;

namespace {

constexpr std::string_view kId = "ABCDEFGHIJKLMNOPQRSTUVWX";

Key some_key() {
  Key key{};
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<unsigned char>(i);
  return key;
}

MintSettings of_format(TokenFormat format, std::string_view random = {}, std::string_view namespace_id = {}) {
  MintSettings settings;
  settings.format = format;
  settings.random = random;
  settings.namespace_id = namespace_id;
  return settings;
}

std::string minted(const MintSettings& settings) {
  const auto token = mint_token(settings, some_key());
  REQUIRE(token.has_value());
  return std::string(token->view());
}

std::string refusal(const MintSettings& settings) {
  const auto token = mint_token(settings, some_key());
  if (token) return "none";
  CHECK(token.error().kind == ErrorKind::usage);
  return token.error().message;
}

}  // namespace

TEST_CASE("a token of each format is decoded as one, in the root namespace and in others") {
  for (const TokenFormat format : {TokenFormat::ssc, TokenFormat::inner, TokenFormat::legacy, TokenFormat::batch,
                                   TokenFormat::recovery, TokenFormat::accessor, TokenFormat::uuid, TokenFormat::jwt}) {
    for (const std::string_view space : {"", "q1W2e", "q1W2eR"}) {
      const std::string text = minted(of_format(format, {}, space));
      CAPTURE(text);
      const DecodedToken token = decode_token(text);
      CHECK(token.format == format);
      CHECK_FALSE(token.fault.has_value());
      CHECK(token.warnings.empty() == (format != TokenFormat::jwt));  // which is longer than 255 characters
      const bool has_none = format == TokenFormat::uuid || format == TokenFormat::jwt;
      CHECK(token.namespace_id.value_or("") == (has_none ? "" : space));
      CHECK(text != minted(of_format(format, {}, space)));
    }
  }
}

TEST_CASE("ids and prefixes are those asked for") {
  MintSettings older = of_format(TokenFormat::recovery, "Recover9");
  CHECK(minted(older) == "hvr.Recover9");
  older.legacy_prefix = true;
  CHECK(minted(older) == "r.Recover9");
  CHECK(minted(of_format(TokenFormat::inner, kId, "q1W2e")) == "hvs.ABCDEFGHIJKLMNOPQRSTUVWX.q1W2e");
  CHECK(minted(of_format(TokenFormat::legacy, kId)) == "s.ABCDEFGHIJKLMNOPQRSTUVWX");
  CHECK(minted(of_format(TokenFormat::accessor, kId, "q1W2eR")) == "ABCDEFGHIJKLMNOPQRSTUVWX.q1W2eR");
  CHECK(minted(of_format(TokenFormat::ssc)).size() == 95);
}

TEST_CASE("an SSC token carries its index, epoch and namespace, and its key verifies it") {
  CHECK(rc::check([](std::uint64_t index, std::uint32_t epoch) {
    MintSettings settings = of_format(TokenFormat::ssc, kId, "q1W2e");
    settings.local_index = index;
    settings.index_epoch = epoch;
    const DecodedToken token = decode_token(minted(settings));
    RC_ASSERT(token.ssc.has_value());
    RC_ASSERT(token.wal_index == index);
    RC_ASSERT(token.index_epoch == epoch);
    RC_ASSERT(token.secret.view() == "hvs.ABCDEFGHIJKLMNOPQRSTUVWX.q1W2e");
    RC_ASSERT(verify_ssc(*token.ssc, some_key()));
    RC_ASSERT_FALSE(verify_ssc(*token.ssc, Key{}));
  }));
  CHECK(minted(of_format(TokenFormat::ssc, kId)) == minted(of_format(TokenFormat::ssc, kId)));
}

TEST_CASE("a batch token carries its entry, in both cipher versions, under any key term") {
  for (const std::uint8_t version : {std::uint8_t{1}, std::uint8_t{2}}) {
    for (const std::uint32_t term : {1U, 2U, 65535U, 4294967295U}) {
      for (const bool older : {false, true}) {
        MintSettings settings = of_format(TokenFormat::batch, {}, "q1W2e");
        settings.cipher_version = version;
        settings.key_term = term;
        settings.legacy_prefix = older;
        settings.entry.policies = {"ci", "default"};
        settings.entry.ttl = kSecond;
        const std::string text = minted(settings);
        CHECK(text.starts_with(older ? "b." : "hvb."));
        const DecodedToken token = decode_token(text);
        REQUIRE(token.batch.has_value());
        CHECK(token.key_term == term);
        CHECK(token.cipher_version == version);
        const auto entry = open_batch(*token.batch, AesGcm(some_key()));
        REQUIRE(entry.has_value());
        CHECK(entry->policies == settings.entry.policies);
        CHECK(entry->ttl == kSecond);
        CHECK_FALSE(open_batch(*token.batch, AesGcm(Key{})).has_value());
      }
    }
  }
}

// What the signature is over was checked with Python's hmac.
TEST_CASE("a JWT is signed by HS256 with the key, and its jti is the id") {
  const std::string text = minted(of_format(TokenFormat::jwt, kId));
  const DecodedToken token = decode_token(text);
  REQUIRE(token.jwt.has_value());
  CHECK(as_text(token.jwt->claims).find(R"("jti":"hvs.ABCDEFGHIJKLMNOPQRSTUVWX")") != std::string::npos);
  const Mac mac = hmac_sha256(some_key(), std::string_view(text).substr(0, text.rfind('.')));
  CHECK(std::equal(mac.begin(), mac.end(), token.jwt->signature.begin(), token.jwt->signature.end()));
}

TEST_CASE("what cannot be is refused") {
  CHECK(refusal(of_format(TokenFormat::unknown)) == "there is no token of the format \"unknown\" to make");
  CHECK(refusal(of_format(TokenFormat::inner, "no-dash")) == "the id holds a character that is not base62");
  CHECK(refusal(of_format(TokenFormat::ssc, kId, "a.b")) == "the namespace's id holds a character that is not base62");
  CHECK(refusal(of_format(TokenFormat::inner, kId, "nearlyAsLong1")) ==
        "the namespace's id is longer than 12 characters");
  MintSettings older = of_format(TokenFormat::ssc);
  older.legacy_prefix = true;
  CHECK(refusal(older) == "an SSC token has no older prefix");
  MintSettings batch = of_format(TokenFormat::batch);
  batch.key_term = 0;
  CHECK(refusal(batch) == "key terms start at 1");
  batch.key_term = 1;
  batch.cipher_version = 3;
  CHECK(refusal(batch) == "cipher version 3; there are 1 and 2");
  CHECK(refusal(of_format(TokenFormat::batch)) == "none");
}
