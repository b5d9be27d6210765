#include "store/schema.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace vtoken::store {
namespace {

struct SchemaObject {
  std::string_view name;
  Sql sql;
};

constexpr Sql kPoliciesSql =
    "CREATE TABLE policies(name_hash BLOB PRIMARY KEY NOT NULL, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID";

// Each commit rewrites `state`, so that its counter of tokens costs no page of its own, as AUTOINCREMENT would.
constexpr std::array kObjects{
    SchemaObject{"meta", "CREATE TABLE meta(key TEXT PRIMARY KEY NOT NULL, value BLOB NOT NULL) STRICT, WITHOUT ROWID"},
    SchemaObject{"state",
                 "CREATE TABLE state(id INTEGER PRIMARY KEY CHECK(id = 1), commit_index INTEGER NOT NULL, "
                 "index_epoch INTEGER NOT NULL, next_seq INTEGER NOT NULL, keyring_version INTEGER NOT NULL, "
                 "policy_version INTEGER NOT NULL DEFAULT 0) STRICT"},
    SchemaObject{
        "tokens",
        "CREATE TABLE tokens(seq INTEGER PRIMARY KEY, id_hash BLOB NOT NULL UNIQUE, accessor_hash BLOB UNIQUE, "
        "parent INTEGER, expire_at INTEGER, uses INTEGER NOT NULL DEFAULT 0, sealed BLOB NOT NULL) STRICT"},
    SchemaObject{"tokens_parent", "CREATE INDEX tokens_parent ON tokens(parent) WHERE parent IS NOT NULL"},
    SchemaObject{"tokens_expire", "CREATE INDEX tokens_expire ON tokens(expire_at) WHERE expire_at IS NOT NULL"},
    SchemaObject{"roles",
                 "CREATE TABLE roles(name_hash BLOB PRIMARY KEY NOT NULL, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID"},
    SchemaObject{"cubbyhole",
                 "CREATE TABLE cubbyhole(seq INTEGER NOT NULL, path_hash BLOB NOT NULL, sealed BLOB NOT NULL, "
                 "PRIMARY KEY(seq, path_hash)) STRICT, WITHOUT ROWID"},
    SchemaObject{"policies", kPoliciesSql},
    // However a token goes, what it kept goes with it.
    SchemaObject{"tokens_gone",
                 "CREATE TRIGGER tokens_gone AFTER DELETE ON tokens BEGIN DELETE FROM cubbyhole WHERE seq = OLD.seq; "
                 "END"},
};

// SQLite writes no parameters into PRAGMA; these are kFormatVersion and kApplicationId.
constexpr Sql kStamp = "PRAGMA application_id = 0x56544f4b; PRAGMA user_version = 2";
static_assert(kApplicationId == 0x56544f4b && kFormatVersion == 2);

Result<void> set_version(Database& database, std::size_t version) {
  constexpr std::array<Sql, 4> set{"PRAGMA user_version = 1", "PRAGMA user_version = 2", "PRAGMA user_version = 3",
                                   "PRAGMA user_version = 4"};
  if (version < 1 || version > set.size()) return fail(ErrorKind::internal, "no such format version");
  return database.exec(set[version - 1]);
}

Result<std::int64_t> read_number(Database& database, Sql sql) {
  auto statement = database.prepare(sql);
  if (!statement) return tl::unexpected(statement.error());
  auto row = (*statement)->step();
  if (!row) return tl::unexpected(row.error());
  return *row ? (*statement)->integer(0) : 0;
}

}  // namespace

Error newer_format(std::int64_t version, std::int64_t newest, const std::string& path) {
  return {ErrorKind::damaged,
          "was written by a newer vtoken (format " + std::to_string(version) + "; this one knows up to " +
              std::to_string(newest) + "): use that one",
          path};
}

Result<StoreState> read_state(Database& database) {
  auto statement = database.prepare(
      "SELECT commit_index, index_epoch, next_seq, keyring_version, policy_version FROM state WHERE id = 1");
  if (!statement) return tl::unexpected(statement.error());
  auto row = (*statement)->step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return fail(ErrorKind::damaged, "the store's state is missing", database.path());
  const Statement& at = **statement;
  return StoreState{at.integer(0), at.integer(1), at.integer(2), at.integer(3), at.integer(4)};
}

Result<std::int64_t> read_keyring_version(Database& database) {
  auto statement = database.prepare("SELECT keyring_version FROM state WHERE id = 1");
  if (!statement) return tl::unexpected(statement.error());
  auto row = (*statement)->step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return fail(ErrorKind::damaged, "the store's state is missing", database.path());
  return (*statement)->integer(0);
}

