#include <sqlite3.h>

#include <utility>

#include "store/database.hpp"

namespace vtoken::store {
namespace {

// SQLite's own SQLITE_STATIC is an old-style cast of a null pointer: the bytes are borrowed.
constexpr sqlite3_destructor_type kBorrowed = nullptr;

const char* not_null(std::string_view bytes) noexcept { return bytes.data() == nullptr ? "" : bytes.data(); }

}  // namespace

Statement::~Statement() { sqlite3_finalize(statement_); }

Statement::Statement(Statement&& other) noexcept
    : statement_(std::exchange(other.statement_, nullptr)), bind_error_(other.bind_error_) {}

Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(statement_, other.statement_);
  std::swap(bind_error_, other.bind_error_);
  return *this;
}

void Statement::remember(int code) noexcept {
  if (bind_error_ == SQLITE_OK) bind_error_ = code;
}

void Statement::bind(int index, std::int64_t value) { remember(sqlite3_bind_int64(statement_, index, value)); }

void Statement::bind(int index, std::string_view bytes) {
  remember(sqlite3_bind_blob64(statement_, index, not_null(bytes), bytes.size(), kBorrowed));
}

void Statement::bind(int index, std::span<const unsigned char> bytes) {
  bind(index, std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

void Statement::bind_text(int index, std::string_view text) {
  remember(sqlite3_bind_text64(statement_, index, not_null(text), text.size(), kBorrowed, SQLITE_UTF8));
}

void Statement::bind_null(int index) { remember(sqlite3_bind_null(statement_, index)); }

Result<bool> Statement::step() {
  const int code = bind_error_ != SQLITE_OK ? bind_error_ : sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  sqlite3* connection = sqlite3_db_handle(statement_);
  const char* file = connection == nullptr ? nullptr : sqlite3_db_filename(connection, "main");
  return tl::unexpected(sqlite_failure(connection, code, file == nullptr ? "" : file));
}

Result<void> Statement::run() {
  auto row = step();
  reset();
  if (!row) return tl::unexpected(row.error());
  return {};
}

std::int64_t Statement::integer(int column) const noexcept { return sqlite3_column_int64(statement_, column); }

std::string_view Statement::blob(int column) const noexcept {
  const void* bytes = sqlite3_column_blob(statement_, column);
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

bool Statement::is_null(int column) const noexcept { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

void Statement::reset() noexcept {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  bind_error_ = SQLITE_OK;
}

CachedStatement::CachedStatement(CachedStatement&& other) noexcept
    : own_(std::move(other.own_)),
      statement_(std::exchange(other.statement_, nullptr)),
      busy_(std::exchange(other.busy_, nullptr)) {}

CachedStatement::~CachedStatement() {
  if (statement_ == nullptr) return;
  if (busy_ == nullptr) return;
  statement_->reset();
  *busy_ = false;
}

}  // namespace vtoken::store
