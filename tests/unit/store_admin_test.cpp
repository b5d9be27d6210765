#include <sys/wait.h>
#include <unistd.h>

#include "store_fixture.hpp"

namespace vtoken::store::test {
namespace {

bool has_token(StoreFile& file, const std::string& id) {
  TokenTable tokens(file.database(), file.keyring());
  auto transaction = must(Transaction::begin(file.database(), TransactionKind::deferred));
  must(file.refresh());
  return must(tokens.by_id(file.keyring().hash_id(id), kStart)).has_value();
}

std::size_t files_like(const Folder& folder, std::string_view part) {
  std::size_t count = 0;
  for (const auto& entry : folder.contents()) {
    if (entry.first.find(part) != std::string::npos) ++count;
  }
  return count;
}

TEST_CASE("init makes a store, its key and its root token, all closed to others, and nothing else") {
  const Folder folder;
  const ManualClock clock(kStart);
  const auto report = must(init({folder / "store.db"}, clock));
  CHECK(files_like(folder, "") == 3);
  for (const auto& name : {"store.db", "store.db.key", "store.db.token"}) {
    struct stat info {};
    REQUIRE(::stat((folder / name).c_str(), &info) == 0);
    CHECK((info.st_mode & 0777U) == 0600U);
  }
  CHECK(bytes_of(report.token_file) == std::string(report.root_token.view()) + "\n");
  auto file = open_store(folder / "store.db");
  CHECK(has_token(file, std::string(report.root_token.view())));
  check_sound(folder / "store.db");
}

TEST_CASE("init takes no place that is taken") {
  const Folder folder;
  const ManualClock clock(kStart);
  const std::string path = make_store(folder);
  const auto before = folder.contents();
  const auto again = init({path}, clock);
  REQUIRE(!again);
  CHECK(again.error().kind == ErrorKind::refused);
  CHECK(folder.contents() == before);
  put(folder / "other.db-wal", "a log of something else");
  const auto log = init({folder / "other.db"}, clock);
  REQUIRE(!log);
  CHECK(log.error().kind == ErrorKind::refused);
  CHECK(!std::filesystem::exists(folder / "other.db"));
  const auto lost = init({folder / "no/folder/store.db"}, clock);
  REQUIRE(!lost);
  check_one_line(lost.error());
}

TEST_CASE("init uses a key that is there, and keeps an older token file") {
  const Folder folder;
  const ManualClock clock(kStart);
  put(folder / "store.db.key", std::string(32, 'k'));
  put(folder / "store.db.token", "older\n");
  must(init({folder / "store.db"}, clock));
  CHECK(bytes_of(folder / "store.db.key") == std::string(32, 'k'));
  CHECK(bytes_of(folder / "store.db.token.old") == "older\n");
  put(folder / "bad.db.key", "short");
  const auto bad = init({folder / "bad.db"}, clock);
  REQUIRE(!bad);
  CHECK(bytes_of(folder / "bad.db.key") == "short");
  CHECK(!std::filesystem::exists(folder / "bad.db"));
  const auto printed = must(init({folder / "third.db", {}, false}, clock));
  CHECK(!std::filesystem::exists(folder / "third.db.token"));
  CHECK(!printed.root_token.empty());
}

TEST_CASE("of many processes that make one store at once, one does, and its token is the one kept") {
  const Folder folder;
  constexpr int kProcesses = 8;
  for (int i = 0; i < kProcesses; ++i) {
    if (::fork() != 0) continue;
    const ManualClock clock(kStart);
    const auto made = init({folder / "store.db"}, clock);
    ::_exit(made ? 0 : made.error().kind == ErrorKind::refused ? 1 : 2);
  }
  int made = 0;
  for (int i = 0; i < kProcesses; ++i) {
    int outcome = -1;
    REQUIRE(::wait(&outcome) > 0);
    REQUIRE(WIFEXITED(outcome));
    REQUIRE(WEXITSTATUS(outcome) <= 1);
    made += WEXITSTATUS(outcome) == 0 ? 1 : 0;
  }
  CHECK(made == 1);
  CHECK(folder.contents().size() == 3);
  auto file = open_store(folder / "store.db");
  auto token = bytes_of(folder / "store.db.token");
  token.pop_back();
  CHECK(has_token(file, token));
}

TEST_CASE("rotate adds a term, and a store open elsewhere seals with it") {
  const Folder folder;
  const std::string path = make_store(folder);
  auto one = open_store(path);
  auto two = open_store(path);
  add_tokens(two, 1);
  CHECK(must(rotate(one, kStart + 1)) == 2);
  CHECK(must(rotate(one, kStart + 2)) == 3);
  add_tokens(two, 1);
  CHECK(two.keyring().active_term() == 3);
  CHECK(must(status(one, kStart)).tokens == 3);
  CHECK(has_token(one, "token-2"));
  CHECK(has_token(one, "token-3"));
  check_sound(path);
}

TEST_CASE("refresh tells of others' writes once, and costs nothing of our own") {
  const Folder folder;
  const std::string path = make_store(folder);
  auto one = open_store(path);
  auto two = open_store(path);
  CHECK(!must(one.refresh()));
  add_tokens(two, 1);
  CHECK(must(one.refresh()));
  CHECK(!must(one.refresh()));
  add_tokens(one, 1);
  CHECK(!must(one.refresh()));
}

TEST_CASE("rekey goes from key file to key file to passphrase to key file; others go on where they can") {
  const Folder folder;
  const std::string path = make_store(folder);
  auto file = open_store(path);
  auto other = open_store(path);
  add_tokens(file, 3);
  const std::string first = bytes_of(path + ".key");

  const auto fresh = must(rekey(file, {}));
  CHECK(fresh.key_file == path + ".key");
  CHECK(bytes_of(path + ".key") != first);
  CHECK(bytes_of(fresh.kept) == first);
  CHECK(has_token(other, "token-2"));
  CHECK(count_tokens(path) == 4);

  const auto named = must(rekey(file, {folder / "own.key", {}}));
  CHECK(named.key_file == folder / "own.key");
  CHECK(!std::filesystem::exists(path + ".key"));
  CHECK(!StoreFile::open(path, {}));
  CHECK(count_tokens(path, {folder / "own.key", {}}) == 4);
  CHECK(rekey(file, {folder / "own.key", {}}).error().kind == ErrorKind::refused);

  const auto phrase = must(rekey(file, {{}, SecretString("words"), kCheap}));
  CHECK(phrase.lock == LockKind::passphrase);
  CHECK(count_tokens(path, {{}, SecretString("words")}) == 4);
  CHECK(StoreFile::open(path, {folder / "own.key", {}}).error().kind == ErrorKind::wrong_key);
  const auto lost = other.refresh();
  REQUIRE(!lost);
  CHECK(lost.error().kind == ErrorKind::wrong_key);

  must(rekey(file, {}));
  CHECK(count_tokens(path) == 4);
  check_sound(path);
}

TEST_CASE("a backup is a store of its own, made while others write, and never over a file") {
  const Folder folder;
  const std::string path = make_store(folder);
  auto file = open_store(path);
  add_tokens(file, 50, true);
  must(backup(file, folder / "copy.db"));
  add_tokens(file, 1);
  struct stat info {};
  REQUIRE(::stat((folder / "copy.db").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777U) == 0600U);
  const auto before = bytes_of(folder / "copy.db");
  CHECK(backup(file, folder / "copy.db").error().kind == ErrorKind::refused);
  CHECK(backup(file, path).error().kind == ErrorKind::refused);
  CHECK(bytes_of(folder / "copy.db") == before);
  CHECK(count_tokens(folder / "copy.db", {path + ".key", {}}) == 51);
  check_sound(folder / "copy.db", {path + ".key", {}});
  CHECK(!backup(file, folder / "no/folder/copy.db"));
  CHECK(files_like(folder, "backup-") == 0);
}

TEST_CASE("restore brings the backup back under an open store, with a higher epoch and the store's own key") {
  const Folder folder;
  const std::string path = make_store(folder);
  auto file = open_store(path);
  add_tokens(file, 2);
  must(backup(file, folder / "copy.db"));
  add_tokens(file, 2);
  must(rotate(file, kStart));
  must(rekey(file, {}));
  const std::string copy = bytes_of(folder / "copy.db");
  const auto report = must(restore({path, {}, folder / "copy.db", {}, false}));
  CHECK(report.index_epoch == 1);
  CHECK(report.tokens == 3);
  CHECK(bytes_of(folder / "copy.db") == copy);
  CHECK(has_token(file, "token-3"));
  CHECK(!has_token(file, "token-4"));
  CHECK(file.keyring().active_term() == 1);
  CHECK(must(read_state(file.database())).next_seq == 6);
  add_tokens(file, 1);
  CHECK(has_token(file, "token-6"));
  CHECK(must(restore({path, {}, folder / "copy.db", {}, false})).index_epoch == 2);
  check_sound(path);
  CHECK(files_like(folder, "restore-") == 0);
}

TEST_CASE("restore makes a store where there is none, with the backup's key in its place") {
  const Folder folder;
  const std::string path = make_store(folder);
  {
    auto file = open_store(path);
    add_tokens(file, 2);
    must(backup(file, folder / "copy.db"));
  }
  std::filesystem::rename(path + ".key", folder / "copy.db.key");
  std::filesystem::remove(path);
  const auto report = must(restore({path, {}, folder / "copy.db", {}, false}));
  CHECK(report.index_epoch == 1);
  CHECK(count_tokens(path) == 3);
}

TEST_CASE("restore refuses another store's backup, damage and rubbish, and changes nothing then") {
  const Folder folder;
  const std::string path = make_store(folder);
  const std::string other = make_store(folder, "other.db");
  {
    auto file = open_store(other);
    add_tokens(file, 40);
    must(backup(file, folder / "other-copy.db"));
    must(backup(file, folder / "broken.db"));
  }
  auto broken = bytes_of(folder / "broken.db");
  const auto row = broken.find("tokens", 0) == std::string::npos ? 0 : std::size_t{4 * 4096 - 1000};
  for (std::size_t at = row; at < row + 100; ++at) broken[at] = 'x';
  put(folder / "broken.db", broken);
  put(folder / "novel.txt", "Chapter one.");
  const auto before = folder.contents();
  const Unlock others{other + ".key", {}};
  CHECK(restore({path, {}, folder / "other-copy.db", others, false}).error().kind == ErrorKind::refused);
  CHECK(restore({path, {}, folder / "other-copy.db", {}, false}).error().kind == ErrorKind::wrong_key);
  CHECK(restore({other, {}, folder / "broken.db", {}, false}).error().kind == ErrorKind::damaged);
  CHECK(restore({path, {}, folder / "novel.txt", {}, false}).error().kind == ErrorKind::damaged);
  CHECK(restore({path, {}, folder / "missing.db", {}, false}).error().kind == ErrorKind::not_found);
  CHECK(restore({folder / "novel.txt", {}, folder / "other-copy.db", others, false}).error().kind ==
        ErrorKind::damaged);
  CHECK(folder.contents() == before);

  const auto forced = must(restore({path, {}, folder / "other-copy.db", others, true}));
  CHECK(forced.set_aside.empty());
  CHECK(count_tokens(path) == 41);
  check_sound(path);
}

TEST_CASE("forced over what does not open, restore keeps that aside") {
  const Folder folder;
  const std::string path = make_store(folder);
  {
    auto file = open_store(path);
    must(backup(file, folder / "copy.db"));
  }
  auto damaged = bytes_of(path);
  damaged[3] = 'X';
  put(path, damaged);
  const auto report = must(restore({path, {}, folder / "copy.db", {}, true}));
  CHECK(bytes_of(report.set_aside) == damaged);
  CHECK(report.index_epoch > 1);
  CHECK(count_tokens(path) == 1);

  // A sound store whose key is lost: its content is replaced in place, since others may have it open.
  const std::string locked = make_store(folder, "locked.db");
  put(locked + ".key", std::string(32, 'z'));
  const auto over = must(restore({locked, {}, folder / "copy.db", {path + ".key", {}}, true}));
  CHECK(std::filesystem::exists(over.set_aside));
  CHECK(count_tokens(locked, {path + ".key", {}}) == 1);
}

TEST_CASE("tidy removes the expired and their descendants") {
  const Folder folder;
  const std::string path = make_store(folder);
  auto file = open_store(path);
  add_tokens(file, 5, true, kStart + kSecond);
  add_tokens(file, 2);
  CHECK(must(tidy(file, kStart)) == 0);
  CHECK(must(status(file, kStart + 2 * kSecond)).expired == 5);
  CHECK(must(tidy(file, kStart + 2 * kSecond)) == 5);
  CHECK(must(status(file, kStart + 2 * kSecond)).tokens == 3);
  check_sound(path);
}

TEST_CASE("verify finds what was tampered with") {
  const Folder folder;
  const std::string path = make_store(folder);
  {
    auto file = open_store(path);
    add_tokens(file, 6, true);
  }
  const auto whole = bytes_of(path);
  const auto finds = [&](Sql tampering, std::string_view part) {
    put(path, whole);
    auto file = open_store(path);
    must(file.database().exec(tampering));
    const auto report = must(verify(file));
    for (const auto& finding : report.findings) {
      if (finding.find(part) != std::string::npos) return true;
    }
    return false;
  };
  CHECK(!finds("SELECT 1", ""));
  CHECK(finds("UPDATE tokens SET expire_at = 5 WHERE seq = 3", "token 3: its entry does not open"));
  CHECK(finds("UPDATE tokens SET uses = 5 WHERE seq = 3", "token 3: its entry does not open"));
  CHECK(finds("UPDATE tokens SET parent = NULL WHERE seq = 3", "token 3: its entry does not open"));
  CHECK(finds("UPDATE tokens SET id_hash = zeroblob(16) WHERE seq = 3", "token 3: its entry does not open"));
  CHECK(finds("UPDATE tokens SET id_hash = zeroblob(15) WHERE seq = 3", "token 3: a keyed hash"));
  CHECK(finds("UPDATE tokens SET sealed = (SELECT sealed FROM tokens AS t WHERE t.seq = 2) WHERE seq = 3",
              "token 3: its entry does not open"));
  CHECK(finds("UPDATE tokens SET seq = -seq WHERE seq IN (3, 4); UPDATE tokens SET seq = 7 + seq WHERE seq < 0",
              "token 4: its entry does not open"));
  CHECK(finds("DELETE FROM tokens WHERE seq = 4", "token 5: its parent is missing"));
  CHECK(finds("CREATE INDEX mine ON tokens(uses)", "mine is not as the format has it"));
  CHECK(finds("CREATE TRIGGER mine AFTER INSERT ON tokens BEGIN DELETE FROM tokens; END", "mine is not as the format"));
  CHECK(finds("DROP INDEX tokens_parent", "missing table or index"));
  CHECK(finds("UPDATE state SET next_seq = 2", "its number was not given out yet"));
  CHECK(finds("INSERT INTO roles VALUES(zeroblob(16), x'00')", "role 1: its entry does not open"));
  CHECK(finds("INSERT INTO policies VALUES(zeroblob(16), x'00')", "policy 1: its entry does not open"));
}

TEST_CASE("an upgrade runs each step once, all or none") {
  const Folder folder;
  const std::string path = make_store(folder);
  auto file = open_store(path);
  Database& database = file.database();
  int runs = 0;
  const auto step = [&runs](Database& at) {
    ++runs;
    return at.exec("UPDATE state SET commit_index = commit_index + 10");
  };
  const auto failing = [](Database& at) -> Result<void> { return fail(ErrorKind::io, "no room", at.path()); };
  // A new file is of version 2: what led there is not run again.
  const std::vector<Migration> broken{failing, step, failing};
  CHECK(!upgrade(database, broken));
  CHECK(must(read_version(database)) == 2);
  CHECK(must(read_state(database)).commit_index == 1);
  const std::vector<Migration> steps{failing, step, step};
  must(upgrade(database, steps));
  must(upgrade(database, steps));
  CHECK(runs == 3);
  CHECK(must(read_version(database, 4)) == 4);
  CHECK(must(read_state(database)).commit_index == 21);
  const auto older = upgrade(database, {});
  REQUIRE(!older);
  CHECK(older.error().text().find("newer vtoken") != std::string::npos);
}

TEST_CASE("a store of version 1 gets its policies") {
  const Folder folder;
  const std::string path = make_store(folder);
  {
    auto file = open_store(path);
    must(
        file.database().exec("DROP TABLE policies; ALTER TABLE state DROP COLUMN policy_version; "
                             "PRAGMA user_version = 1"));
  }
  auto file = open_store(path);
  CHECK(must(read_version(file.database())) == 2);
  CHECK(must(read_state(file.database())).commit_index == 1);
  CHECK(must(read_state(file.database())).policy_version == 0);
  CHECK(must(verify(file)).findings.empty());
}

}  // namespace
}  // namespace vtoken::store::test
