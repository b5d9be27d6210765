#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <string>

#include "token/base64url.hpp"
#include "token/batch.hpp"

using namespace vtoken;

namespace {

// Sealed by Go's crypto/cipher under the key 00 01 … 1f; the plaintext was encoded by protoc from backend.proto, with
// two fields that this project does not know. The second is of cipher version 1.
constexpr std::string_view kVersion2 =
    "hvb.AAABAgJub25jZS1ub25jZSG8LNMq7nKfhPpIhYuTBKUwg0AGEjl2DWQOcaPqsxhSicz4CWobhlqcdLVzK2-"
    "4YD4Ge0st4VfHd4CVdZ2PFt8lud1yv6SU1YiQbFCxn8q9hKLtslswvEJ9uPT9_c2CL0GkSmJNWwsayZi7dy85nt4XiErvNwAt_ft"
    "6q972Y-"
    "c3b787iiEgDoPeLI12xzuAmf0P6gW_QJxJqPl9xNtmffrfwAJq53PQYVq3Efm8bNcVJAdsTvk_gzT3fpNwZ5UwS7qeiI1al6UKGO"
    "juG7dB7QjW-8o2UsnsObU";
constexpr std::string_view kVersion1 =
    "hvb.AAABAgFub25jZS1ub25jZSG8LNMq7nKfhPpIhYuTBKUwg0AGEjl2DWQOcaPqsxhSicz4CWobhlqcdLVzK2-"
    "4YD4Ge0st4VfHd4CVdZ2PFt8lud1yv6SU1YiQbFCxn8q9hKLtslswvEJ9uPT9_c2CL0GkSmJNWwsayZi7dy85nt4XiErvNwAt_ft"
    "6q972Y-"
    "c3b787iiEgDoPeLI12xzuAmf0P6gW_QJxJqPl9xNtmffrfwAJq53PQYVq3Efm8bNcVJAdsTvk_gzT3fpNwZ5UwS7qeiI1al6UKGO"
    "juG7dB7QjW-8o2UsnsObU";

AesGcm some_cipher(unsigned char first = 0) {
  Key key{};
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<unsigned char>(i);
  key[0] = first;
  return AesGcm(key);
}

std::string token_of(std::string_view bytes) {
  SecretString out("hvb.");
  append_base64url({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()}, out);
  return std::string(out.view());
}

std::string error_of(std::string_view token) {
  const auto envelope = split_batch(token);
  if (envelope) return "no error";
  CHECK(envelope.error().kind == ErrorKind::damaged);
  return envelope.error().message;
}

void check_same(const BatchEntry& a, const BatchEntry& b) {
  RC_ASSERT(a.parent == b.parent);
  RC_ASSERT(a.policies == b.policies);
  RC_ASSERT(a.path == b.path);
  RC_ASSERT(a.meta == b.meta);
  RC_ASSERT(a.display_name == b.display_name);
  RC_ASSERT(a.creation_time == b.creation_time);
  RC_ASSERT(a.ttl == b.ttl);
  RC_ASSERT(a.role == b.role);
  RC_ASSERT(a.entity_id == b.entity_id);
  RC_ASSERT(a.bound_cidrs == b.bound_cidrs);
  RC_ASSERT(a.namespace_id == b.namespace_id);
  RC_ASSERT(a.type == b.type);
}

BatchEntry any_entry() {
  BatchEntry entry;
  entry.parent = SecretString(*rc::gen::arbitrary<std::string>());
  entry.policies = *rc::gen::arbitrary<std::vector<std::string>>();
  entry.path = *rc::gen::arbitrary<std::string>();
  entry.meta = *rc::gen::arbitrary<std::map<std::string, std::string>>();
  entry.display_name = *rc::gen::arbitrary<std::string>();
  entry.creation_time = *rc::gen::arbitrary<std::int64_t>();
  entry.ttl = *rc::gen::arbitrary<std::int64_t>();
  entry.role = *rc::gen::arbitrary<std::string>();
  entry.entity_id = *rc::gen::arbitrary<std::string>();
  entry.bound_cidrs = *rc::gen::arbitrary<std::vector<std::string>>();
  entry.namespace_id = *rc::gen::arbitrary<std::string>();
  entry.type = *rc::gen::arbitrary<std::uint32_t>();
  return entry;
}

}  // namespace

TEST_CASE("a batch token made by other software opens, in both cipher versions") {
  for (const std::string_view token : {kVersion2, kVersion1}) {
    const auto envelope = split_batch(token);
    REQUIRE(envelope.has_value());
    CHECK(envelope->key_term == 258);
    CHECK(envelope->cipher_version == (token == kVersion2 ? 2 : 1));
    CHECK(as_text(envelope->sealed).substr(0, 12) == "nonce-nonce!");
    const auto entry = open_batch(*envelope, some_cipher());
    REQUIRE(entry.has_value());
    CHECK(entry->parent.view() == "hvs.ABCDEFGHIJKLMNOPQRSTUVWX");
    CHECK(entry->policies == std::vector<std::string>{"default", "ci"});
    CHECK(entry->path == "auth/token/create");
    CHECK(entry->meta == std::map<std::string, std::string>{{"a", ""}, {"team", "build"}});
    CHECK(entry->display_name == "token-ci");
    CHECK(entry->creation_time == 1700000000);
    CHECK(entry->ttl == 3600 * kSecond);
    CHECK(entry->role == "ci-batch");
    CHECK(entry->entity_id == "7d2e3179-f69b-450c-7179-ac8ee8bd8ca9");
    CHECK(entry->bound_cidrs == std::vector<std::string>{"10.0.0.0/8", "127.0.0.1"});
    CHECK(entry->namespace_id == "root");
    CHECK(entry->type == 2);
  }
}

