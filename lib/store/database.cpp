#include "store/database.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <unordered_map>
#include <utility>

namespace vtoken::store {
namespace {

using Steady = std::chrono::steady_clock;

constexpr auto kPatience = std::chrono::seconds(60);
constexpr long kMostSleep = 1'000'000;  // nanoseconds: with 4 ms, 16 writers took 1.5 times as long

// SQLite takes some names for more than a path ("", ":memory:").
std::string plain_path(const std::string& path) { return path.starts_with('/') ? path : "./" + path; }

// A number that differs between processes that wait for the same lock; spreads them, decides nothing else.
std::uint64_t jitter(std::uint64_t& seed) {
  seed ^= seed << 13U;
  seed ^= seed >> 7U;
  seed ^= seed << 17U;
  return seed;
}

}  // namespace

struct Database::State {
  struct Cached {
    Statement statement;
    bool busy = false;
  };

  explicit State(std::string file) : path(std::move(file)) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    statements.clear();
    version.reset();
    sqlite3_close(connection);
  }

  // Called by SQLite each time it finds the lock taken. Returns whether to try again.
  static int wait(void* self, int tries) {
    auto& state = *static_cast<State*>(self);
    const auto now = Steady::now();
    if (tries == 0) state.waiting_since = now;
    if (now - state.waiting_since > kPatience) return 0;
    const long ceiling = std::min(kMostSleep, 50'000L << std::min(tries, 16));
    const timespec nap{0, 20'000 + static_cast<long>(jitter(state.seed) % static_cast<std::uint64_t>(ceiling))};
    nanosleep(&nap, nullptr);
    return 1;
  }

  std::string path;
  sqlite3* connection = nullptr;
  std::unordered_map<const char*, std::unique_ptr<Cached>> statements;
  std::unique_ptr<Statement> version;
  Steady::time_point waiting_since{};
  std::uint64_t seed = 1;
};

namespace {

Result<void> make_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) {
    if (errno == EEXIST) return fail(ErrorKind::refused, "exists already", path);
    if (errno == ENOENT) return fail(ErrorKind::io, "the folder does not exist", path);
    return fail(ErrorKind::io, std::string("cannot be made: ") + strerrordesc_np(errno), path);
  }
  const bool done = ::fchmod(file, 0600) == 0;
  ::close(file);  // nobody has it open yet, so that this drops no lock of SQLite's
  if (!done) return fail(ErrorKind::io, "its mode cannot be set to 0600", path);
  return {};
}

// Without these a crafted file could make its schema run functions, and a revoked entry would cost a second write:
// what stays in free pages is sealed.
constexpr const char* kSettings =
    "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=OFF;"
    "PRAGMA foreign_keys=OFF; PRAGMA synchronous=FULL;";

}  // namespace

