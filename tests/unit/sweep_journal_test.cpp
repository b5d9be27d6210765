#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "sweep/journal.hpp"

namespace vtoken::sweep {
namespace {

// Where a sync takes no time, if there is such a place.
std::filesystem::path in_memory() {
  const bool there = ::access("/dev/shm", R_OK | W_OK | X_OK) == 0;
  return there ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path();
}

// A folder that is removed at the end.
class Folder {
 public:
  explicit Folder(const std::filesystem::path& in = std::filesystem::temp_directory_path()) {
    std::string name = (in / "vtoken-journal-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string file(const std::string& name = "sweep.journal") const { return (path_ / name).string(); }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path_), {}));
  }

 private:
  std::filesystem::path path_;
};

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

void put(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
  std::filesystem::permissions(path, std::filesystem::perms(0600));
}

const JournalHead kHead{"https://127.0.0.1:8200", "team-a", R"({"policies":["ci-*"]})"};

JournalRow row(const std::string& accessor) {
  return {accessor, "token-" + accessor, "auth/token/create", {"default", "ci"}};
}

// Planned a, b, c and d; a and b were settled, c was begun. A second round planned e.
void write_example(const std::string& path) {
  auto journal = Journal::create(path, kHead);
  REQUIRE(journal);
  for (const char* accessor : {"a", "b", "c", "d"}) REQUIRE(journal->planned(row(accessor)));
  REQUIRE(journal->plan_complete());
  REQUIRE(journal->revoking("a"));
  REQUIRE(journal->settled("a", Outcome::revoked, ""));
  const std::array<std::string_view, 2> both = {"b", "c"};
  REQUIRE(journal->revoking(both));
  REQUIRE(journal->settled("b", Outcome::denied, "permission \"denied\"\nindeed"));
  REQUIRE(journal->planned(row("e")));
  REQUIRE(journal->plan_complete());
  REQUIRE(journal->close());
}

std::string shape(const JournalPast& past) {
  std::string text = past.plan_complete ? "planned" : "unplanned";
  for (const auto& entry : past.entries) {
    text += " " + entry.row.accessor + (entry.tried ? "!" : "");
    if (entry.outcome) text += "=" + std::string(outcome_name(*entry.outcome));
  }
  return text;
}

std::string resumed_shape(const std::string& path) {
  const auto resumed = Journal::resume(path);
  return resumed ? shape(resumed->past) : resumed.error().text();
}

TEST_CASE("what is written is what is read") {
  const Folder folder;
  write_example(folder.file());
  const auto resumed = Journal::resume(folder.file());
  REQUIRE(resumed);
  CHECK(resumed->past.head == kHead);
  CHECK(shape(resumed->past) == "planned a!=revoked b!=denied c! d e");
  const JournalRow& first = resumed->past.entries.front().row;
  CHECK(first.display_name == "token-a");
  CHECK(first.path == "auth/token/create");
  CHECK(first.policies == std::vector<std::string>{"default", "ci"});
}

TEST_CASE("the lines are those of the format") {
  const Folder folder;
  auto journal = Journal::create(folder.file(), {"file:///s.db", "", "all"});
  REQUIRE(journal);
  REQUIRE(journal->planned({"a1", "ci <x>", "auth/userpass/login/ann", {}}));
  CHECK(contents(folder.file()) ==
        "{\"event\":\"sweep\",\"version\":1,\"target\":\"file:///s.db\",\"namespace\":\"\",\"filter\":\"all\"}\n");
  REQUIRE(journal->plan_complete());
  REQUIRE(journal->revoking("a1"));
  REQUIRE(journal->settled("a1", Outcome::gone, ""));
  CHECK(contents(folder.file()).substr(contents(folder.file()).find('\n') + 1) ==
        "{\"event\":\"planned\",\"accessor\":\"a1\",\"policies\":[],\"display_name\":\"ci \\u003cx\\u003e\","
        "\"path\":\"auth/userpass/login/ann\"}\n"
        "{\"event\":\"plan-complete\"}\n"
        "{\"event\":\"revoking\",\"accessor\":\"a1\"}\n"
        "{\"event\":\"settled\",\"accessor\":\"a1\",\"outcome\":\"gone\",\"error\":null}\n");
}

TEST_CASE("it is for its owner alone, whatever the umask") {
  const Folder folder;
  const mode_t before = ::umask(0);
  auto journal = Journal::create(folder.file(), kHead);
  ::umask(0777);
  auto other = Journal::create(folder.file("other"), kHead);
  ::umask(before);
  REQUIRE(journal);
  REQUIRE(other);
  for (const auto& path : {folder.file(), folder.file("other")}) {
    struct stat info {};
    REQUIRE(::stat(path.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777U) == 0600U);
  }
}

TEST_CASE("one that is there is not overwritten") {
  const Folder folder;
  put(folder.file(), "mine");
  const auto journal = Journal::create(folder.file(), kHead);
  REQUIRE(!journal);
  CHECK(journal.error().kind == ErrorKind::refused);
  CHECK(journal.error().advice.find("-resume") != std::string::npos);
  CHECK(contents(folder.file()) == "mine");
  std::filesystem::create_symlink("/nowhere/at/all", folder.file("link"));
  CHECK(!Journal::create(folder.file("link"), kHead));
  CHECK(folder.files() == 2);
}

TEST_CASE("where it cannot be") {
  const Folder folder;
  CHECK(Journal::create(folder.file("no/such/folder"), kHead).error().kind == ErrorKind::not_found);
  CHECK(Journal::resume(folder.file()).error().kind == ErrorKind::not_found);
  CHECK(Journal::resume("/dev/null").error().kind == ErrorKind::damaged);
  REQUIRE(::mkfifo(folder.file("pipe").c_str(), 0600) == 0);
  CHECK(Journal::resume(folder.file("pipe")).error().kind == ErrorKind::damaged);
  CHECK(Journal::create("/dev/full", kHead).error().kind == ErrorKind::refused);
}

TEST_CASE("two sweeps do not write to one") {
  const Folder folder;
  {
    auto journal = Journal::create(folder.file(), kHead);
    REQUIRE(journal);
    const auto other = Journal::resume(folder.file());
    REQUIRE(!other);
    CHECK(other.error().kind == ErrorKind::refused);
  }
  auto resumed = Journal::resume(folder.file());
  REQUIRE(resumed);
  CHECK(Journal::resume(folder.file()).error().kind == ErrorKind::refused);
  // Moving it keeps it.
  Journal moved = std::move(resumed->journal);
  CHECK(Journal::resume(folder.file()).error().kind == ErrorKind::refused);
}

TEST_CASE("what others may change is not trusted") {
  const Folder folder;
  write_example(folder.file());
  for (const mode_t mode : {0620U, 0602U, 0666U}) {
    REQUIRE(::chmod(folder.file().c_str(), mode) == 0);
    const auto resumed = Journal::resume(folder.file());
    REQUIRE(!resumed);
    CHECK(resumed.error().kind == ErrorKind::refused);
    CHECK(resumed.error().message.find("chmod 600") != std::string::npos);
  }
  REQUIRE(::chmod(folder.file().c_str(), 0644) == 0);
  CHECK(Journal::resume(folder.file()));
}

TEST_CASE("cut off at any byte, it says no more than its whole lines do") {
  const Folder folder;
  write_example(folder.file());
  const std::string whole = contents(folder.file());
  std::string last = "a journal without a line";
  std::size_t heads = 0;
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    CAPTURE(size);
    const std::string path = folder.file("cut");
    put(path, std::string_view(whole).substr(0, size));
    const auto resumed = Journal::resume(path);
    if (size <= whole.find('\n')) {
      REQUIRE(!resumed);
      CHECK(resumed.error().kind == ErrorKind::damaged);
      CHECK(resumed.error().message.find("without -resume") != std::string::npos);
      ++heads;
      continue;
    }
    REQUIRE(resumed);
    if (whole[size - 1] == '\n') last = shape(resumed->past);
    CHECK(shape(resumed->past) == last);
    CHECK(contents(path) == whole.substr(0, whole.rfind('\n', size - 1) + 1));
  }
  CHECK(heads > 0);
  CHECK(last == "planned a!=revoked b!=denied c! d e");
}

TEST_CASE("it goes on behind what was cut off, again and again") {
  const Folder folder;
  write_example(folder.file());
  const auto cut = [&folder](std::size_t bytes) {
    const std::string text = contents(folder.file());
    put(folder.file(), std::string_view(text).substr(0, text.size() - bytes));
  };
  cut(3);  // the second plan is not complete any more
  {
    auto resumed = Journal::resume(folder.file());
    REQUIRE(resumed);
    CHECK(shape(resumed->past) == "planned a!=revoked b!=denied c! d");
    REQUIRE(resumed->journal.revoking("c"));
    REQUIRE(resumed->journal.settled("c", Outcome::gone, ""));
    REQUIRE(resumed->journal.revoking("d"));
  }
  cut(1);
  {
    auto resumed = Journal::resume(folder.file());
    REQUIRE(resumed);
    CHECK(shape(resumed->past) == "planned a!=revoked b!=denied c!=gone d");
    REQUIRE(resumed->journal.revoking("d"));
    REQUIRE(resumed->journal.settled("d", Outcome::revoked, ""));
    REQUIRE(resumed->journal.close());
  }
  CHECK(resumed_shape(folder.file()) == "planned a!=revoked b!=denied c!=gone d!=revoked");
}

TEST_CASE("a plan that is not complete is none") {
  const Folder folder;
  {
    auto journal = Journal::create(folder.file(), kHead);
    REQUIRE(journal);
    // More than is collected.
    for (int i = 0; i < 5000; ++i) REQUIRE(journal->planned(row(std::to_string(i))));
  }
  CHECK(contents(folder.file()).size() > 65536);
  CHECK(resumed_shape(folder.file()) == "unplanned");
}

TEST_CASE("what is planned again was still there") {
  const Folder folder;
  {
    auto journal = Journal::create(folder.file(), kHead);
    REQUIRE(journal);
    REQUIRE(journal->planned(row("a")));
    REQUIRE(journal->planned(row("a")));
    REQUIRE(journal->plan_complete());
    REQUIRE(journal->revoking("a"));
    REQUIRE(journal->settled("a", Outcome::revoked, ""));
    REQUIRE(journal->planned(row("a")));
    REQUIRE(journal->plan_complete());
    // A root token that was found in a later round.
    REQUIRE(journal->revoking("z"));
  }
  CHECK(resumed_shape(folder.file()) == "planned a! z!");
}

TEST_CASE("damage in the middle is refused, with the line") {
  const Folder folder;
  write_example(folder.file());
  const std::string whole = contents(folder.file());
  std::vector<std::string> lines;
  std::istringstream text(whole);
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  const std::vector<std::string> wrong = {
      "",
      "{}",
      "null",
      "{\"event\":\"settled\",\"accessor\":\"a\",\"outcome\":\"vanished\"}",
      "{\"event\":\"settled\",\"accessor\":1,\"outcome\":\"revoked\"}",
      "{\"event\":\"revoking\"}",
      "{\"event\":\"planned\",\"accessor\":\"a\",\"policies\":[1],\"display_name\":\"\",\"path\":\"\"}",
      "{\"event\":\"planned\",\"accessor\":\"a\"}",
      "{\"event\":\"later\"}",
      "{\"event\":\"revoking\",\"accessor\":\"a\"} more",
      std::string(20, '\0'),
  };
  for (std::size_t at = 0; at < lines.size(); ++at) {
    for (const std::string& bad : wrong) {
      CAPTURE(at);
      CAPTURE(bad);
      std::string damaged;
      for (std::size_t i = 0; i < lines.size(); ++i) damaged += (i == at ? bad : lines[i]) + "\n";
      put(folder.file("damaged"), damaged);
      const auto resumed = Journal::resume(folder.file("damaged"));
      REQUIRE(!resumed);
      CHECK(resumed.error().kind == ErrorKind::damaged);
      CHECK(resumed.error().context == folder.file("damaged"));
      CHECK(resumed.error().message.starts_with("line " + std::to_string(at + 1) + ": "));
      CHECK(contents(folder.file("damaged")) == damaged);
    }
  }
}

TEST_CASE("other files are no journals") {
  const Folder folder;
  for (const char* text : {"hello\n", "{\"event\":\"planned\"}\n", "[]\n", "\n",
                           "{\"event\":\"sweep\",\"version\":2,\"target\":\"\",\"namespace\":\"\",\"filter\":\"\"}\n",
                           "{\"event\":\"sweep\",\"version\":1,\"target\":\"\",\"namespace\":\"\"}\n"}) {
    CAPTURE(text);
    put(folder.file(), text);
    const auto resumed = Journal::resume(folder.file());
    REQUIRE(!resumed);
    CHECK(resumed.error().kind == ErrorKind::damaged);
    CHECK(resumed.error().message.find("line 1: ") == 0);
  }
  put(folder.file(), std::string(17UL << 20U, 'x'));
  CHECK(Journal::resume(folder.file()).error().kind == ErrorKind::damaged);
}

TEST_CASE("names may hold any bytes") {
  const Folder folder;
  std::string every;
  for (int byte = 0; byte < 256; ++byte) every += static_cast<char>(byte);
  const JournalRow odd{"ac\"ce\nss\\or", every, "päth\xe2\x80\xa8", {"", "\xff", "a,b", std::string("nul\0nul", 7)}};
  {
    auto journal = Journal::create(folder.file(), {"target \"x\"", "\n", "{\"a\":\"b\"}"});
    REQUIRE(journal);
    REQUIRE(journal->planned(odd));
    REQUIRE(journal->plan_complete());
    REQUIRE(journal->settled(odd.accessor, Outcome::failed, every));
  }
  const auto resumed = Journal::resume(folder.file());
  REQUIRE(resumed);
  CHECK(resumed->past.head == JournalHead{"target \"x\"", "\n", "{\"a\":\"b\"}"});
  REQUIRE(resumed->past.entries.size() == 1);
  const auto& entry = resumed->past.entries.front();
  CHECK(entry.row.accessor == odd.accessor);
  CHECK(entry.row.path == odd.path);
  CHECK(entry.row.display_name.substr(0, 128) == every.substr(0, 128));
  CHECK(entry.row.display_name.find("\xef\xbf\xbd") == 128);
  CHECK(entry.row.policies == std::vector<std::string>{"", "\xef\xbf\xbd", "a,b", std::string("nul\0nul", 7)});
  CHECK(entry.outcome == Outcome::failed);
}

// Files may grow to so many bytes while it lives.
class FileLimit {
 public:
  explicit FileLimit(rlim_t bytes) : signal_(std::signal(SIGXFSZ, SIG_IGN)) {
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before_) == 0);
    rlimit limit = before_;
    limit.rlim_cur = bytes;
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
  }
  ~FileLimit() {
    static_cast<void>(::setrlimit(RLIMIT_FSIZE, &before_));
    std::signal(SIGXFSZ, signal_);
  }
  FileLimit(const FileLimit&) = delete;
  FileLimit& operator=(const FileLimit&) = delete;

