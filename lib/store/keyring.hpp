// The keys of a store: what seals entries and batch tokens, hashes ids, and signs SSC tokens. How the keyring itself is
// locked is unlock.hpp's business.
//
// Threads: one at a time. Every key and every opened value lives in memory that is wiped.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/crypto.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace vtoken::store {

/// A keyed hash: HMAC-SHA-256 cut to 16 bytes. Without the key nobody can look for two texts with one hash, so that
/// chance alone could bring them together: 2^-88 among a million tokens. Half the bytes are half of the two largest
/// indexes.
inline constexpr std::size_t kHashSize = 16;

struct Hash {
  std::array<unsigned char, kHashSize> bytes{};

  [[nodiscard]] std::string_view view() const noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  friend bool operator==(const Hash&, const Hash&) noexcept = default;
};

/// The authenticated, not stored part of a sealed row: the table and the row's key, so that a sealed value opens in its
/// own row and nowhere else. Never empty, which sets rows apart from batch tokens (sealed with the same keys, with
/// none).
[[nodiscard]] std::string row_aad(std::string_view table, std::string_view row_key);

class Keyring {
 public:
  /// A keyring with fresh random keys and one term, 1.
  [[nodiscard]] static Keyring generate(Nanoseconds now);
  /// Reads what serialise() wrote. Fails with damaged.
  [[nodiscard]] static Result<Keyring> parse(std::string_view bytes);
  [[nodiscard]] SecretBytes serialise() const;

  Keyring(Keyring&&) noexcept;
  Keyring& operator=(Keyring&&) noexcept;
  ~Keyring();

  /// term (4 bytes, big endian) | nonce (12) | ciphertext | tag (16), under the active term.
  [[nodiscard]] SecretBytes seal(std::string_view plain, std::string_view aad) const;
  /// The plaintext of what seal() made with the same `aad`, under any term; nothing when it was made with another key
  /// or `aad`, or is damaged.
  [[nodiscard]] std::optional<SecretBytes> open(std::string_view sealed, std::string_view aad) const;

  /// Keyed hashes, each kind under a key of its own: a token's inner id, an accessor, a role's or another thing's name.
  [[nodiscard]] Hash hash_id(std::string_view id) const;
  [[nodiscard]] Hash hash_accessor(std::string_view accessor) const;
  [[nodiscard]] Hash hash_name(std::string_view name) const;

  [[nodiscard]] std::uint32_t active_term() const noexcept;
  /// When a term was added, by number.
  [[nodiscard]] std::map<std::uint32_t, Nanoseconds> terms() const;
  /// The cipher of a term, null when there is no such term. Borrowed until the keyring changes or goes.
  [[nodiscard]] const AesGcm* cipher(std::uint32_t term) const;
  /// Adds a term with a fresh key and makes it the active one; the others still open what they sealed. Returns it.
  std::uint32_t add_term(Nanoseconds now);

  /// Signs and checks SSC tokens. Borrowed.
  [[nodiscard]] KeyView ssc_key() const noexcept;

 private:
  struct State;
  explicit Keyring(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

}  // namespace vtoken::store
