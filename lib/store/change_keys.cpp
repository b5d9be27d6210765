#include <unistd.h>

#include "store/admin.hpp"
#include "store/copy.hpp"
#include "store/private_file.hpp"
#include "store/schema.hpp"

namespace vtoken::store {
namespace {

// The key that is to lock the store, and the file it is in when that is not yet STORE.key.
struct NewKey {
  WrappingKey key;
  std::string file;  // empty for a passphrase
  bool numbered = false;
};

Result<NewKey> make_new_key(StoreFile& file, const RekeyOptions& options) {
  if (options.passphrase) {
    auto key = WrappingKey::from_new_passphrase(*options.passphrase, options.cost);
    if (!key) return tl::unexpected(key.error());
    return NewKey{*key, {}};
  }
  if (options.key_file && *options.key_file != default_key_file(file.path())) {
    auto key = make_key_file(*options.key_file);
    if (!key) return tl::unexpected(key.error());
    return NewKey{*key, *options.key_file};
  }
  WrappingKey key = WrappingKey::generate();
  const std::string numbered = numbered_key_file(file.path(), key.check(file.store_id()));
  if (auto written = write_new_file(numbered, key.file_bytes()); !written) return tl::unexpected(written.error());
  return NewKey{key, numbered, true};
}

// What STORE.key holds gets the name of its number too, so that nothing is lost when STORE.key is replaced.
Result<std::string> keep_old_key(const StoreFile& file) {
  const std::string standard = default_key_file(file.path());
  if (!file_exists(standard)) return std::string();
  auto key = WrappingKey::from_key_file(standard);
  if (!key) return tl::unexpected(key.error());
  std::string kept = numbered_key_file(file.path(), key->check(file.store_id()));
  if (auto named = keep_second_name(standard, kept); !named) return tl::unexpected(named.error());
  return kept;
}

Result<void> commit_key(StoreFile& file, const WrappingKey& key) {
  auto transaction = Transaction::begin(file.database());
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto fresh = file.refresh(); !fresh) return tl::unexpected(fresh.error());
  if (key.check(file.store_id()) == file.wrapping_key().check(file.store_id())) {
    return fail(ErrorKind::refused, "the store has this key already", file.path());
  }
  auto keyring = Keyring::parse(as_text(file.keyring().serialise()));
  if (!keyring) return tl::unexpected(keyring.error());
  if (auto written = file.write_keyring(*keyring, key); !written) return tl::unexpected(written.error());
  if (auto committed = transaction->commit(); !committed) return tl::unexpected(committed.error());
  file.adopt(std::move(*keyring), key);
  return {};
}

}  // namespace

Result<std::uint32_t> rotate(StoreFile& file, Nanoseconds now) {
  // Not while a restore works out which keyring comes next.
  auto lock = FolderLock::take(file.path());
  if (!lock) return tl::unexpected(lock.error());
  auto transaction = Transaction::begin(file.database());
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto fresh = file.refresh(); !fresh) return tl::unexpected(fresh.error());
  // A copy: should the commit fail, nothing may have been sealed under a term that is lost.
  auto keyring = Keyring::parse(as_text(file.keyring().serialise()));
  if (!keyring) return tl::unexpected(keyring.error());
  const std::uint32_t term = keyring->add_term(now);
  if (auto written = file.write_keyring(*keyring, file.wrapping_key()); !written) {
    return tl::unexpected(written.error());
  }
  if (auto committed = transaction->commit(); !committed) return tl::unexpected(committed.error());
  file.adopt(std::move(*keyring), file.wrapping_key());
  return term;
}

// In this order: the new key's file, the commit, then STORE.key. A store opens with STORE.key or with the file numbered
// by its lock's check value (find_wrapping_key), so that each moment in between is good.
Result<RekeyReport> rekey(StoreFile& file, const RekeyOptions& options) {
  auto lock = FolderLock::take(file.path());
  if (!lock) return tl::unexpected(lock.error());
  remove_old_scratch(default_key_file(file.path()), kNewFile);
  auto fresh = make_new_key(file, options);
  if (!fresh) return tl::unexpected(fresh.error());
  // The numbered file stays when this fails: a commit whose sync failed may still turn out to be on the disk.
  if (auto committed = commit_key(file, fresh->key); !committed) return tl::unexpected(committed.error());
  RekeyReport report{fresh->key.kind(), fresh->file, {}};
  auto kept = keep_old_key(file);
  if (!kept) return report;  // STORE.key is in the way; the numbered file opens the store, and the report names it
  report.kept = *kept;
  const std::string standard = default_key_file(file.path());
  if (fresh->numbered) {
    if (rename_file(fresh->file, standard, IfThere::replace)) report.key_file = standard;
  } else if (!kept->empty()) {
    ::unlink(standard.c_str());
  }
  return report;
}

}  // namespace vtoken::store
