#include "store/database.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include "store_fixture.hpp"

namespace vtoken::store::test {
namespace {

Database make_database(const std::string& path) {
  auto database = must(Database::open(path, OpenMode::create));
  must(database.exec("PRAGMA journal_mode = WAL; CREATE TABLE t(a INTEGER PRIMARY KEY, b BLOB)"));
  return database;
}

std::int64_t count(Database& database) {
  auto statement = must(database.prepare("SELECT count(*) FROM t"));
  REQUIRE(must(statement->step()));
  return statement->integer(0);
}

void insert(Database& database, std::string_view value) {
  auto statement = must(database.prepare("INSERT INTO t(b) VALUES(?1)"));
  statement->bind(1, value);
  must(statement->run());
}

TEST_CASE("a new database and its log are for the owner alone, whatever the umask") {
  const Folder folder;
  const mode_t before = ::umask(0);
  auto database = make_database(folder / "a.db");
  insert(database, "x");
  ::umask(before);
  for (const char* suffix : {"", "-wal", "-shm"}) {
    struct stat info {};
    REQUIRE(::stat((folder / "a.db" + suffix).c_str(), &info) == 0);
    CHECK((info.st_mode & 0777U) == 0600U);
  }
}

TEST_CASE("create takes no file that is there, read_write none that is not") {
  const Folder folder;
  put(folder / "a.db", "mine");
  const auto there = Database::open(folder / "a.db", OpenMode::create);
  REQUIRE(!there);
  CHECK(there.error().kind == ErrorKind::refused);
  CHECK(bytes_of(folder / "a.db") == "mine");
  const auto missing = Database::open(folder / "b.db", OpenMode::read_write);
  REQUIRE(!missing);
  CHECK(missing.error().kind == ErrorKind::not_found);
  CHECK(!std::filesystem::exists(folder / "b.db"));
}

TEST_CASE("names that SQLite takes for more than a path are paths here") {
  const Folder folder;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  for (const char* name : {":memory:", "file:x.db?mode=memory"}) {
    { auto database = make_database(name); }
    CHECK(std::filesystem::exists(name));
  }
  std::filesystem::current_path(before);
}

TEST_CASE("a kept statement is clean when it is used again, and may be used within itself") {
  const Folder folder;
  auto database = make_database(folder / "a.db");
  {
    auto statement = must(database.prepare("SELECT ?1"));
    statement->bind(1, std::int64_t{7});
    REQUIRE(must(statement->step()));
    auto inner = must(database.prepare("SELECT ?1"));
    inner->bind(1, std::int64_t{8});
    REQUIRE(must(inner->step()));
    CHECK(statement->integer(0) == 7);
    CHECK(inner->integer(0) == 8);
  }
  auto again = must(database.prepare("SELECT ?1"));
  REQUIRE(must(again->step()));
  CHECK(again->is_null(0));
}

TEST_CASE("an empty view is an empty blob, and a wrong index is told") {
  const Folder folder;
  auto database = make_database(folder / "a.db");
  insert(database, {});
  auto statement = must(database.prepare("SELECT b FROM t"));
  REQUIRE(must(statement->step()));
  CHECK(!statement->is_null(0));
  CHECK(statement->blob(0).empty());
  auto wrong = must(database.prepare("SELECT 1"));
  wrong->bind(3, std::int64_t{1});
  CHECK(!wrong->step());
}

TEST_CASE("a transaction that is not committed leaves nothing, and they do not nest") {
  const Folder folder;
  auto database = make_database(folder / "a.db");
  {
    auto transaction = must(Transaction::begin(database));
    insert(database, "x");
    CHECK(!Transaction::begin(database));
  }
  CHECK(count(database) == 0);
  auto transaction = must(Transaction::begin(database));
  insert(database, "x");
  must(transaction.commit());
  CHECK(!transaction.commit());
  CHECK(count(database) == 1);
}

TEST_CASE("data_version tells of others' commits and not of our own, in a transaction too") {
  const Folder folder;
  auto one = make_database(folder / "a.db");
  auto two = must(Database::open(folder / "a.db", OpenMode::read_write));
  const auto first = one.data_version();
  insert(one, "own");
  CHECK(one.data_version() == first);
  insert(two, "other");
  {
    auto transaction = must(Transaction::begin(one));
    CHECK(one.data_version() != first);
  }
  const auto second = one.data_version();
  CHECK(second != first);
  auto transaction = must(Transaction::begin(one, TransactionKind::deferred));
  CHECK(one.data_version() == second);
  CHECK(count(one) == 2);
  insert(two, "later");
  CHECK(one.data_version() == second);  // the snapshot's
  CHECK(count(one) == 2);
}

TEST_CASE("a store that is not in use is one file; a log that was found stays until it is known to be ours") {
  const Folder folder;
  const std::string path = folder / "a.db";
  { auto database = make_database(path); }
  CHECK(folder.contents().size() == 1);
  const pid_t child = ::fork();
  if (child == 0) {
    auto database = Database::open(path, OpenMode::read_write);
    insert(*database, "x");
    ::_exit(0);  // without closing
  }
  REQUIRE(::waitpid(child, nullptr, 0) == child);
  const auto log = bytes_of(path + "-wal");
  REQUIRE(!log.empty());
  {
    auto other = must(Database::open(path, OpenMode::read_write));
    CHECK(count(other) == 1);
  }
  CHECK(bytes_of(path + "-wal") == log);
  {
    auto other = must(Database::open(path, OpenMode::read_write));
    other.keep_tidy();
    CHECK(count(other) == 1);
  }
  CHECK(folder.contents().size() == 1);
}

TEST_CASE("16 processes that write at once, opening and closing, never see 'locked'") {
  const Folder folder;
  { auto database = make_database(folder / "a.db"); }
  constexpr int kProcesses = 16;
  constexpr int kRounds = 20;
  for (int process = 0; process < kProcesses; ++process) {
    if (::fork() != 0) continue;
    for (int i = 0; i < kRounds; ++i) {
      auto database = Database::open(folder / "a.db", OpenMode::read_write);
      if (!database) ::_exit(1);
      database->keep_tidy();
      auto transaction = Transaction::begin(*database);
      if (!transaction) ::_exit(2);
      auto statement = database->prepare("INSERT INTO t(b) VALUES(x'00')");
      if (!statement || !(*statement)->run() || !transaction->commit()) ::_exit(3);
    }
    ::_exit(0);
  }
  for (int process = 0; process < kProcesses; ++process) {
    int outcome = 0;
    REQUIRE(::wait(&outcome) > 0);
    CHECK(outcome == 0);
  }
  auto database = must(Database::open(folder / "a.db", OpenMode::read_write));
  CHECK(count(database) == kProcesses * kRounds);
}

}  // namespace
}  // namespace vtoken::store::test
