// Files that are not what they should be: each gets one line, and stays as it is.
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "store_fixture.hpp"

namespace vtoken::store::test {
namespace {

void check_refused(const Folder& folder, const std::string& path, ErrorKind kind, std::string_view part) {
  const auto before = folder.contents();
  const auto file = StoreFile::open(path, {});
  REQUIRE(!file);
  check_one_line(file.error());
  CHECK(file.error().kind == kind);
  CHECK(file.error().text().find(part) != std::string::npos);
  CHECK(folder.contents() == before);
}

// A store with tokens and roles on several pages.
std::string make_full_store(const Folder& folder) {
  const std::string path = make_store(folder);
  auto file = open_store(path);
  add_tokens(file, 60, true);
  return path;
}

void put_number(std::string& bytes, std::size_t at, std::uint32_t number) {
  for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>(number >> (24U - 8U * i));
}

TEST_CASE("what is no store is said to be none") {
  const Folder folder;
  check_refused(folder, folder / "missing.db", ErrorKind::not_found, "store init");
  check_refused(folder, folder.path() + "/a/b.db", ErrorKind::not_found, "store init");
  put(folder / "empty.db", "");
  check_refused(folder, folder / "empty.db", ErrorKind::damaged, "empty");
  put(folder / "text.db", "These are the words of my novel, chapter one.\n");
  check_refused(folder, folder / "text.db", ErrorKind::damaged, "not a vtoken store");
  put(folder / "zeros.db", std::string(8192, '\0'));
  check_refused(folder, folder / "zeros.db", ErrorKind::damaged, "not a vtoken store");
  const Folder inner;
  check_refused(folder, inner.path(), ErrorKind::damaged, "not a file");
}

TEST_CASE("another program's database stays as it is, its log too") {
  const Folder folder;
  const std::string path = folder / "foreign.db";
  const pid_t child = ::fork();
  if (child == 0) {  // ends without closing, so that a log stays behind
    sqlite3* database = nullptr;
    sqlite3_open(path.c_str(), &database);
    sqlite3_exec(database, "PRAGMA journal_mode = WAL; CREATE TABLE t(a); INSERT INTO t VALUES(1)", nullptr, nullptr,
                 nullptr);
    ::_exit(0);
  }
  REQUIRE(::waitpid(child, nullptr, 0) == child);
  REQUIRE(std::filesystem::file_size(path + "-wal") > 0);
  check_refused(folder, path, ErrorKind::damaged, "not a vtoken store");
}

TEST_CASE("a newer format is left to a newer program") {
  const Folder folder;
  const std::string path = make_store(folder);
  auto bytes = bytes_of(path);
  put_number(bytes, 60, 3);
  put(path, bytes);
  check_refused(folder, path, ErrorKind::damaged, "newer vtoken");
}

TEST_CASE("a newer format that only the log tells of is left, too") {
  const Folder folder;
  const std::string path = make_store(folder);
  const pid_t child = ::fork();
  if (child == 0) {
    sqlite3* database = nullptr;
    sqlite3_open(path.c_str(), &database);
    sqlite3_exec(database, "PRAGMA user_version = 7; DROP TABLE roles; ALTER TABLE state RENAME TO states", nullptr,
                 nullptr, nullptr);
    ::_exit(0);
  }
  REQUIRE(::waitpid(child, nullptr, 0) == child);
  const auto file = StoreFile::open(path, {});
  REQUIRE(!file);
  CHECK(file.error().text().find("newer vtoken (format 7") != std::string::npos);
  CHECK(std::filesystem::file_size(path + "-wal") > 0);
}

TEST_CASE("a store cut short at any size is damaged") {
  const Folder folder;
  const std::string path = make_full_store(folder);
  const auto whole = bytes_of(path);
  for (std::size_t size = 1; size < whole.size(); size += size < 200 ? 1 : 509) {
    CAPTURE(size);
    put(path, whole.substr(0, size));
    check_refused(folder, path, ErrorKind::damaged, "store");
  }
}

// Opens, reads and verifies; the file must answer in one of the known ways, and be as it was.
void survive(const Folder& folder, const std::string& path, bool& noticed) {
  const auto before = folder.contents();
  {
    auto file = StoreFile::open(path, {});
    if (!file) {
      check_one_line(file.error());
      CHECK((file.error().kind == ErrorKind::damaged || file.error().kind == ErrorKind::io ||
             file.error().kind == ErrorKind::wrong_key));
      noticed = true;
    } else {
      const auto report = verify(*file);
      noticed = !report || !report->findings.empty();
      const auto shown = status(*file, kStart);
      if (!shown) check_one_line(shown.error());
    }
  }
  CHECK(folder.contents() == before);
}

TEST_CASE("any flipped byte of the header is harmless or noticed, and stays") {
  const Folder folder;
  const std::string path = make_full_store(folder);
  const auto whole = bytes_of(path);
  // Unused or free to vary: change counter, cookies, the cache's size, SQLite's version.
  const auto may_pass = [](std::size_t at) {
    return (at >= 24 && at < 28) || (at >= 40 && at < 44) || (at >= 48 && at < 52) || (at >= 92 && at < 100);
  };
  for (std::size_t at = 0; at < 100; ++at) {
    for (const int bit : {1, 16, 128}) {
      CAPTURE(at);
      CAPTURE(bit);
      auto damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ bit);
      put(path, damaged);
      bool noticed = false;
      survive(folder, path, noticed);
      CHECK((noticed || may_pass(at)));
    }
  }
}

TEST_CASE("flipped bytes anywhere harm nothing else; those in rows are noticed") {
  const Folder folder;
  const std::string path = make_full_store(folder);
  const auto whole = bytes_of(path);
  std::size_t noticed_count = 0;
  std::size_t used = 0;
  for (std::size_t at = 100; at < whole.size(); at += 37) {
    CAPTURE(at);
    auto damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    put(path, damaged);
    bool noticed = false;
    survive(folder, path, noticed);
    // Zeros are mostly the free middle of a page; the root of `tokens` (page 4) holds what was there before it grew.
    const bool in_use = whole[at] != 0 && at / 4096 != 3;
    if (in_use) ++used;
    if (in_use && noticed) ++noticed_count;
  }
  CHECK(noticed_count * 100 >= used * 95);
}

// Runs `work` as a user without rights, in a child; true when the child says so.
template <class Work>
bool as_nobody(Work work) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(2);
    ::_exit(work() ? 0 : 1);
  }
  int outcome = -1;
  REQUIRE(::waitpid(child, &outcome, 0) == child);
  return outcome == 0;
}