TEST_CASE("batch tokens round trip") {
  const AesGcm cipher = some_cipher();
  CHECK(rc::check([&cipher](std::uint32_t term) {
    const BatchEntry entry = any_entry();
    const SecretString token = seal_batch(entry, term | 1U, cipher);
    RC_ASSERT(token.starts_with("hvb."));
    const auto envelope = split_batch(token.view());
    RC_ASSERT(envelope.has_value());
    RC_ASSERT(envelope->key_term == (term | 1U));
    RC_ASSERT(envelope->cipher_version == kBatchCipherVersion);
    const auto opened = open_batch(*envelope, cipher);
    RC_ASSERT(opened.has_value());
    check_same(*opened, entry);
  }));
}

TEST_CASE("an empty entry is a token too, and no two tokens are the same") {
  const AesGcm cipher = some_cipher();
  BatchEntry entry;
  entry.type = 0;
  const SecretString token = seal_batch(entry, 1, cipher);
  CHECK(token.size() == 4 + 44);
  CHECK(open_batch(*split_batch(token.view()), cipher).has_value());
  CHECK(token.view() != seal_batch(entry, 1, cipher).view());
}

TEST_CASE("another key is wrong_key; what is no TokenEntry is damaged") {
  const auto envelope = split_batch(kVersion2);
  REQUIRE(envelope.has_value());
  const auto wrong = open_batch(*envelope, some_cipher(9));
  REQUIRE_FALSE(wrong.has_value());
  CHECK(wrong.error().kind == ErrorKind::wrong_key);

  for (const std::string_view plain :
       {std::string_view("\x1a\xff"), std::string_view("\x50\xff"), std::string_view("\x18\x01"),
        std::string_view("\x4a\x01x"), std::string_view("\x32\x02\x0a\x05"), std::string_view("\x32\x02\x08\x01"),
        std::string_view("\x03")}) {
    std::string bytes("\0\0\0\1\2", 5);
    SecretBytes sealed;
    some_cipher().seal(plain, {}, sealed);
    bytes += as_text(sealed);
    const auto entry = open_batch(*split_batch(token_of(bytes)), some_cipher());
    REQUIRE_FALSE(entry.has_value());
    CHECK(entry.error().kind == ErrorKind::damaged);
    CHECK(entry.error().message.starts_with("inside the batch token, byte "));
  }
}

TEST_CASE("a damaged envelope is named with its place") {
  CHECK(error_of("hvs.abc") == "character 0: does not start with \"hvb.\"");
  CHECK(error_of("hvb.") == "byte 0: the key term is missing");
  CHECK(error_of("hvb.AAA") == "byte 0: key term: 2 of 4 bytes");
  CHECK(error_of("hvb.AAAAAQ") == "byte 4: the cipher version is missing");
  CHECK(error_of("hvb.AAAAAQI") == "byte 5: the nonce is missing");
  CHECK(error_of("hvb.AAAAAQIAA") == "byte 5: nonce: 1 of 12 bytes");
  CHECK(error_of("hvb.AAAA$") == "character 8: not a base64url character");
  CHECK(error_of("b.A=") == "character 3: not a base64url character");
  CHECK(error_of(token_of(std::string("\0\0\0\1\2", 5) + std::string(27, 'x'))) == "byte 17: tag: 15 of 16 bytes");
  CHECK(error_of(token_of(std::string("\0\0\0\1\2", 5) + std::string(28, 'x'))) == "no error");
  CHECK(error_of(token_of(std::string("\0\0\0\0\2", 5) + std::string(28, 'x'))) ==
        "byte 0: key term 0; terms start at 1");
  CHECK(error_of(token_of(std::string("\0\0\0\1\3", 5) + std::string(28, 'x'))) ==
        "byte 4: cipher version 3; only 1 and 2 are known");
  CHECK(error_of(std::string(kVersion2) + ".nspac") == "no error");
  CHECK(error_of("b." + std::string(kVersion2.substr(4))) == "no error");
  CHECK(error_of(std::string(kVersion2) + ".ns!") == "character 315: what follows is no namespace suffix");
}

TEST_CASE("no truncation and no changed character opens") {
  const AesGcm cipher = some_cipher();
  const std::string token(kVersion2);
  for (std::size_t i = 0; i < token.size(); ++i) {
    CAPTURE(i);
    for (const std::string& changed : {token.substr(0, i), [&] {
                                         std::string other = token;
                                         other[i] = other[i] == 'A' ? 'B' : 'A';
                                         return other;
                                       }()}) {
      const auto envelope = split_batch(changed);
      if (!envelope) {
        CHECK(envelope.error().message.find(": ") != std::string::npos);
      } else if (envelope->key_term == 258 && envelope->cipher_version == 2) {
        CHECK_FALSE(open_batch(*envelope, cipher).has_value());
      }
    }
  }
}

TEST_CASE("any bytes are split or refused") {
  CHECK(rc::check([](const std::string& bytes) { static_cast<void>(split_batch(token_of(bytes))); }));
  CHECK(rc::check([](const std::string& text) { static_cast<void>(split_batch("hvb." + text)); }));
}
