// Processes killed in the middle of administration: the store opens afterwards, as it was or as it was to be.
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <random>
#include <thread>

#include "store_fixture.hpp"

namespace vtoken::store::test {
namespace {

constexpr int kRounds = 40;

// Runs `work` again and again in a child and kills it after a random time.
template <class Work>
void kill_in_the_middle(std::mt19937& random, Work work) {
  const pid_t child = ::fork();
  if (child == 0) {
    for (int i = 0; i < 1000; ++i) {
      if (!work()) ::_exit(1);
    }
    ::_exit(0);
  }
  std::this_thread::sleep_for(std::chrono::microseconds(std::uniform_int_distribution<>(0, 30'000)(random)));
  ::kill(child, SIGKILL);
  int outcome = 0;
  REQUIRE(::waitpid(child, &outcome, 0) == child);
  CHECK((WIFSIGNALED(outcome) || WEXITSTATUS(outcome) == 0));
}

TEST_CASE("rekey killed at any point leaves a store that opens without a word about keys") {
  const Folder folder;
  const std::string path = make_store(folder);
  {
    auto file = open_store(path);
    add_tokens(file, 5, true);
  }
  std::mt19937 random(1);
  for (int round = 0; round < kRounds; ++round) {
    kill_in_the_middle(random, [&path] {
      auto file = StoreFile::open(path, {});
      return file && rekey(*file, {});
    });
    CHECK(count_tokens(path) == 6);
  }
  check_sound(path);
}

TEST_CASE("init killed at any point can be done again, and the token that is kept is the store's") {
  std::mt19937 random(2);
  for (int round = 0; round < kRounds; ++round) {
    const Folder folder;
    const ManualClock clock(kStart);
    const std::string path = folder / "store.db";
    kill_in_the_middle(random, [&] {
      const auto made = init({path}, clock);
      return made || made.error().kind == ErrorKind::refused;
    });
    if (!std::filesystem::exists(path)) must(init({path}, clock));
    auto token = bytes_of(path + ".token");
    REQUIRE(!token.empty());
    token.pop_back();
    auto file = open_store(path);
    TokenTable tokens(file.database(), file.keyring());
    CHECK(must(tokens.by_id(file.keyring().hash_id(token), kStart)).has_value());
  }
}

TEST_CASE("restore and rotate killed at any point leave the old store or the new one") {
  const Folder folder;
  const std::string path = make_store(folder);
  {
    auto file = open_store(path);
    add_tokens(file, 200, true);
    must(backup(file, folder / "copy.db"));
    add_tokens(file, 100);
  }
  std::mt19937 random(3);
  for (int round = 0; round < kRounds; ++round) {
    kill_in_the_middle(random, [&] {
      auto restored = restore({path, {}, folder / "copy.db", {}, false});
      auto file = StoreFile::open(path, {});
      return restored && file && rotate(*file, kStart);
    });
    const auto tokens = count_tokens(path);
    CHECK((tokens == 201 || tokens == 301));
    check_sound(path);
  }
  must(restore({path, {}, folder / "copy.db", {}, false}));
  for (const auto& entry : folder.contents()) CHECK(entry.first.find("restore-") == std::string::npos);
}

}  // namespace
}  // namespace vtoken::store::test