void give_to_nobody(const std::string& path) {
  if (::geteuid() == 0) REQUIRE(::chown(path.c_str(), 65534, 65534) == 0);
}

TEST_CASE("a read-only file, folder or an unreadable one gets one line and stays") {
  const Folder folder;
  const std::string path = make_full_store(folder);
  const auto before = folder.contents();
  for (const auto& entry : before) give_to_nobody(folder / entry.first);
  give_to_nobody(folder.path());
  const auto refused = [&path](std::string_view part) {
    return as_nobody([&] {
      const auto file = StoreFile::open(path, {});
      return !file && file.error().kind == ErrorKind::io && file.error().text().find(part) != std::string::npos;
    });
  };
  REQUIRE(as_nobody([&path] { return StoreFile::open(path, {}).has_value(); }));
  ::chmod(path.c_str(), 0400);
  CHECK(refused("read-only"));
  ::chmod(path.c_str(), 0000);
  CHECK(refused("cannot be read"));
  ::chmod(path.c_str(), 0600);
  ::chmod(folder.path().c_str(), 0500);
  CHECK(refused("read-only"));
  ::chmod(folder.path().c_str(), 0700);
  CHECK(folder.contents() == before);
}

TEST_CASE("a full disk: each write says so, and the store is as it was") {
  const Folder folder;
  const std::string path = make_full_store(folder);
  const auto before = bytes_of(path);
  const auto tokens = count_tokens(path);
  // Room grows a page at a time, so that every write of every step meets its end once.
  int refusals = 0;
  for (rlim_t room = 0; room < 64 * 4096; room += 2048) {
    CAPTURE(room);
    const pid_t child = ::fork();
    if (child == 0) {
      std::signal(SIGXFSZ, SIG_IGN);
      const rlimit limit{room, room};
      ::setrlimit(RLIMIT_FSIZE, &limit);
      auto file = StoreFile::open(path, {});
      if (!file) ::_exit(file.error().text().find("full") != std::string::npos ? 1 : 3);
      auto term = rotate(*file, kStart);
      if (!term) ::_exit(term.error().text().find("full") != std::string::npos ? 1 : 4);
      ::_exit(0);
    }
    int outcome = -1;
    REQUIRE(::waitpid(child, &outcome, 0) == child);
    REQUIRE(WIFEXITED(outcome));
    const int code = WEXITSTATUS(outcome);
    REQUIRE(code <= 1);
    if (code == 1) {
      ++refusals;
      CHECK(bytes_of(path) == before);
      CHECK(count_tokens(path) == tokens);
    } else {
      break;
    }
  }
  CHECK(refusals > 0);
  check_sound(path);
}

}  // namespace
}  // namespace vtoken::store::test
