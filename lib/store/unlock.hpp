// How a store's keyring is locked: wrapped under a key that comes from a key file or from a passphrase.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/crypto.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "store/keyring.hpp"
#include "store/store.hpp"

namespace vtoken::store {

enum class LockKind : std::uint32_t { key_file = 1, passphrase = 2 };

/// scrypt's cost: 2^17 blocks of 1 KiB are 128 MiB and 0.4 s, what OWASP advises for a passphrase that guards a file.
struct ScryptCost {
  std::uint32_t log2_n = 17;
  std::uint32_t r = 8;
  std::uint32_t p = 1;
};

/// What `meta.lock` holds. Says how to make the wrapping key again, not the key.
struct LockRecord {
  LockKind kind = LockKind::key_file;
  std::string salt = {};  ///< of scrypt; empty for a key file
  ScryptCost cost = {};
  std::string check = {};    ///< tells a wrong key from damage: 16 bytes made from the key
  std::string wrapped = {};  ///< the keyring: nonce, ciphertext, tag
};

[[nodiscard]] std::string encode_lock(const LockRecord& record);
/// Fails with damaged: the record carries a checksum, so that damage is not taken for a wrong key.
[[nodiscard]] Result<LockRecord> decode_lock(std::string_view bytes);

/// The key that wraps a keyring. Wiped when it goes.
class WrappingKey {
 public:
  /// From the 32 bytes of a key file. Fails with wrong_key (missing, not 32 bytes) or io (others may read it).
  [[nodiscard]] static Result<WrappingKey> from_key_file(const std::string& path);
  /// From a passphrase. Fails with usage when it is empty, damaged when the cost is out of bounds, io when memory
  /// lacks.
  [[nodiscard]] static Result<WrappingKey> from_passphrase(const SecretString& passphrase, std::string_view salt,
                                                           const ScryptCost& cost);
  /// From a passphrase, with a fresh salt.
  [[nodiscard]] static Result<WrappingKey> from_new_passphrase(const SecretString& passphrase, const ScryptCost& cost);

  /// A fresh key for a key file, and the bytes of that file.
  [[nodiscard]] static WrappingKey generate();
  [[nodiscard]] std::string_view file_bytes() const noexcept {
    return {reinterpret_cast<const char*>(key_.data()), key_.size()};
  }

  WrappingKey(const WrappingKey&) = default;
  WrappingKey& operator=(const WrappingKey&) = default;
  ~WrappingKey() { wipe(key_.data(), key_.size()); }

  [[nodiscard]] LockKind kind() const noexcept { return kind_; }
  /// What a LockRecord's `check` is for this key.
  [[nodiscard]] std::string check(std::string_view store_id) const;
  [[nodiscard]] LockRecord lock(const Keyring& keyring, std::string_view store_id) const;
  /// Fails with wrong_key, or damaged when the key is right and the rest is not.
  [[nodiscard]] Result<Keyring> unlock(const LockRecord& record, std::string_view store_id) const;

 private:
  WrappingKey() = default;

  Key key_{};
  LockKind kind_ = LockKind::key_file;
  std::string salt_;
  ScryptCost cost_;
};

/// "STORE.key": where the key of the store at `path` is unless another file is named.
[[nodiscard]] std::string default_key_file(const std::string& path);

/// "STORE.key.1a2b3c4d": the key with this check value, while a rekey puts it in its place, and after it was replaced
/// (backups made before need it).
[[nodiscard]] std::string numbered_key_file(const std::string& path, std::string_view check);

/// The key that opens `record`, of the store at `path`: the one `unlock` names, or else STORE.key or its numbered one.
/// Fails with wrong_key or io; the message says what to give.
[[nodiscard]] Result<WrappingKey> find_wrapping_key(const std::string& path, const Unlock& unlock,
                                                    const LockRecord& record, std::string_view store_id);

/// Reads the key file at `path`, or makes it with fresh random bytes when there is none.
[[nodiscard]] Result<WrappingKey> make_key_file(const std::string& path);

}  // namespace vtoken::store
