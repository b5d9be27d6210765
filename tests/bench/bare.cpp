// The yardstick: SQLite alone, one row a commit, the row as large as a token's, on the same disk and as durable.
#include <benchmark/benchmark.h>
#include <sqlite3.h>

#include <filesystem>
#include <memory>
#include <string>

#include "tests/bench/stores.hpp"

namespace vtoken::bench {
namespace {

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using DatabaseHandle = std::unique_ptr<sqlite3, Close>;
using StatementHandle = std::unique_ptr<sqlite3_stmt, Close>;

DatabaseHandle open_file(const std::string& path) {
  sqlite3* database = nullptr;
  sqlite3_open(path.c_str(), &database);
  return DatabaseHandle(database);
}

StatementHandle prepare(sqlite3* database, const char* sql) {
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(database, sql, -1, &statement, nullptr);
  return StatementHandle(statement);
}

// The bytes of one service token's row, read from a store that just made it.
std::string row_of_a_token() {
  auto store = open_store("row");
  fill(store, store.root, 1, 1);
  store.backend.reset();
  const auto database = open_file(settings().folder + "/row.db");
  const auto statement =
      prepare(database.get(),
              "SELECT length(id_hash) + length(accessor_hash) + 16 + length(sealed) FROM tokens ORDER BY seq DESC");
  sqlite3_step(statement.get());
  return std::string(static_cast<std::size_t>(sqlite3_column_int64(statement.get(), 0)), 'x');
}

void bare_commit(benchmark::State& state) {
  const std::string row = row_of_a_token();
  const std::string path = settings().folder + "/bare.db";
  const auto database = open_file(path);
  sqlite3_exec(database.get(),
               "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
               "CREATE TABLE IF NOT EXISTS rows(seq INTEGER PRIMARY KEY, row BLOB NOT NULL)",
               nullptr, nullptr, nullptr);
  const auto insert = prepare(database.get(), "INSERT INTO rows(row) VALUES(?1)");
  for (auto _ : state) {
    sqlite3_bind_blob(insert.get(), 1, row.data(), static_cast<int>(row.size()), SQLITE_STATIC);
    if (sqlite3_step(insert.get()) != SQLITE_DONE) state.SkipWithError(sqlite3_errmsg(database.get()));
    sqlite3_reset(insert.get());
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
  state.counters["row"] = static_cast<double>(row.size());
}
BENCHMARK(bare_commit)->UseRealTime();

}  // namespace
}  // namespace vtoken::bench
