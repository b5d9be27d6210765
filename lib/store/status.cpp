#include <charconv>

#include "base/hex.hpp"
#include "store/admin.hpp"
#include "store/audit_config.hpp"
#include "store/schema.hpp"

namespace vtoken::store {
namespace {

// The number in the first column of the only row; `bound` is the first parameter.
Result<void> read_number(Database& database, Sql sql, std::int64_t& number, std::optional<std::int64_t> bound = {}) {
  auto statement = database.prepare(sql);
  if (!statement) return tl::unexpected(statement.error());
  if (bound) (*statement)->bind(1, *bound);
  auto row = (*statement)->step();
  if (!row) return tl::unexpected(row.error());
  if (*row) number = (*statement)->integer(0);
  return {};
}

Result<void> count(Database& database, StatusReport& report, Nanoseconds now) {
  std::int64_t pages = 0;
  std::int64_t page_size = 0;
  for (auto read :
       {read_number(database, "SELECT count(*) FROM tokens", report.tokens),
        read_number(database, "SELECT count(*) FROM tokens WHERE expire_at <= ?1", report.expired, now),
        read_number(database, "SELECT count(*) FROM roles", report.roles),
        read_number(database, "PRAGMA page_count", pages), read_number(database, "PRAGMA page_size", page_size)}) {
    if (!read) return read;
  }
  report.size = pages * page_size;
  return {};
}

}  // namespace

Result<StatusReport> status(StoreFile& file, Nanoseconds now) {
  Database& database = file.database();
  auto transaction = Transaction::begin(database, TransactionKind::deferred);
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto fresh = file.refresh(); !fresh) return tl::unexpected(fresh.error());
  auto state = read_state(database);
  if (!state) return tl::unexpected(state.error());
  auto version = read_version(database);
  if (!version) return tl::unexpected(version.error());
  auto lock_bytes = read_meta(database, kMetaLock);
  if (!lock_bytes) return tl::unexpected(lock_bytes.error());
  auto lock = decode_lock(*lock_bytes);
  if (!lock) return tl::unexpected(lock.error());
  auto created = read_meta(database, kMetaCreated);
  if (!created) return tl::unexpected(created.error());
  auto audit = read_audit_config(database, file.keyring());
  if (!audit) return tl::unexpected(audit.error());
  StatusReport report;
  if (*audit) report.audit_file = (*audit)->file;
  report.store_id = to_hex(file.store_id());
  report.format_version = *version;
  std::from_chars(created->data(), created->data() + created->size(), report.created);
  report.lock = lock->kind;
  if (lock->kind == LockKind::passphrase) report.cost = lock->cost;
  report.active_term = file.keyring().active_term();
  report.terms = file.keyring().terms();
  report.commit_index = state->commit_index;
  report.index_epoch = state->index_epoch;
  if (auto counted = count(database, report, now); !counted) return tl::unexpected(counted.error());
  return report;
}

}  // namespace vtoken::store
