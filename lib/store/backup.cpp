#include <algorithm>
#include <limits>
#include <utility>

#include "store/admin.hpp"
#include "store/audit_config.hpp"
#include "store/copy.hpp"
#include "store/private_file.hpp"
#include "store/schema.hpp"

namespace vtoken::store {
namespace {

constexpr std::string_view kBackup = "backup";
constexpr std::string_view kRestore = "restore";

// A store that does not open cannot tell how often it was restored; this is more often than anybody did.
constexpr std::int64_t kUnknownRestores = 1000;

tl::unexpected<Error> about(const Error& error, const std::string& path) {
  return fail(error.kind, error.message, path);
}

// The backup in a copy beside the store, opened with its own key.
Result<StoreFile> open_copy(const RestoreOptions& options, const std::string& copy) {
  if (auto header = check_header(options.from); !header) return tl::unexpected(header.error());
  if (auto copied = copy_store_bytes(options.from, copy); !copied) return tl::unexpected(copied.error());
  const bool named = options.from_unlock.key_file || options.from_unlock.passphrase;
  auto file = StoreFile::open(copy, named ? options.from_unlock : options.unlock, options.path);
  if (file || named || file.error().kind != ErrorKind::wrong_key) return file;
  // Keys that an earlier rekey kept beside the store, then one that was put beside the backup.
  for (const auto& home : {options.path, options.from}) {
    if (auto own = StoreFile::open(copy, Unlock{}, home)) return own;
  }
  return fail(ErrorKind::wrong_key,
              "the backup does not open with the store's key; name the one it was made with: -from-key-file or "
              "-from-passphrase-file",
              options.from);
}

// What is in the place where the backup is to go: a store that opens, one whose key we lack, something damaged,
// nothing.
struct Present {
  std::optional<StoreFile> file;
  std::optional<Database> locked;
  bool damaged = false;

