// The standard constructions this project uses, from OpenSSL: AES-256-GCM, HMAC-SHA-256 and the system's random bytes.
// Each object is for one thread at a time. A failure of OpenSSL itself (out of memory) ends the process: there is no
// safe way on, and no caller could act on it.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/secret.hpp"

namespace vtoken {

inline constexpr std::size_t kKeySize = 32;    ///< bytes of every key: AES-256, HMAC-SHA-256
inline constexpr std::size_t kNonceSize = 12;  ///< bytes of a GCM nonce
inline constexpr std::size_t kTagSize = 16;    ///< bytes of a GCM tag
inline constexpr std::size_t kMacSize = 32;    ///< bytes of an HMAC-SHA-256

using Key = std::array<unsigned char, kKeySize>;
using KeyView = std::span<const unsigned char, kKeySize>;
using Mac = std::array<unsigned char, kMacSize>;

/// Fills `out` from the operating system's generator.
void random_bytes(std::span<unsigned char> out);

/// SHA-256 of `data`: for checksums, not for secrets.
[[nodiscard]] Mac sha256(std::string_view data);

/// HMAC-SHA-256 over `data`.
[[nodiscard]] Mac hmac_sha256(KeyView key, std::string_view data);

/// HMAC-SHA-256 with a key that is set up once: for many short messages. The key may have any length: OpenBao's and
/// Vault's servers sign tokens with 36 bytes.
class Hmac {
 public:
  explicit Hmac(std::span<const unsigned char> key);
  ~Hmac();
  Hmac(Hmac&&) noexcept;
  Hmac& operator=(Hmac&&) noexcept;

  [[nodiscard]] Mac operator()(std::string_view data) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// AES-256-GCM under one key, with random 96-bit nonces (good for 2^32 messages under a key; see SECURITY.md).
class AesGcm {
 public:
  explicit AesGcm(KeyView key);
  ~AesGcm();
  AesGcm(AesGcm&&) noexcept;
  AesGcm& operator=(AesGcm&&) noexcept;

  /// Appends nonce, ciphertext and tag to `out`. `aad` is authenticated and not stored; it may be empty.
  void seal(std::string_view plain, std::string_view aad, SecretBytes& out) const;

  /// The plaintext of `sealed` (nonce, ciphertext, tag), or nothing when it was made with another key or `aad`, is
  /// damaged, or is shorter than nonce and tag.
  [[nodiscard]] std::optional<SecretBytes> open(std::string_view sealed, std::string_view aad) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vtoken
