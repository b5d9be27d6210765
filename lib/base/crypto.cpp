#include "base/crypto.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <sys/random.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>

namespace vtoken {
namespace {

[[noreturn]] void die(const char* what) {
  std::fprintf(stderr, "vtoken: %s failed; cannot go on\n", what);
  std::abort();
}

void require(bool ok, const char* what) {
  if (!ok) die(what);
}

// The configuration file of the system's OpenSSL has nothing to say here, and reading it takes longer than the rest of
// a command.
void start_openssl() {
  static const bool started = OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr) == 1;
  require(started, "starting OpenSSL");
}

template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};

using MacPtr = std::unique_ptr<EVP_MAC, Deleter<EVP_MAC_free>>;
using MacContextPtr = std::unique_ptr<EVP_MAC_CTX, Deleter<EVP_MAC_CTX_free>>;
using CipherPtr = std::unique_ptr<EVP_CIPHER, Deleter<EVP_CIPHER_free>>;
using CipherContextPtr = std::unique_ptr<EVP_CIPHER_CTX, Deleter<EVP_CIPHER_CTX_free>>;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

int int_size(std::size_t size) {
  require(size <= static_cast<std::size_t>(std::numeric_limits<int>::max()), "encrypting more than 2 GiB");
  return static_cast<int>(size);
}

}  // namespace

void random_bytes(std::span<unsigned char> out) {
  while (!out.empty()) {
    const ssize_t got = ::getrandom(out.data(), out.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    require(got > 0, "the system's random number generator");
    out = out.subspan(static_cast<std::size_t>(got));
  }
}

Mac sha256(std::string_view data) {
  start_openssl();
  Mac digest{};
  std::size_t size = 0;
  require(EVP_Q_digest(nullptr, "SHA256", nullptr, data.data(), data.size(), digest.data(), &size) == 1, "SHA-256");
  return digest;
}

struct Hmac::State {
  MacContextPtr context;
};

Hmac::Hmac(std::span<const unsigned char> key) : state_(std::make_unique<State>()) {
  start_openssl();
  const MacPtr mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  require(mac != nullptr, "HMAC");
  state_->context.reset(EVP_MAC_CTX_new(mac.get()));
  std::array<char, 7> digest{"SHA256"};
  const std::array<OSSL_PARAM, 2> parameters{OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
                                             OSSL_PARAM_construct_end()};
  require(
      state_->context != nullptr && EVP_MAC_init(state_->context.get(), key.data(), key.size(), parameters.data()) == 1,
      "HMAC");
}

Hmac::~Hmac() = default;
Hmac::Hmac(Hmac&&) noexcept = default;
Hmac& Hmac::operator=(Hmac&&) noexcept = default;

Mac Hmac::operator()(std::string_view data) const {
  EVP_MAC_CTX* context = state_->context.get();
  Mac mac{};
  std::size_t size = 0;
  // Without a key, initialising goes back to the state after the key was set up.
  require(EVP_MAC_init(context, nullptr, 0, nullptr) == 1 &&
              EVP_MAC_update(context, bytes_of(data), data.size()) == 1 &&
              EVP_MAC_final(context, mac.data(), &size, mac.size()) == 1 && size == mac.size(),
          "HMAC");
  return mac;
}

Mac hmac_sha256(KeyView key, std::string_view data) { return Hmac(key)(data); }

struct AesGcm::State {
  CipherContextPtr encrypt;
  CipherContextPtr decrypt;
};

AesGcm::AesGcm(KeyView key) : state_(std::make_unique<State>()) {
  start_openssl();
  const CipherPtr cipher(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
  require(cipher != nullptr, "AES-256-GCM");
  state_->encrypt.reset(EVP_CIPHER_CTX_new());
  state_->decrypt.reset(EVP_CIPHER_CTX_new());
  // The key's schedule is worked out once; each message then sets a nonce alone.
  require(state_->encrypt != nullptr && state_->decrypt != nullptr &&
              EVP_EncryptInit_ex2(state_->encrypt.get(), cipher.get(), key.data(), nullptr, nullptr) == 1 &&
              EVP_DecryptInit_ex2(state_->decrypt.get(), cipher.get(), key.data(), nullptr, nullptr) == 1,
          "AES-256-GCM");
}

AesGcm::~AesGcm() = default;
AesGcm::AesGcm(AesGcm&&) noexcept = default;
AesGcm& AesGcm::operator=(AesGcm&&) noexcept = default;

void AesGcm::seal(std::string_view plain, std::string_view aad, SecretBytes& out) const {
  EVP_CIPHER_CTX* context = state_->encrypt.get();
  const std::size_t start = out.size();
  out.resize(start + kNonceSize + plain.size() + kTagSize);
  unsigned char* nonce = out.data() + start;
  unsigned char* text = nonce + kNonceSize;
  random_bytes({nonce, kNonceSize});
  int size = 0;
  bool ok = EVP_EncryptInit_ex2(context, nullptr, nullptr, nonce, nullptr) == 1;
  if (!aad.empty()) {
    ok = ok && EVP_EncryptUpdate(context, nullptr, &size, bytes_of(aad), int_size(aad.size())) == 1;
  }
  if (!plain.empty()) {
    ok = ok && EVP_EncryptUpdate(context, text, &size, bytes_of(plain), int_size(plain.size())) == 1;
  }
  ok = ok && EVP_EncryptFinal_ex(context, text + plain.size(), &size) == 1 &&
       EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, static_cast<int>(kTagSize), text + plain.size()) == 1;
  require(ok, "AES-256-GCM");
}

std::optional<SecretBytes> AesGcm::open(std::string_view sealed, std::string_view aad) const {
  if (sealed.size() < kNonceSize + kTagSize) return std::nullopt;
  EVP_CIPHER_CTX* context = state_->decrypt.get();
  const std::size_t plain_size = sealed.size() - kNonceSize - kTagSize;
  const unsigned char* nonce = bytes_of(sealed);
  std::array<unsigned char, kTagSize> tag{};
  std::memcpy(tag.data(), nonce + kNonceSize + plain_size, kTagSize);
  SecretBytes plain(plain_size);
  int size = 0;
  bool ok = EVP_DecryptInit_ex2(context, nullptr, nullptr, nonce, nullptr) == 1;
  if (!aad.empty()) {
    ok = ok && EVP_DecryptUpdate(context, nullptr, &size, bytes_of(aad), int_size(aad.size())) == 1;
  }
  if (plain_size > 0) {
    ok = ok && EVP_DecryptUpdate(context, plain.data(), &size, nonce + kNonceSize, int_size(plain_size)) == 1;
  }
  ok = ok && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(kTagSize), tag.data()) == 1;
  require(ok, "AES-256-GCM");
  unsigned char unused = 0;
  if (EVP_DecryptFinal_ex(context, &unused, &size) != 1) return std::nullopt;
  return plain;
}

}  // namespace vtoken
