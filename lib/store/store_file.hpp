// An opened, unlocked store: the file and its keys.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/database.hpp"
#include "store/keyring.hpp"
#include "store/schema.hpp"
#include "store/store.hpp"
#include "store/unlock.hpp"

namespace vtoken::store {

/// How the store at `path` is locked, to know whether to ask for a passphrase. Fails as StoreFile::open does.
[[nodiscard]] Result<LockKind> lock_kind(const std::string& path);

/// One thread at a time, as its Database.
class StoreFile {
 public:
  /// Opens and unlocks the store at `path`, upgrading an older format. Nothing is changed unless the key is right.
  /// Fails with not_found, wrong_key, damaged, io: one line that says what to do.
  /// Keys that `unlock` does not name are looked for beside `home`: the store itself, unless this is a copy of one.
  [[nodiscard]] static Result<StoreFile> open(const std::string& path, const Unlock& unlock,
                                              const std::string& home = {});

  /// Makes a store without tokens, locked with `key`. Fails with refused when there is a file.
  [[nodiscard]] static Result<StoreFile> create(const std::string& path, const WrappingKey& key, Nanoseconds now);

  [[nodiscard]] Database& database() noexcept { return database_; }
  [[nodiscard]] const Keyring& keyring() const noexcept { return keyring_; }
  [[nodiscard]] const WrappingKey& wrapping_key() const noexcept { return wrapping_key_; }
  [[nodiscard]] const std::string& path() const noexcept { return database_.path(); }
  /// 16 bytes that tell this store, and its backups, from all others.
  [[nodiscard]] const std::string& store_id() const noexcept { return store_id_; }

  /// Takes over what other processes did to the keys. Call it right after Transaction::begin: then the keys are those
  /// of the snapshot that the transaction reads. Costs about 1 µs when nobody else has written. True when somebody has:
  /// whatever was kept from earlier reads is then out of date. Fails with wrong_key when the store was given another
  /// key that cannot be found.
  [[nodiscard]] Result<bool> refresh();

  /// Writes `keyring`, wrapped under `key`, into the open transaction. Call adopt() after the commit.
  [[nodiscard]] Result<void> write_keyring(const Keyring& keyring, const WrappingKey& key);
  void adopt(Keyring keyring, const WrappingKey& key);

 private:
  StoreFile(Database database, Keyring keyring, const WrappingKey& key);
  [[nodiscard]] Result<void> load_keyring();

  Database database_;
  Keyring keyring_;
  WrappingKey wrapping_key_;
  Unlock unlock_;
  std::string home_;
  std::string store_id_;
  std::int64_t data_version_ = -1;
  std::int64_t keyring_version_ = -1;
};

}  // namespace vtoken::store
