#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <string>

#include "token/base62.hpp"
#include "token/base64url.hpp"
#include "token/ssc.hpp"

using namespace vtoken;

namespace {

Key some_key() {
  Key key{};
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<unsigned char>(i);
  return key;
}

std::string random_id() { return "hvs." + std::string(random_base62(kTokenIdLength).view()); }

std::string token_of(std::string_view bytes) {
  SecretString out("hvs.");
  append_base64url({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()}, out);
  return std::string(out.view());
}

std::string bytes_of(std::string_view token) { return std::string(as_text(*decode_base64url(token.substr(4)))); }

std::string error_of(std::string_view token) {
  const auto decoded = decode_ssc(token);
  if (decoded) return "no error";
  CHECK(decoded.error().kind == ErrorKind::damaged);
  return decoded.error().message;
}

const std::string kHmac = std::string("\x12\x20") + std::string(32, 'h');
const std::string kInner = std::string("\x0a\x1c") + "hvs.ABCDEFGHIJKLMNOPQRSTUVWX";
const std::string kToken = std::string("\x1a\x1e") + kInner;
const std::string kVersion = "\x08\x01";

}  // namespace

TEST_CASE("an SSC token without index and epoch has 95 characters, and its parts come back") {
  const SecretString token = encode_ssc("hvs.ABCDEFGHIJKLMNOPQRSTUVWX", 0, 0, some_key());
  CHECK(token.size() == 95);
  const auto decoded = decode_ssc(token.view());
  REQUIRE(decoded.has_value());
  CHECK(decoded->version == 1);
  CHECK(decoded->random.view() == "hvs.ABCDEFGHIJKLMNOPQRSTUVWX");
  CHECK(decoded->local_index == 0);
  CHECK(decoded->index_epoch == 0);
  CHECK(decoded->signed_part.view() == kInner);
  CHECK(verify_ssc(*decoded, some_key()));
}

// The HMAC was worked out by Python's hmac over the inner message.
TEST_CASE("an SSC token with known parts is known to the byte") {
  const std::string inner = kInner + std::string("\x10\xac\x02\x18\x07");
  const SecretString token = encode_ssc("hvs.ABCDEFGHIJKLMNOPQRSTUVWX", 300, 7, some_key());
  const std::string bytes = bytes_of(token.view());
  CHECK(bytes.substr(0, 4) == std::string("\x08\x01\x12\x20"));
  CHECK(bytes.substr(36) == std::string("\x1a\x23") + inner);
  static const char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const char c : bytes.substr(4, 32)) {
    hex += kDigits[static_cast<unsigned char>(c) >> 4];
    hex += kDigits[static_cast<unsigned char>(c) & 15];
  }
  CHECK(hex == "9699db295be45953a1035b2c7260191431044cb9d52d5d63a44845e1cf38528a");
}

TEST_CASE("SSC tokens round trip") {
  CHECK(rc::check([](std::uint64_t index, std::uint32_t epoch) {
    const std::string id = random_id();
    const SecretString token = encode_ssc(id, index, epoch, some_key());
    const auto decoded = decode_ssc(token.view());
    RC_ASSERT(decoded.has_value());
    RC_ASSERT(decoded->random.view() == id);
    RC_ASSERT(decoded->local_index == index);
    RC_ASSERT(decoded->index_epoch == epoch);
    RC_ASSERT(verify_ssc(*decoded, some_key()));
  }));
}

TEST_CASE("a key set up once signs like a fresh one, again and again") {
  const Hmac hmac(some_key());
  for (int i = 0; i < 3; ++i) {
    const std::string id = random_id();
    CHECK(encode_ssc(id, 5, 1, hmac).view() == encode_ssc(id, 5, 1, some_key()).view());
  }
}

TEST_CASE("another key, or a change to what was signed, does not verify") {
  const SecretString token = encode_ssc(random_id(), 9, 0, some_key());
  auto decoded = decode_ssc(token.view());
  REQUIRE(decoded.has_value());
  Key other = some_key();
  other[31] ^= 1;
  CHECK_FALSE(verify_ssc(*decoded, other));
  decoded->signed_part.back() ^= 1;
  CHECK_FALSE(verify_ssc(*decoded, some_key()));
}

TEST_CASE("a namespace may follow the token, or the id inside it") {
  const SecretString token = encode_ssc("hvs.ABCDEFGHIJKLMNOPQRSTUVWX.q1W2e", 3, 0, some_key());
  REQUIRE(decode_ssc(token.view()).has_value());
  CHECK(decode_ssc(token.view())->random.view() == "hvs.ABCDEFGHIJKLMNOPQRSTUVWX.q1W2e");
  CHECK(decode_ssc(std::string(token.view()) + ".q1W2e").has_value());
  CHECK(error_of(std::string(token.view()) + ".") == "character 106: what follows is no namespace suffix");
  CHECK(error_of(std::string(token.view()) + ".a.b") == "character 106: what follows is no namespace suffix");
}

