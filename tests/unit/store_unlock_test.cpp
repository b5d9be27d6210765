#include "store/unlock.hpp"

#include <unistd.h>

#include "store_fixture.hpp"

namespace vtoken::store::test {
namespace {

const std::string kId = "0123456789abcdef";

void check_refused(const std::string& path, const Unlock& unlock, ErrorKind kind, std::string_view part) {
  const auto file = StoreFile::open(path, unlock);
  REQUIRE(!file);
  check_one_line(file.error());
  CHECK(file.error().kind == kind);
  CHECK(file.error().text().find(part) != std::string::npos);
}

TEST_CASE("a wrong key is a wrong key, and changes nothing") {
  const Folder folder;
  const std::string path = make_store(folder);
  const auto before = folder.contents();
  put(folder / "other", std::string(32, 'x'));
  check_refused(path, {folder / "other", {}}, ErrorKind::wrong_key, "does not open");
  check_refused(path, {folder / "missing", {}}, ErrorKind::wrong_key, "missing");
  check_refused(path, {{}, SecretString("passphrase")}, ErrorKind::wrong_key, "key file, not with a passphrase");
  std::filesystem::remove(folder / "other");
  CHECK(folder.contents() == before);
}

TEST_CASE("a key file must have 32 bytes and be closed to others") {
  const Folder folder;
  const std::string path = make_store(folder);
  const std::string key = bytes_of(path + ".key");
  REQUIRE(key.size() == 32);
  const auto store = bytes_of(path);
  for (const mode_t mode : {0640U, 0620U, 0604U, 0602U, 0610U, 0601U, 0666U, 0777U}) {
    ::chmod((path + ".key").c_str(), mode);
    check_refused(path, {}, ErrorKind::io, "chmod 600");
  }
  ::chmod((path + ".key").c_str(), 0400);
  CHECK(StoreFile::open(path, {}));
  ::chmod((path + ".key").c_str(), 0600);
  for (const std::size_t size : {0U, 1U, 31U}) {
    put(path + ".key", key.substr(0, size));
    check_refused(path, {}, ErrorKind::wrong_key, "32 bytes");
  }
  put(path + ".key", key + "\n");
  check_refused(path, {}, ErrorKind::wrong_key, "32 bytes");
  std::filesystem::remove(path + ".key");
  check_refused(path, {}, ErrorKind::wrong_key, "missing");
  std::filesystem::create_directory(path + ".key");
  ::chmod((path + ".key").c_str(), 0700);
  check_refused(path, {}, ErrorKind::io, "regular file");
  CHECK(bytes_of(path) == store);
}

TEST_CASE("another user's key file is refused" * doctest::skip(::geteuid() != 0)) {
  const Folder folder;
  const std::string path = make_store(folder);
  REQUIRE(::chown((path + ".key").c_str(), 12345, 12345) == 0);
  check_refused(path, {}, ErrorKind::io, "another user");
}

TEST_CASE("a passphrase opens what it locked") {
  const Folder folder;
  const ManualClock clock(kStart);
  const std::string path = folder / "store.db";
  InitOptions options{path, {{}, SecretString("correct horse")}, true, kCheap};
  const auto report = must(init(options, clock));
  CHECK(report.key_file.empty());
  CHECK(!std::filesystem::exists(path + ".key"));
  CHECK(must(lock_kind(path)) == LockKind::passphrase);
  const auto before = folder.contents();
  CHECK(StoreFile::open(path, {{}, SecretString("correct horse")}));
  check_refused(path, {{}, SecretString("correct horsf")}, ErrorKind::wrong_key, "does not open");
  check_refused(path, {}, ErrorKind::wrong_key, "-passphrase-file");
  CHECK(folder.contents() == before);
}

TEST_CASE("a damaged lock record is damage, not a wrong key") {
  const WrappingKey key = WrappingKey::generate();
  const std::string bytes = encode_lock(key.lock(Keyring::generate(kStart), kId));
  CHECK(key.unlock(must(decode_lock(bytes)), kId));
  CHECK(key.unlock(must(decode_lock(bytes)), "another store's.").error().kind == ErrorKind::wrong_key);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    auto damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 4);
    const auto record = decode_lock(damaged);
    REQUIRE(!record);
    CHECK(record.error().kind == ErrorKind::damaged);
    CHECK(!decode_lock(bytes.substr(0, i)));
  }
}

TEST_CASE("a crafted record cannot make scrypt eat the machine") {
  for (const ScryptCost cost : {ScryptCost{25, 8, 1}, ScryptCost{24, 64, 1}, ScryptCost{0, 8, 1}, ScryptCost{10, 0, 1},
                                ScryptCost{10, 8, 1000}, ScryptCost{4'000'000'000, 8, 1}}) {
    const auto key = WrappingKey::from_passphrase(SecretString("x"), "salt", cost);
    REQUIRE(!key);
    CHECK(key.error().kind == ErrorKind::damaged);
  }
}

}  // namespace
}  // namespace vtoken::store::test
