// Looking after a store: made, looked over, its keys changed, copied and brought back. Each call needs the file and its
// key, not a token.
//
// A process that is stopped in the middle of any of them leaves a store that opens with the key it had or the key it
// was to have, as it was before or as it was to be.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "store/store.hpp"
#include "store/store_file.hpp"
#include "store/unlock.hpp"

namespace vtoken::store {

struct InitOptions {
  std::string path;
  Unlock unlock = {};           ///< a key file that is missing is made; with neither, STORE.key is used or made
  bool keep_root_token = true;  ///< in STORE.token, 0600; an older file of that name becomes STORE.token.old
  ScryptCost cost = {};         ///< for a passphrase
  std::string audit = {};       ///< a file to note requests in (audit_admin.hpp); empty for none
};

struct InitReport {
  SecretString root_token;
  std::string key_file;         ///< empty when a passphrase locks the store
  std::string token_file;       ///< empty when the token was not kept
  std::string audit_file = {};  ///< an absolute path; empty when requests are not noted
};

/// Makes a store with its first root token. Fails with refused when there is one, and with io when the folder is
/// missing or cannot be written. Of several processes that try at once, one makes it.
[[nodiscard]] Result<InitReport> init(const InitOptions& options, const Clock& clock);

struct StatusReport {
  std::string store_id;  ///< hexadecimal
  std::int64_t format_version = 0;
  Nanoseconds created = 0;
  LockKind lock = LockKind::key_file;
  std::optional<ScryptCost> cost = {};  ///< of a passphrase
  std::uint32_t active_term = 0;
  std::map<std::uint32_t, Nanoseconds> terms = {};  ///< when each was added
  std::int64_t commit_index = 0;
  std::int64_t index_epoch = 0;
  std::int64_t tokens = 0;   ///< rows, expired ones included
  std::int64_t expired = 0;  ///< rows whose own time is over
  std::int64_t roles = 0;
  std::optional<std::string> audit_file = {};  ///< where requests are noted
  std::int64_t size = 0;                       ///< bytes of the file, the log not counted
};

[[nodiscard]] Result<StatusReport> status(StoreFile& file, Nanoseconds now);

struct VerifyReport {
  std::int64_t tokens = 0;
  std::int64_t roles = 0;
  std::vector<std::string> findings = {};  ///< a line each; empty when the store is sound
};

/// Reads everything: the pages and indexes, the schema, each sealed row, each keyed hash, each parent. Changes nothing.
[[nodiscard]] Result<VerifyReport> verify(StoreFile& file);

/// Adds a key term and seals with it from now on; what older terms sealed still opens. Returns the new term.
[[nodiscard]] Result<std::uint32_t> rotate(StoreFile& file, Nanoseconds now);

struct RekeyOptions {
  std::optional<std::string> key_file = {};  ///< read, or made when missing
  std::optional<SecretString> passphrase = {};
  ScryptCost cost = {};  ///< for a passphrase
};

struct RekeyReport {
  LockKind lock = LockKind::key_file;
  std::string key_file;  ///< empty for a passphrase
  std::string kept;      ///< where the key file that STORE.key was is now; backups made before need it. May be empty
};

/// Locks the keyring with another key: a fresh STORE.key when `options` name nothing. Processes that have the store
/// open go on when they can find the new key. Fails with refused when the key is the one it has.
[[nodiscard]] Result<RekeyReport> rekey(StoreFile& file, const RekeyOptions& options);

/// Copies the store, as one commit left it, to a new file (0600) that opens with the same key. Fails with refused when
/// `to` exists.
[[nodiscard]] Result<void> backup(StoreFile& file, const std::string& to);

struct RestoreOptions {
  std::string path;
  Unlock unlock = {};       ///< of the store at `path`
  std::string from;         ///< the backup; it is only read
  Unlock from_unlock = {};  ///< of the backup; with neither, the store's keys and then FROM.key are tried
  bool force = false;       ///< also over another store, and over something that does not open (it is set aside)
};

struct RestoreReport {
  std::int64_t index_epoch = 0;
  std::int64_t tokens = 0;
  std::int64_t roles = 0;
  std::string set_aside;  ///< what was replaced because it did not open; may be empty
};

/// Puts a backup in the place of the store, in one commit when the store opens: other processes go on with the restored
/// one. It then opens with the key the store had; where there was none, with the backup's. The index epoch becomes
/// higher than both had. Fails with refused when it is not a backup of this store, damaged when the backup is not
/// sound.
[[nodiscard]] Result<RestoreReport> restore(const RestoreOptions& options);

/// Removes expired tokens and their descendants; the number removed.
[[nodiscard]] Result<std::int64_t> tidy(StoreFile& file, Nanoseconds now);

}  // namespace vtoken::store
