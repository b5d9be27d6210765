// SQLite as values: a connection, prepared statements that are kept, and transactions. What the store needs, no more.
//
// Threads: a Database and all that comes from it belong to one thread at a time. Processes: any number may use one
// file.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace vtoken::store {

/// A statement's text: a literal, so that its address names it.
class Sql {
 public:
  consteval Sql(const char* text) : text_(text) {}
  [[nodiscard]] constexpr const char* text() const noexcept { return text_; }

 private:
  const char* text_;
};

/// A prepared statement. Parameters count from 1, columns from 0. A wrong index, or binding while a row is open, is
/// reported by the next step().
class Statement {
 public:
  explicit Statement(sqlite3_stmt* statement) noexcept : statement_(statement) {}
  ~Statement();
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;

  void bind(int index, std::int64_t value);
  /// Binds a blob. The bytes are borrowed until reset(), not copied; an empty view is an empty blob, never null.
  void bind(int index, std::string_view bytes);
  void bind(int index, std::span<const unsigned char> bytes);
  /// Binds UTF-8 text, borrowed until reset().
  void bind_text(int index, std::string_view text);
  void bind_null(int index);

  /// True when there is a row to read, false when the statement is done.
  [[nodiscard]] Result<bool> step();
  /// Steps once for a statement that gives no rows, and resets it.
  [[nodiscard]] Result<void> run();

  [[nodiscard]] std::int64_t integer(int column) const noexcept;  ///< 0 for null
  /// A blob's or text's bytes, borrowed until the next step() or reset(); empty for null.
  [[nodiscard]] std::string_view blob(int column) const noexcept;
  [[nodiscard]] bool is_null(int column) const noexcept;

  /// Ends the statement and forgets what was bound.
  void reset() noexcept;

 private:
  void remember(int code) noexcept;

  sqlite3_stmt* statement_;
  int bind_error_ = 0;
};

/// A statement from a Database's cache, reset and given back when this handle goes. Must not outlive the Database.
class CachedStatement {
 public:
  CachedStatement(Statement* statement, bool* busy) noexcept : statement_(statement), busy_(busy) {}
  explicit CachedStatement(std::unique_ptr<Statement> own) noexcept : own_(std::move(own)), statement_(own_.get()) {}
  ~CachedStatement();
  CachedStatement(CachedStatement&& other) noexcept;
  CachedStatement& operator=(CachedStatement&&) = delete;

  Statement* operator->() const noexcept { return statement_; }
  Statement& operator*() const noexcept { return *statement_; }

 private:
  std::unique_ptr<Statement> own_;  // set when the cached one was in use already (recursion)
  Statement* statement_;
  bool* busy_ = nullptr;
};

enum class OpenMode {
  read_write,  ///< the file must exist
  create,      ///< the file must not exist; it is made with mode 0600, whatever the umask
  read_only    ///< the file must exist; nothing is written, not even a checkpoint
};

/// A connection in WAL mode with synchronous=FULL: a commit that returned is on the disk. Whoever finds the file busy
/// waits, up to a minute. The last connection to close folds the log into the file and removes it, so that an idle
/// store is one file that may be copied. A log that open() found stays as it is until keep_tidy() is called: the file
/// may turn out to be foreign or damaged.
class Database {
 public:
  /// Fails with not_found, io (permission, read-only) or damaged (no database, truncated).
  [[nodiscard]] static Result<Database> open(const std::string& path, OpenMode mode);
  ~Database();
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;

  /// Runs one or more statements that need no parameters.
  [[nodiscard]] Result<void> exec(Sql sql);

  /// A statement, compiled on first use and kept. When the kept one is in use, a fresh one is made.
  [[nodiscard]] Result<CachedStatement> prepare(Sql sql);

  /// A number that changes when another connection or process has committed since the last call; this connection's own
  /// commits do not change it. -1 when it cannot be read. Costs about 1 µs. In a transaction it tells about the
  /// snapshot that the transaction reads.
  [[nodiscard]] std::int64_t data_version();

  /// Rows changed by the last INSERT, UPDATE or DELETE.
  [[nodiscard]] std::int64_t changes() const noexcept;

  /// Whether a transaction is open.
  [[nodiscard]] bool in_transaction() const noexcept;

  /// From now on closing may checkpoint (see the class). Called once the file is known to be a store.
  void keep_tidy() noexcept;

  [[nodiscard]] const std::string& path() const noexcept;

  /// The connection itself, for the backup interface. Borrowed.
  [[nodiscard]] sqlite3* handle() const noexcept;

 private:
  struct State;
  explicit Database(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

/// `immediate` takes the write lock at once, and is the only kind that may write: a `deferred` one that begins to write
/// can fail because another process wrote first.
enum class TransactionKind { immediate, deferred };

/// A transaction, rolled back unless commit() succeeded. Transactions do not nest. Must not outlive the Database.
class Transaction {
 public:
  [[nodiscard]] static Result<Transaction> begin(Database& database, TransactionKind kind = TransactionKind::immediate);
  ~Transaction();
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;

  /// On failure nothing was changed.
  [[nodiscard]] Result<void> commit();

 private:
  explicit Transaction(Database* database) noexcept : database_(database) {}
  Database* database_;
};

/// Whether there is a log with something in it beside the file at `path`.
[[nodiscard]] bool has_log(const std::string& path);

/// What the last failure on `connection` (which may be null) was, as an Error about the file at `path`: one line that
/// says what to do. `code` is SQLite's result code.
[[nodiscard]] Error sqlite_failure(sqlite3* connection, int code, const std::string& path);

}  // namespace vtoken::store