  [[nodiscard]] bool readable() const { return file.has_value(); }
  [[nodiscard]] Database* database() {
    if (file) return &file->database();
    return locked ? &*locked : nullptr;
  }
};

Result<Present> open_present(const RestoreOptions& options) {
  Present present;
  if (!file_exists(options.path)) return present;
  auto file = StoreFile::open(options.path, options.unlock);
  if (file) {
    present.file = std::move(*file);
    return present;
  }
  const ErrorKind kind = file.error().kind;
  if (kind != ErrorKind::damaged && kind != ErrorKind::wrong_key) return tl::unexpected(file.error());
  if (!options.force) {
    return fail(kind, file.error().message + " (-force sets it aside and restores)", file.error().context);
  }
  if (kind == ErrorKind::wrong_key) {
    // Others may have it open, so that it stays the file it is and only its content is replaced.
    auto database = Database::open(options.path, OpenMode::read_write);
    if (!database) return tl::unexpected(database.error());
    database->keep_tidy();
    present.locked = std::move(*database);
    return present;
  }
  if (open_elsewhere(options.path)) {
    return fail(ErrorKind::io, "another process has it open; end that one first", options.path);
  }
  present.damaged = true;
  return present;
}

// A store that notes its requests goes on with it, in the same file, whatever its backup did: bringing back an old one
// is not to turn auditing off.
Result<void> keep_audit(StoreFile& copy, StoreFile& live) {
  const auto config = read_audit_config(live.database(), live.keyring());
  if (!config) return tl::unexpected(config.error());
  return *config ? write_audit_config(copy.database(), copy.keyring(), *config) : Result<void>{};
}

// Makes the copy what the store is to be.
Result<RestoreReport> prepare(StoreFile& copy, Present& present) {
  auto sound = verify(copy);
  if (!sound) return tl::unexpected(sound.error());
  if (!sound->findings.empty()) {
    return fail(ErrorKind::damaged, "the backup is damaged, and was not restored: " + sound->findings.front());
  }
  auto transaction = Transaction::begin(copy.database());
  if (!transaction) return tl::unexpected(transaction.error());
  auto state = read_state(copy.database());
  if (!state) return tl::unexpected(state.error());
  const StoreState before = *state;
  if (present.file) {
    auto live = read_state(present.file->database());
    if (!live) return tl::unexpected(live.error());
    state->index_epoch = std::max(live->index_epoch, before.index_epoch) + 1;
    state->next_seq = std::max(live->next_seq, before.next_seq);
    state->keyring_version = std::max(live->keyring_version, before.keyring_version);
  } else {
    state->index_epoch += present.damaged || present.locked ? kUnknownRestores : 1;
  }
  if (state->index_epoch > std::numeric_limits<std::uint32_t>::max()) {
    return fail(ErrorKind::damaged, "the index epoch cannot be raised further");
  }
  if (auto done = write_state(copy.database(), *state); !done) return tl::unexpected(done.error());
  if (present.file) {
    if (auto done = keep_audit(copy, *present.file); !done) return tl::unexpected(done.error());
  }
  const WrappingKey& key = present.file ? present.file->wrapping_key() : copy.wrapping_key();
  if (auto done = copy.write_keyring(copy.keyring(), key); !done) return tl::unexpected(done.error());
  if (auto done = transaction->commit(); !done) return tl::unexpected(done.error());
  return RestoreReport{state->index_epoch, sound->tokens, sound->roles, {}};
}

// A new file with what one commit left, and a name that appears when it is whole.
Result<void> copy_to_new_file(Database& database, const std::string& to) {
  if (file_exists(to)) return fail(ErrorKind::refused, "there is a file already; nothing was done", to);
  ScratchDatabase scratch(to, kBackup);
  {
    auto copy = Database::open(scratch.path(), OpenMode::create);
    if (!copy) return about(copy.error(), to);
    if (auto copied = copy_database(database, *copy); !copied) {
      return copied.error().context == database.path() ? copied : about(copied.error(), to);
    }
  }
  if (auto header = check_header(scratch.path()); !header) return about(header.error(), to);
  return scratch.move_to(to);
}

// Gives what does not open another name, its log first: the restored store must never meet it.
Result<std::string> set_aside(const std::string& path) {
  const std::string aside = scratch_name(path, "replaced");
  for (const std::string suffix : {"-wal", "-journal"}) {
    if (!file_exists(path + suffix)) continue;
    if (auto moved = rename_file(path + suffix, aside + suffix, IfThere::keep); !moved) {
      return tl::unexpected(moved.error());
    }
  }
  if (auto named = keep_second_name(path, aside); !named) return tl::unexpected(named.error());
  return aside;
}

// The store opens with the key that the backup has; where no other key is, that one takes its usual place.
Result<void> place_key(const RestoreOptions& options, const WrappingKey& key) {
  const std::string standard = default_key_file(options.path);
  if (options.unlock.key_file || options.unlock.passphrase || key.kind() != LockKind::key_file) return {};
  return file_exists(standard) ? Result<void>{} : write_new_file(standard, key.file_bytes());
}

Result<std::string> back_up_as_it_is(Database& database, const std::string& path) {
  const std::string aside = scratch_name(path, "replaced");
  auto copied = copy_to_new_file(database, aside);
  if (!copied) return tl::unexpected(copied.error());
  return aside;
}

// Puts the closed copy where there is no database that could take its content.
Result<std::string> put_in_place(ScratchDatabase& scratch, const RestoreOptions& options, bool damaged) {
  if (!damaged) {
    if (auto moved = scratch.move_to(options.path); !moved) return tl::unexpected(moved.error());
    return std::string();
  }
  auto aside = set_aside(options.path);
  if (!aside) return aside;
  if (auto moved = scratch.move_over(options.path); !moved) return tl::unexpected(moved.error());
  return aside;
}

}  // namespace

Result<void> backup(StoreFile& file, const std::string& to) {
  if (to.empty()) return fail(ErrorKind::usage, "the backup's path is empty");
  auto lock = FolderLock::take(to);
  if (!lock) return tl::unexpected(lock.error());
  remove_old_scratch(to, kBackup);
  return copy_to_new_file(file.database(), to);
}

Result<RestoreReport> restore(const RestoreOptions& options) {
  auto lock = FolderLock::take(options.path);
  if (!lock) return tl::unexpected(lock.error());
  remove_old_scratch(options.path, kRestore);
  auto present = open_present(options);
  if (!present) return tl::unexpected(present.error());
  ScratchDatabase scratch(options.path, kRestore);
  Result<RestoreReport> report = RestoreReport{};
  {
    auto copy = open_copy(options, scratch.path());
    if (!copy) {
      return copy.error().context == scratch.path() ? about(copy.error(), options.from) : tl::unexpected(copy.error());
    }
    if (present->readable() && present->file->store_id() != copy->store_id() && !options.force) {
      return fail(ErrorKind::refused, "is a backup of another store; -force restores it all the same", options.from);
    }
    report = prepare(*copy, *present);
    if (!report) return about(report.error(), options.from);
    if (Database* live = present->database(); live != nullptr) {
      if (!present->readable()) {
        auto aside = back_up_as_it_is(*live, options.path);
        if (!aside) return tl::unexpected(aside.error());
        report->set_aside = *aside;
      }
      if (auto copied = copy_database(copy->database(), *live); !copied) return about(copied.error(), options.path);
      return report;
    }
    if (auto placed = place_key(options, copy->wrapping_key()); !placed) return tl::unexpected(placed.error());
  }
  auto aside = put_in_place(scratch, options, present->damaged);
  if (!aside) return tl::unexpected(aside.error());
  report->set_aside = *aside;
  return report;
}

}  // namespace vtoken::store
