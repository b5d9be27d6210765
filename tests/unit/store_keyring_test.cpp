#include "store/keyring.hpp"

#include "store_fixture.hpp"

namespace vtoken::store::test {
namespace {

TEST_CASE("what is sealed opens in its own row only, under every term") {
  Keyring keyring = Keyring::generate(kStart);
  const auto first = keyring.seal("entry", row_aad("tokens", "row one"));
  CHECK(keyring.add_term(kStart + 1) == 2);
  const auto second = keyring.seal("entry", row_aad("tokens", "row one"));
  CHECK(as_text(first).substr(0, 4) == std::string_view("\0\0\0\1", 4));
  CHECK(as_text(second).substr(0, 4) == std::string_view("\0\0\0\2", 4));
  for (const auto& sealed : {first, second}) {
    const auto plain = keyring.open(as_text(sealed), row_aad("tokens", "row one"));
    REQUIRE(plain);
    CHECK(as_text(*plain) == "entry");
    CHECK(!keyring.open(as_text(sealed), row_aad("tokens", "row two")));
    CHECK(!keyring.open(as_text(sealed), row_aad("roles", "row one")));
    CHECK(!keyring.open(as_text(sealed), {}));
  }
}

TEST_CASE("every flipped byte and every cut of a sealed row is noticed") {
  const Keyring keyring = Keyring::generate(kStart);
  const auto sealed = keyring.seal("entry", "aad");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    auto damaged = sealed;
    damaged[i] ^= 1U;
    CHECK(!keyring.open(as_text(damaged), "aad"));
    CHECK(!keyring.open(as_text(sealed).substr(0, i), "aad"));
  }
}

TEST_CASE("a keyring that was written and read seals, opens, hashes and signs alike") {
  Keyring keyring = Keyring::generate(kStart);
  keyring.add_term(kStart + 5);
  const auto sealed = keyring.seal("entry", "aad");
  const SecretBytes bytes = keyring.serialise();
  const Keyring read = must(Keyring::parse(as_text(bytes)));
  CHECK(read.open(as_text(sealed), "aad"));
  CHECK(read.active_term() == 2);
  CHECK(read.terms() == keyring.terms());
  CHECK(read.hash_id("x") == keyring.hash_id("x"));
  CHECK(std::equal(read.ssc_key().begin(), read.ssc_key().end(), keyring.ssc_key().begin()));
  CHECK(read.serialise() == bytes);
  CHECK(read.cipher(3) == nullptr);
}

TEST_CASE("hashes differ by what is hashed, by kind and by keyring") {
  const Keyring one = Keyring::generate(kStart);
  const Keyring two = Keyring::generate(kStart);
  CHECK(one.hash_id("a") == one.hash_id("a"));
  CHECK(one.hash_id("a") != one.hash_id("b"));
  CHECK(one.hash_id("a") != one.hash_accessor("a"));
  CHECK(one.hash_accessor("a") != one.hash_name("a"));
  CHECK(one.hash_id("a") != two.hash_id("a"));
}

TEST_CASE("no cut or damaged keyring is taken, or harms") {
  const SecretBytes bytes = Keyring::generate(kStart).serialise();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto cut = Keyring::parse(as_text(bytes).substr(0, size));
    REQUIRE(!cut);
    CHECK(cut.error().kind == ErrorKind::damaged);
  }
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const unsigned bit : {1U, 8U, 128U}) {
      auto damaged = bytes;
      damaged[i] = static_cast<unsigned char>(damaged[i] ^ bit);
      static_cast<void>(Keyring::parse(as_text(damaged)));
    }
  }
}

}  // namespace
}  // namespace vtoken::store::test
