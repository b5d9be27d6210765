// base62, base64url and masks.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <array>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "token/base62.hpp"
#include "token/base64url.hpp"
#include "token/mask.hpp"
#include "token/prefix.hpp"

using namespace vtoken;

namespace {

std::string encoded(std::string_view bytes) {
  SecretString out;
  append_base64url({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()}, out);
  return std::string(out.view());
}

std::string decoded(std::string_view text) {
  const auto bytes = decode_base64url(text);
  REQUIRE(bytes.has_value());
  return std::string(as_text(*bytes));
}

}  // namespace

TEST_CASE("base64url has the values of RFC 4648, section 10, without padding") {
  const std::vector<std::pair<std::string, std::string>> vectors{
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},         {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    CHECK(encoded(bytes) == text);
    CHECK(decoded(text) == bytes);
  }
  CHECK(encoded("\xfb\xff\xbf") == "-_-_");
}

TEST_CASE("base64url round trips and each value has one text") {
  CHECK(rc::check([](const std::string& bytes) { RC_ASSERT(decoded(encoded(bytes)) == bytes); }));
  CHECK(rc::check([](const std::string& text) {
    if (const auto bytes = decode_base64url(text)) RC_ASSERT(encoded(as_text(*bytes)) == text);
  }));
}

TEST_CASE("base64url says which character is wrong") {
  struct Wrong {
    std::string text;
    std::size_t at;
  };
  for (const Wrong& wrong : std::vector<Wrong>{{"Zm9v+A", 4},
                                               {"Zm9=", 3},
                                               {"A", 0},
                                               {"Zm9vA", 4},
                                               {"Zh", 1},
                                               {"Zm9", 2},
                                               {std::string("Zm\0v", 4), 2},
                                               {"Zm9v\n", 4},
                                               {"Zm9vZm9v\xff", 8}}) {
    CAPTURE(wrong.text);
    SecretBytes bytes;
    const auto fault = decode_base64url(wrong.text, bytes);
    REQUIRE(fault.has_value());
    CHECK(fault->at == wrong.at);
    CHECK_FALSE(decode_base64url(wrong.text).has_value());
  }
}

TEST_CASE("random ids are base62, of the length asked for, and no two are the same") {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const SecretString id = random_base62(kTokenIdLength);
    CHECK(id.size() == kTokenIdLength);
    CHECK(is_base62(id.view()));
    seen.emplace(id.view());
  }
  CHECK(seen.size() == 1000);
  CHECK(random_base62(0).empty());
  CHECK(random_base62(1000).size() == 1000);
}

TEST_CASE("each character of a random id is equally likely") {
  constexpr std::size_t kCount = 620'000;
  std::array<double, 256> counts{};
  const SecretString text = random_base62(kCount);
  for (const char c : text) counts[static_cast<unsigned char>(c)] += 1;
  double chi_squared = 0;
  for (const char c : std::string_view("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")) {
    const double expected = kCount / 62.0;
    chi_squared += std::pow(counts[static_cast<unsigned char>(c)] - expected, 2) / expected;
  }
  // 61 degrees of freedom: a fair generator exceeds 150 once in 10^9 runs; taking bytes modulo 62 gives about 3,000.
  CHECK(chi_squared < 150);
}

TEST_CASE("is_base62") {
  CHECK(is_base62(""));
  CHECK(is_base62("azAZ09"));
  for (const char* text : {"-", "_", ".", "a b", "\xc3\xa9", "@", "[", "`", "{", "/", ":"})
    CHECK_FALSE(is_base62(text));
}

TEST_CASE("prefixes") {
  CHECK(token_prefix("hvs.x") == "hvs.");
  CHECK(token_prefix("s.x") == "s.");
  CHECK(token_prefix("hvs") == "");
  CHECK(token_prefix("xhvs.") == "");
  CHECK(has_batch_prefix("b.x"));
  CHECK(has_batch_prefix("hvb."));
  CHECK_FALSE(has_batch_prefix("hvs.b."));
}

TEST_CASE("a mask keeps the prefix and at most four characters, and hides at least sixteen") {
  CHECK(mask_token("hvs.ABCDEFGHIJKLMNOPQRSTUVWX") == "hvs.****UVWX");
  CHECK(mask_token("ABCDEFGHIJKLMNOPQRSTUVWX") == "****UVWX");
  CHECK(mask_token("hvs.ABCDEFGHIJKLMNOPQRS") == "hvs.****");
  CHECK(mask_token("my-password") == "****");
  CHECK(mask_token("") == "****");
  CHECK(mask_token("hvs.") == "hvs.****");
  CHECK(mask_token("hvs.ABCDEFGHIJKLMNOPQRSTUV\x1b[") == "hvs.****");
  CHECK(rc::check([](const std::string& token) {
    const std::string masked = mask_token(token);
    RC_ASSERT(masked.size() <= 12U);
    for (const char c : masked) RC_ASSERT((c > ' ' && c < 0x7f));
  }));
}

TEST_CASE("tokens in texts are masked, wherever they stand and however they look") {
  const std::string batch = "hvb.AAAAAQK-QoXjybXipyCNOyKdQHSVuRoX1apx_UMg";
  CHECK(mask_tokens_in("X-Vault-Token: hvs.ABCDEFGHIJKLMNOPQRSTUVWX<br>" + batch, "") ==
        "X-Vault-Token: hvs.****UVWX<br>hvb.****_UMg");
  CHECK(mask_tokens_in("(s.ABCDEFGHIJKLMNOPQRSTUVWX)", "") == "(s.****UVWX)");
  CHECK(mask_tokens_in("my-very-own-token-id, my-very-own-token-id2", "my-very-own-token-id") == "****n-id, ****n-id2");
  for (const std::string_view plain : {"no such root token", "hvs. prefix", "file:///tmp/s.db is not there", "", "s.",
                                       "policies.ABCDEFGHIJKLMNOPQRSTUVWX"}) {
    CHECK(mask_tokens_in(plain, "root") == plain);
  }
  CHECK(rc::check([](const std::string& before, const std::string& after) {
    const std::string token = "hvs.CAESIJupueT7mYsvs9X2rPhuKkLSzf5LEc";
    RC_ASSERT(mask_tokens_in(before + token + after, token).find(token) == std::string::npos);
  }));
}