Database::Database(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
Database::~Database() = default;
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;

Result<Database> Database::open(const std::string& path, OpenMode mode) {
  if (path.empty()) return fail(ErrorKind::usage, "the store's path is empty");
  if (mode == OpenMode::create) {
    if (auto made = make_file(path); !made) return tl::unexpected(made.error());
  }
  const bool logged = has_log(path);
  auto state = std::make_unique<State>(path);
  state->seed = static_cast<std::uint64_t>(Steady::now().time_since_epoch().count()) ^
                (static_cast<std::uint64_t>(::getpid()) << 32U);
  const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (mode == OpenMode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
  int code = sqlite3_open_v2(plain_path(path).c_str(), &state->connection, flags, nullptr);
  if (code != SQLITE_OK) return tl::unexpected(sqlite_failure(state->connection, code, path));
  sqlite3_busy_handler(state->connection, &State::wait, state.get());
  sqlite3_db_config(state->connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(state->connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, logged ? 1 : 0, nullptr);
  if (mode == OpenMode::read_write && sqlite3_db_readonly(state->connection, "main") == 1) {
    return tl::unexpected(sqlite_failure(state->connection, SQLITE_READONLY, path));
  }
  code = sqlite3_exec(state->connection, kSettings, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return tl::unexpected(sqlite_failure(state->connection, code, path));
  return Database(std::move(state));
}

bool has_log(const std::string& path) {
  struct stat info {};
  std::error_code error;
  const auto real = std::filesystem::canonical(path, error);  // the log is where a symbolic link leads to
  return ::stat(((error ? path : real.string()) + "-wal").c_str(), &info) == 0 && info.st_size > 0;
}

Result<void> Database::exec(Sql sql) {
  const int code = sqlite3_exec(state_->connection, sql.text(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return tl::unexpected(sqlite_failure(state_->connection, code, state_->path));
  return {};
}

Result<CachedStatement> Database::prepare(Sql sql) {
  const auto found = state_->statements.find(sql.text());
  if (found != state_->statements.end() && !found->second->busy) {
    found->second->busy = true;
    return CachedStatement(&found->second->statement, &found->second->busy);
  }
  sqlite3_stmt* raw = nullptr;
  const unsigned flags = SQLITE_PREPARE_PERSISTENT;
  const int code = sqlite3_prepare_v3(state_->connection, sql.text(), -1, flags, &raw, nullptr);
  Statement statement(raw);
  if (code != SQLITE_OK) return tl::unexpected(sqlite_failure(state_->connection, code, state_->path));
  if (found != state_->statements.end()) {
    return CachedStatement(std::make_unique<Statement>(std::move(statement)));
  }
  auto& kept = state_->statements[sql.text()];
  kept = std::make_unique<State::Cached>(State::Cached{std::move(statement), true});
  return CachedStatement(&kept->statement, &kept->busy);
}

std::int64_t Database::data_version() {
  // SQLITE_FCNTL_DATA_VERSION would be cheaper, but it only knows what this connection has read already.
  if (state_->version == nullptr) {
    sqlite3_stmt* raw = nullptr;
    sqlite3_prepare_v3(state_->connection, "PRAGMA data_version", -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    if (raw == nullptr) return -1;
    state_->version = std::make_unique<Statement>(raw);
  }
  auto row = state_->version->step();
  const std::int64_t version = row && *row ? state_->version->integer(0) : -1;
  state_->version->reset();
  return version;
}

std::int64_t Database::changes() const noexcept { return sqlite3_changes64(state_->connection); }

bool Database::in_transaction() const noexcept { return sqlite3_get_autocommit(state_->connection) == 0; }

void Database::keep_tidy() noexcept {
  if (sqlite3_db_readonly(state_->connection, "main") == 1) return;
  sqlite3_db_config(state_->connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
}

const std::string& Database::path() const noexcept { return state_->path; }

sqlite3* Database::handle() const noexcept { return state_->connection; }

Result<Transaction> Transaction::begin(Database& database, TransactionKind kind) {
  if (database.in_transaction()) return fail(ErrorKind::internal, "transactions do not nest", database.path());
  auto statement = kind == TransactionKind::immediate ? database.prepare("BEGIN IMMEDIATE") : database.prepare("BEGIN");
  if (!statement) return tl::unexpected(statement.error());
  if (auto begun = (*statement)->run(); !begun) return tl::unexpected(begun.error());
  return Transaction(&database);
}

Transaction::Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
  // A failed write may have ended the transaction already.
  if (database_ == nullptr || !database_->in_transaction()) return;
  sqlite3_exec(database_->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

Result<void> Transaction::commit() {
  if (database_ == nullptr) return fail(ErrorKind::internal, "the transaction is over");
  auto statement = database_->prepare("COMMIT");
  if (!statement) return tl::unexpected(statement.error());
  if (auto done = (*statement)->run(); !done) return tl::unexpected(done.error());
  database_ = nullptr;
  return {};
}

}  // namespace vtoken::store
