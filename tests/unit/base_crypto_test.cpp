#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <set>
#include <string>
#include <utility>

#include "base/crypto.hpp"

using namespace vtoken;

namespace {

std::string unhex(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

std::string hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    text += kDigits[static_cast<unsigned char>(byte) >> 4];
    text += kDigits[static_cast<unsigned char>(byte) & 15];
  }
  return text;
}

std::string hex(const Mac& mac) { return hex({reinterpret_cast<const char*>(mac.data()), mac.size()}); }

// HMAC pads short keys with zeros, so that RFC 4231's keys below 32 bytes are the same key here.
Key key_of(std::string_view hex_text) {
  const std::string bytes = unhex(hex_text);
  Key key{};
  std::copy(bytes.begin(), bytes.end(), key.begin());
  return key;
}

}  // namespace

TEST_CASE("SHA-256: FIPS 180-2, appendix B") {
  CHECK(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("HMAC-SHA-256: RFC 4231, cases 1 to 4") {
  CHECK(hex(hmac_sha256(key_of("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"), "Hi There")) ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(hex(hmac_sha256(key_of("4a656665"), "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(hex(hmac_sha256(key_of("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), std::string(50, '\xdd'))) ==
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  CHECK(hex(hmac_sha256(key_of("0102030405060708090a0b0c0d0e0f10111213141516171819"), std::string(50, '\xcd'))) ==
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
}

TEST_CASE("HMAC-SHA-256 with keys of other lengths: RFC 4231, cases 2 and 6") {
  const auto with = [](const std::string& key) {
    return Hmac({reinterpret_cast<const unsigned char*>(key.data()), key.size()});
  };
  CHECK(hex(with("Jefe")("what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(hex(with(std::string(131, '\xaa'))("Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("an HMAC key that is set up once gives the same as a fresh one, for messages of any length") {
  Key key{};
  random_bytes(key);
  const Hmac hmac(key);
  CHECK(rc::check([&](const std::string& data) { RC_ASSERT(hmac(data) == hmac_sha256(key, data)); }));
  CHECK(hmac("") == hmac_sha256(key, ""));
}

// McGrew and Viega, "The Galois/Counter Mode of Operation", test cases 13 to 16 (the AES-256 ones).
TEST_CASE("AES-256-GCM opens the published test cases") {
  const AesGcm zero(Key{});
  const std::string nonce(12, '\0');
  const auto empty = zero.open(nonce + unhex("530f8afbc74536b9a963b4f1c4cb738b"), "");
  REQUIRE(empty.has_value());
  CHECK(empty->empty());
  const auto zeros = zero.open(nonce + unhex("cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"), "");
  REQUIRE(zeros.has_value());
  CHECK(as_text(*zeros) == std::string(16, '\0'));

  const AesGcm cipher(key_of("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"));
  const std::string plain = unhex(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657"
      "ba637b39");
  const std::string aad = unhex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const std::string sealed = unhex(
      "cafebabefacedbaddecaf888"
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0a"
      "bcc9f662"
      "76fc6ece0f4e1768cddf8853bb2d551b");
  const auto opened = cipher.open(sealed, aad);
  REQUIRE(opened.has_value());
  CHECK(as_text(*opened) == plain);
  CHECK_FALSE(cipher.open(sealed, "").has_value());
  CHECK_FALSE(cipher.open(sealed, aad + "x").has_value());
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    CHECK_FALSE(cipher.open(changed, aad).has_value());
    CHECK_FALSE(cipher.open(sealed.substr(0, i), aad).has_value());
  }
  CHECK(cipher.open(sealed, aad).has_value());
}

TEST_CASE("what is sealed opens again, with the same associated data alone") {
  Key key{};
  random_bytes(key);
  AesGcm made(key);
  const AesGcm cipher(std::move(made));
  CHECK(rc::check([&](const std::string& plain, const std::string& aad) {
    SecretBytes sealed{'x'};
    cipher.seal(plain, aad, sealed);
    RC_ASSERT(sealed.size() == 1 + kNonceSize + plain.size() + kTagSize);
    RC_ASSERT(sealed.front() == 'x');
    const auto opened = cipher.open(as_text(sealed).substr(1), aad);
    RC_ASSERT(opened.has_value());
    RC_ASSERT(as_text(*opened) == plain);
    RC_ASSERT(!cipher.open(as_text(sealed).substr(1), aad + "x").has_value());
  }));
}

TEST_CASE("two seals of one text differ") {
  const AesGcm cipher(Key{});
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    SecretBytes sealed;
    cipher.seal("same", "", sealed);
    seen.emplace(as_text(sealed));
  }
  CHECK(seen.size() == 1000);
}

TEST_CASE("random bytes fill the whole span") {
  std::string long_text(5000, '\0');
  random_bytes({reinterpret_cast<unsigned char*>(long_text.data()), long_text.size()});
  CHECK(long_text.substr(0, 32) != std::string(32, '\0'));
  CHECK(long_text.substr(4968) != std::string(32, '\0'));
  random_bytes({});
}