 private:
  rlimit before_{};
  void (*signal_)(int);
};

TEST_CASE("a full disk is a failure before anything is done, at every byte") {
  const Folder folder(in_memory());
  write_example(folder.file());
  const std::string whole = contents(folder.file());
  for (std::size_t room = 0; room < whole.size(); ++room) {
    CAPTURE(room);
    const std::string path = folder.file("full");
    std::filesystem::remove(path);
    std::vector<bool> went;
    {
      const FileLimit limit(room);
      auto journal = Journal::create(path, kHead);
      if (!journal) {
        CHECK(journal.error().kind == ErrorKind::io);
        CHECK(journal.error().message == "the disk is full");
        CHECK(!std::filesystem::exists(path));
        continue;
      }
      bool planned = true;
      for (const char* accessor : {"a", "b", "c", "d"}) planned = journal->planned(row(accessor)) && planned;
      went = {planned && journal->plan_complete(), journal->revoking("a").has_value(),
              journal->settled("a", Outcome::revoked, "").has_value(), journal->revoking("b").has_value()};
    }
    const std::string text = contents(path);
    CHECK(text.size() <= room);
    CHECK(text.ends_with('\n'));
    const auto resumed = Journal::resume(path);
    REQUIRE(resumed);
    std::string expected = went[0] ? "planned a" : "unplanned";
    if (!went[0] && (went[1] || went[2])) expected += " a";
    if (went[1]) expected += "!";
    if (went[2]) expected += "=revoked";
    if (went[0] || went[3]) expected += std::string(" b") + (went[3] ? "!" : "");
    if (went[0]) expected += " c d";
    CHECK(shape(resumed->past) == expected);
  }
}

TEST_CASE("it goes on when there is room again") {
  const Folder folder;
  auto journal = Journal::create(folder.file(), kHead);
  REQUIRE(journal);
  {
    const FileLimit limit(contents(folder.file()).size() + 5);
    CHECK(!journal->revoking("a"));
  }
  CHECK(journal->revoking("b"));
  CHECK(journal->close());
  journal = Journal::create(folder.file("other"), kHead);
  CHECK(resumed_shape(folder.file()) == "unplanned b!");
}

TEST_CASE("what was being revoked is known when the process is killed") {
  const Folder folder;
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    auto journal = Journal::create(folder.file(), kHead);
    if (journal && journal->planned(row("a")) && journal->planned(row("b")) && journal->plan_complete() &&
        journal->revoking("a")) {
      ::raise(SIGKILL);
    }
    ::_exit(1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  CHECK(resumed_shape(folder.file()) == "planned a! b");
}

}  // namespace
}  // namespace vtoken::sweep