Result<void> write_state(Database& database, const StoreState& state) {
  auto statement = database.prepare(
      "UPDATE state SET commit_index = ?1, index_epoch = ?2, next_seq = ?3, keyring_version = ?4, policy_version = ?5 "
      "WHERE id = 1");
  if (!statement) return tl::unexpected(statement.error());
  (*statement)->bind(1, state.commit_index);
  (*statement)->bind(2, state.index_epoch);
  (*statement)->bind(3, state.next_seq);
  (*statement)->bind(4, state.keyring_version);
  (*statement)->bind(5, state.policy_version);
  return (*statement)->run();
}

Result<std::optional<std::string>> find_meta(Database& database, std::string_view key) {
  auto statement = database.prepare("SELECT value FROM meta WHERE key = ?1");
  if (!statement) return tl::unexpected(statement.error());
  (*statement)->bind_text(1, key);
  auto row = (*statement)->step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  return std::optional<std::string>((*statement)->blob(0));
}

Result<std::string> read_meta(Database& database, std::string_view key) {
  auto value = find_meta(database, key);
  if (!value) return tl::unexpected(value.error());
  if (!*value) return fail(ErrorKind::damaged, "the store lacks its '" + std::string(key) + "'", database.path());
  return std::move(**value);
}

Result<void> write_meta(Database& database, std::string_view key, std::string_view value) {
  auto statement = database.prepare("INSERT OR REPLACE INTO meta(key, value) VALUES(?1, ?2)");
  if (!statement) return tl::unexpected(statement.error());
  (*statement)->bind_text(1, key);
  (*statement)->bind(2, value);
  return (*statement)->run();
}

Result<void> erase_meta(Database& database, std::string_view key) {
  auto statement = database.prepare("DELETE FROM meta WHERE key = ?1");
  if (!statement) return tl::unexpected(statement.error());
  (*statement)->bind_text(1, key);
  return (*statement)->run();
}

Result<void> create_schema(Database& database) {
  // The stamp comes before WAL, so that the file itself has it, and not the log alone, from the start.
  if (auto done = database.exec(kStamp); !done) return done;
  if (auto done = database.exec("PRAGMA journal_mode = WAL"); !done) return done;
  auto transaction = Transaction::begin(database);
  if (!transaction) return tl::unexpected(transaction.error());
  for (const auto& object : kObjects) {
    if (auto done = database.exec(object.sql); !done) return done;
  }
  if (auto done = database.exec("INSERT INTO state VALUES(1, 0, 0, 1, 0, 0)"); !done) return done;
  return transaction->commit();
}

Result<std::int64_t> read_version(Database& database, std::int64_t newest) {
  auto application = read_number(database, "PRAGMA application_id");
  if (!application) return application;
  auto version = read_number(database, "PRAGMA user_version");
  if (!version) return version;
  if (*application != kApplicationId || *version < 1) {
    return fail(ErrorKind::damaged, "is not a vtoken store", database.path());
  }
  if (*version > newest) return tl::unexpected(newer_format(*version, newest, database.path()));
  return version;
}

Result<void> upgrade(Database& database, std::span<const Migration> steps) {
  const auto newest = static_cast<std::int64_t>(steps.size()) + 1;
  auto version = read_version(database, newest);
  if (!version) return tl::unexpected(version.error());
  if (*version == newest) return {};
  auto transaction = Transaction::begin(database);
  if (!transaction) return tl::unexpected(transaction.error());
  version = read_version(database, newest);  // another process may have been faster
  if (!version) return tl::unexpected(version.error());
  for (auto step = static_cast<std::size_t>(*version); step < static_cast<std::size_t>(newest); ++step) {
    if (auto done = steps[step - 1](database); !done) return done;
    if (auto done = set_version(database, step + 1); !done) return done;
  }
  return transaction->commit();
}

namespace {

// Version 2 keeps policies.
Result<void> add_policies(Database& database) {
  if (auto done = database.exec(kPoliciesSql); !done) return done;
  return database.exec("ALTER TABLE state ADD COLUMN policy_version INTEGER NOT NULL DEFAULT 0");
}

}  // namespace

std::span<const Migration> migrations() {
  static_assert(kFormatVersion == 2, "a new version needs a step here");
  static const std::array<Migration, 1> steps{add_policies};
  return steps;
}

Result<std::string> foreign_schema_object(Database& database) {
  auto statement = database.prepare("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_autoindex_%'");
  if (!statement) return tl::unexpected(statement.error());
  std::size_t known = 0;
  while (true) {
    auto row = (*statement)->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    const std::string_view name = (*statement)->blob(0);
    const auto object = std::find_if(kObjects.begin(), kObjects.end(), [&](const auto& o) { return o.name == name; });
    if (object == kObjects.end() || (*statement)->blob(1) != object->sql.text()) return std::string(name);
    ++known;
  }
  return known == kObjects.size() ? std::string() : std::string("a missing table or index");
}

}  // namespace vtoken::store
