#include "store/store_file.hpp"

#include <array>
#include <utility>

namespace vtoken::store {
namespace {

constexpr std::size_t kStoreIdSize = 16;

Error about(Error error, const std::string& path) {
  if (error.context.empty()) error.context = path;
  return error;
}

// What is needed to unlock, read from one snapshot.
struct Locked {
  std::string store_id;
  LockRecord lock;
  std::int64_t keyring_version = 0;
};

Result<Locked> read_locked(Database& database) {
  auto version = read_keyring_version(database);
  if (!version) return tl::unexpected(version.error());
  auto id = read_meta(database, kMetaStoreId);
  if (!id) return tl::unexpected(id.error());
  auto bytes = read_meta(database, kMetaLock);
  if (!bytes) return tl::unexpected(bytes.error());
  auto lock = decode_lock(*bytes);
  if (!lock) return tl::unexpected(about(lock.error(), database.path()));
  return Locked{std::move(*id), std::move(*lock), *version};
}

}  // namespace

Result<LockKind> lock_kind(const std::string& path) {
  if (auto header = check_header(path); !header) return tl::unexpected(header.error());
  auto database = Database::open(path, OpenMode::read_write);
  if (!database) return tl::unexpected(database.error());
  if (auto version = read_version(*database); !version) return tl::unexpected(version.error());
  auto locked = read_locked(*database);
  if (!locked) return tl::unexpected(locked.error());
  database->keep_tidy();
  return locked->lock.kind;
}

StoreFile::StoreFile(Database database, Keyring keyring, const WrappingKey& key)
    : database_(std::move(database)), keyring_(std::move(keyring)), wrapping_key_(key) {}

Result<StoreFile> StoreFile::open(const std::string& path, const Unlock& unlock, const std::string& home) {
  if (auto header = check_header(path); !header) return tl::unexpected(header.error());
  auto database = Database::open(path, OpenMode::read_write);
  if (!database) return tl::unexpected(database.error());
  auto transaction = Transaction::begin(*database, TransactionKind::deferred);
  if (!transaction) return tl::unexpected(transaction.error());
  const std::int64_t data_version = database->data_version();
  // The header may be older than the log.
  if (auto version = read_version(*database); !version) return tl::unexpected(version.error());
  auto locked = read_locked(*database);
  if (!locked) return tl::unexpected(locked.error());
  database->keep_tidy();
  const std::string& keys_at = home.empty() ? path : home;
  auto key = find_wrapping_key(keys_at, unlock, locked->lock, locked->store_id);
  if (!key) return tl::unexpected(about(key.error(), path));
  auto keyring = key->unlock(locked->lock, locked->store_id);
  if (!keyring) return tl::unexpected(about(keyring.error(), path));
  if (auto ended = transaction->commit(); !ended) return tl::unexpected(ended.error());
  if (auto upgraded = upgrade(*database, migrations()); !upgraded) return tl::unexpected(upgraded.error());
  StoreFile file(std::move(*database), std::move(*keyring), *key);
  file.unlock_ = unlock;
  file.home_ = keys_at;
  file.store_id_ = std::move(locked->store_id);
  file.data_version_ = data_version;
  file.keyring_version_ = locked->keyring_version;
  return file;
}

Result<StoreFile> StoreFile::create(const std::string& path, const WrappingKey& key, Nanoseconds now) {
  auto database = Database::open(path, OpenMode::create);
  if (!database) return tl::unexpected(database.error());
  if (auto made = create_schema(*database); !made) return tl::unexpected(made.error());
  std::array<unsigned char, kStoreIdSize> id{};
  random_bytes(id);
  StoreFile file(std::move(*database), Keyring::generate(now), key);
  file.home_ = path;
  file.store_id_.assign(reinterpret_cast<const char*>(id.data()), id.size());
  auto transaction = Transaction::begin(file.database_);
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto done = write_meta(file.database_, kMetaStoreId, file.store_id_); !done) return tl::unexpected(done.error());
  if (auto done = write_meta(file.database_, kMetaCreated, std::to_string(now)); !done) {
    return tl::unexpected(done.error());
  }
  if (auto done = file.write_keyring(file.keyring_, key); !done) return tl::unexpected(done.error());
  if (auto done = transaction->commit(); !done) return tl::unexpected(done.error());
  return file;
}

Result<void> StoreFile::load_keyring() {
  auto locked = read_locked(database_);
  if (!locked) return tl::unexpected(locked.error());
  if (locked->keyring_version == keyring_version_) return {};
  auto keyring = wrapping_key_.unlock(locked->lock, locked->store_id);
  if (!keyring && keyring.error().kind == ErrorKind::wrong_key) {
    auto key = find_wrapping_key(home_, unlock_, locked->lock, locked->store_id);
    if (!key) return tl::unexpected(about(key.error(), path()));
    wrapping_key_ = *key;
    keyring = wrapping_key_.unlock(locked->lock, locked->store_id);
  }
  if (!keyring) return tl::unexpected(about(keyring.error(), path()));
  keyring_ = std::move(*keyring);
  store_id_ = std::move(locked->store_id);
  keyring_version_ = locked->keyring_version;
  return {};
}

Result<bool> StoreFile::refresh() {
  const std::int64_t version = database_.data_version();
  if (version == data_version_ && version >= 0) return false;
  if (auto loaded = load_keyring(); !loaded) return tl::unexpected(loaded.error());
  data_version_ = version;
  return true;
}

Result<void> StoreFile::write_keyring(const Keyring& keyring, const WrappingKey& key) {
  if (auto done = write_meta(database_, kMetaLock, encode_lock(key.lock(keyring, store_id_))); !done) return done;
  auto state = read_state(database_);
  if (!state) return tl::unexpected(state.error());
  ++state->keyring_version;
  return write_state(database_, *state);
}

void StoreFile::adopt(Keyring keyring, const WrappingKey& key) {
  keyring_ = std::move(keyring);
  wrapping_key_ = key;
  // The version is read again with the next refresh; one that another process wrote meanwhile is not to be missed.
  data_version_ = -1;
}

}  // namespace vtoken::store