TEST_CASE("damage is named with its field and byte") {
  CHECK(error_of(token_of(kVersion + kHmac + kToken)) == "no error");
  CHECK(error_of("s.abc") == "character 0: does not start with \"hvs.\"");
  CHECK(error_of("hvs.") == "byte 0: field 1 (version) is missing");
  CHECK(error_of("hvs.CA+S") == "character 6: not a base64url character");
  CHECK(error_of(token_of(kVersion + std::string("\x12\x11") + std::string(17, 'h') + kToken)) ==
        "byte 2: field 2 (hmac): 17 of 32 bytes");
  CHECK(error_of(token_of(kVersion + kHmac)) == "byte 36: field 3 (token) is missing");
  CHECK(error_of(token_of(kVersion + kToken)) == "byte 34: field 2 (hmac) is missing");
  CHECK(error_of(token_of(kHmac + kToken)) == "byte 66: field 1 (version) is missing");
  CHECK(error_of(token_of(kHmac + kVersion)) == "byte 34: field 1 after field 2");
  CHECK(error_of(token_of("\x08\x02" + kHmac + kToken)) == "byte 0: field 1 (version): 2, only 1 is known");
  CHECK(error_of(token_of(kVersion + kHmac + kToken + kToken)) == "byte 68: field 3 after field 3");
  CHECK(error_of(token_of(kVersion + kHmac + kToken + "\x20\x01")) == "byte 68: field 4 is unknown");
  CHECK(error_of(token_of(kVersion + kHmac + kToken + "\x07")) == "byte 68: no protobuf field starts here");
  CHECK(error_of(token_of("\x0a\x01v" + kHmac + kToken)) == "byte 0: field 1 (version) has the wrong wire type");
  CHECK(error_of(token_of(kVersion + kHmac + std::string("\x1a\x02\x0a\x00", 4))) ==
        "byte 40: field 1 (random) is no token id");
  CHECK(error_of(token_of(kVersion + kHmac + std::string("\x1a\x00", 2))) == "byte 38: field 1 (random) is missing");
  CHECK(error_of(token_of(kVersion + kHmac + "\x1a\x08\x0a\x06hvs.a-")) == "byte 45: field 1 (random) is no token id");
}

// The token is one that OpenBao 2.7.2 made, in a cluster that is no more.
TEST_CASE("an index in OpenBao's own field is read") {
  const auto decoded = decode_ssc(
      "hvs.CAESII-x_mFR1f0e_yeNQ0I8_OluHhnwaJmtZDQL8l7M6_-bGiMKHGh2cy43czBwVGh1cDl6bzhHOXVXSkdmMVB4TlaSAwI1NQ");
  REQUIRE(decoded.has_value());
  CHECK(decoded->local_index == 55);
  CHECK(decoded->random.size() == 28);

  const std::string start = kVersion + kHmac;
  CHECK(error_of(token_of(start + "\x1a\x23" + kInner + "\x92\x03\x02" + "38")) == "no error");
  CHECK(error_of(token_of(start + "\x1a\x23" + kInner + "\x92\x03\x02" + "3x")) ==
        "byte 68: field 50 (state) is no number");
  CHECK(error_of(token_of(start + "\x1a\x21" + kInner + std::string("\x92\x03\x00", 3))) ==
        "byte 68: field 50 (state) is no number");
  CHECK(error_of(token_of(start + kToken + "\x92\x03\x02" + "38")) == "byte 68: field 50 is unknown");
}

TEST_CASE("lengths and numbers without end are damage") {
  const std::string endless(10, '\xff');
  CHECK(error_of(token_of(kVersion + "\x12" + endless + "\x01")) ==
        "byte 2: field 2 (hmac): its length has more than 64 bits");
  CHECK(error_of(token_of(kVersion + std::string("\x12\xff\xff\xff\xff\x0f") + "abc")) ==
        "byte 2: field 2 (hmac): 4294967295 instead of 32 bytes");
  CHECK(error_of(token_of("\x08" + endless)) == "byte 0: field 1 (version): its number has more than 64 bits");
  const std::string epoch = kInner + std::string("\x18\x80\x80\x80\x80\x10");
  CHECK(error_of(token_of(kVersion + kHmac + "\x1a" + static_cast<char>(epoch.size()) + epoch)) ==
        "byte 68: field 3 (index_epoch) is larger than 32 bits");
}

TEST_CASE("no truncation of a token is a token") {
  const std::string token(encode_ssc(random_id(), 123456, 3, some_key()).view());
  for (std::size_t length = 0; length < token.size(); ++length) {
    CAPTURE(length);
    CHECK_FALSE(decode_ssc(token.substr(0, length)).has_value());
  }
}

TEST_CASE("every change of one bit is an error with its place, or shows in the HMAC") {
  const std::string token(encode_ssc(random_id(), 123456, 3, some_key()).view());
  const std::string bytes = bytes_of(token);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = bytes;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      const auto decoded = decode_ssc(token_of(changed));
      if (decoded) {
        CHECK_FALSE(verify_ssc(*decoded, some_key()));
      } else {
        CHECK(decoded.error().message.starts_with("byte "));
      }
    }
  }
}

TEST_CASE("errors never hold a part of the token") {
  const std::string token(encode_ssc("hvs.SECRETSECRETSECRETSECRET", 1, 0, some_key()).view());
  CHECK(rc::check([&token] {
    std::string changed = token;
    changed[*rc::gen::inRange<std::size_t>(0, token.size())] = *rc::gen::arbitrary<char>();
    const auto decoded = decode_ssc(changed);
    if (decoded) return;
    RC_ASSERT(decoded.error().message.find("SECRET") == std::string::npos);
    RC_ASSERT(decoded.error().message.size() < 80U);
  }));
}

TEST_CASE("any bytes are decoded or refused") {
  CHECK(rc::check([](const std::string& bytes) { static_cast<void>(decode_ssc(token_of(bytes))); }));
  CHECK(rc::check([](const std::string& text) { static_cast<void>(decode_ssc("hvs." + text)); }));
}
