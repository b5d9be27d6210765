// The file of an audit log: whole lines or none, whoever writes, and wherever it went.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <set>

#include "store/audit_file.hpp"
#include "store_fixture.hpp"

using namespace vtoken;
using namespace vtoken::store;
using namespace vtoken::store::test;

namespace {

mode_t mode_of(const std::string& path) {
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  return info.st_mode & 07777;
}

void check_refused(const Error& error, ErrorKind kind, const std::string& reason) {
  check_one_line(error);
  CHECK(error.kind == kind);
  CHECK(error.message.find(reason) != std::string::npos);
}

// What a child process does; its exit status is 0 when all checks held.
template <class Work>
void in_child(Work work) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) ::_exit(work() ? 0 : 1);
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}

}  // namespace

TEST_CASE("a log is made for its owner alone, whatever the umask, and added to") {
  const Folder folder;
  const std::string log = folder / "a.log";
  const mode_t before = ::umask(0);
  must(append_lines(log, "one\n", Reach::disk));
  ::umask(before);
  CHECK(mode_of(log) == 0600);
  must(append_lines(log, "two\nthree\n", Reach::system));
  CHECK(bytes_of(log) == "one\ntwo\nthree\n");
}

TEST_CASE("a log that was rotated away is made anew") {
  const Folder folder;
  const std::string log = folder / "a.log";
  must(append_lines(log, "one\n", Reach::system));
  std::filesystem::rename(log, folder / "a.log.1");
  must(append_lines(log, "two\n", Reach::disk));
  CHECK(bytes_of(folder / "a.log.1") == "one\n");
  CHECK(bytes_of(log) == "two\n");
  // Emptied in its place, as logrotate's copytruncate does.
  put(log, "");
  must(append_lines(log, "three\n", Reach::system));
  CHECK(bytes_of(log) == "three\n");
}

TEST_CASE("the mode that a rotation gave a log is kept") {
  const Folder folder;
  const std::string log = folder / "a.log";
  put(log, "", 0640);
  must(append_lines(log, "one\n", Reach::system));
  CHECK(mode_of(log) == 0640);
}

TEST_CASE("a line that somebody left half written does not spoil the next") {
  const Folder folder;
  const std::string log = folder / "a.log";
  put(log, "one\n{\"half");
  must(append_lines(log, "two\n", Reach::system));
  CHECK(bytes_of(log) == "one\n{\"half\ntwo\n");
}

TEST_CASE("what cannot be written is refused, and says why") {
  const Folder folder;
  const auto full = append_lines("/dev/full", "one\n", Reach::disk);
  REQUIRE(!full);
  check_refused(full.error(), ErrorKind::io, "the disk is full");
  CHECK(full.error().context == "/dev/full");
  must(append_lines("/dev/null", "one\n", Reach::disk));

  const auto lost = append_lines(folder / "none/a.log", "one\n", Reach::system);
  REQUIRE(!lost);
  check_refused(lost.error(), ErrorKind::io, "its folder does not exist");

  std::filesystem::create_directory(folder / "dir");
  CHECK(!append_lines(folder / "dir", "one\n", Reach::system));

  put(folder / "target", "");
  std::filesystem::create_symlink(folder / "target", folder / "link");
  const auto link = append_lines(folder / "link", "one\n", Reach::system);
  REQUIRE(!link);
  check_refused(link.error(), ErrorKind::io, "symbolic link");
  CHECK(bytes_of(folder / "target").empty());

  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  const auto pipe = append_lines(folder / "pipe", "one\n", Reach::system);
  REQUIRE(!pipe);
  check_refused(pipe.error(), ErrorKind::io, "no plain file");
}

TEST_CASE("a line for which there is no room leaves nothing behind") {
  const Folder folder;
  const std::string log = folder / "a.log";
  must(append_lines(log, "one\n", Reach::system));
  in_child([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit little{100, 100};
    if (::setrlimit(RLIMIT_FSIZE, &little) != 0) return false;
    const auto written = append_lines(log, std::string(200, 'x') + "\n", Reach::system);
    return !written && written.error().kind == ErrorKind::io;
  });
  CHECK(bytes_of(log) == "one\n");
}

TEST_CASE("lines of several processes do not mix") {
  const Folder folder;
  const std::string log = folder / "a.log";
  constexpr int kWriters = 4;
  constexpr int kLines = 60;
  std::vector<pid_t> children;
  for (int writer = 0; writer < kWriters; ++writer) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      bool good = true;
      for (int i = 0; i < kLines && good; ++i) {
        const std::string name = std::to_string(writer) + "-" + std::to_string(i) + ":";
        good = append_lines(log, name + std::string(40'000, static_cast<char>('a' + writer)) + "\n", Reach::system)
                   .has_value();
      }
      ::_exit(good ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = -1;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
  }
  std::ifstream in(log);
  std::set<std::string> seen;
  for (std::string line; std::getline(in, line);) {
    const auto colon = line.find(':');
    REQUIRE(colon != std::string::npos);
    CHECK(line.size() == colon + 1 + 40'000);
    CHECK(line.find_first_not_of(static_cast<char>('a' + (line[0] - '0')), colon + 1) == std::string::npos);
    seen.insert(line.substr(0, colon));
  }
  CHECK(seen.size() == kWriters * kLines);
}

TEST_CASE("who may only read a log cannot hold up its writers") {
  const Folder folder;
  const std::string log = folder / "a.log";
  must(append_lines(log, "one\n", Reach::system));
  const int reader = ::open(log.c_str(), O_RDONLY | O_CLOEXEC);
  REQUIRE(reader >= 0);
  CHECK(::flock(reader, LOCK_EX) == 0);
  must(append_lines(log, "two\n", Reach::system));
  ::close(reader);
  CHECK(bytes_of(log) == "one\ntwo\n");
}

TEST_CASE("a place for a log is judged before it is used") {
  const Folder folder;
  CHECK(must(audit_place(folder / "x/../a.log")) == folder / "a.log");
  CHECK(!std::filesystem::exists(folder / "a.log"));
  CHECK(must(audit_place("/dev/null")) == "/dev/null");
  CHECK(must(audit_place("some.log")) == std::filesystem::current_path() / "some.log");
  CHECK(audit_place("").error().kind == ErrorKind::usage);
  CHECK(audit_place(std::string("a\0b", 3)).error().kind == ErrorKind::usage);
  check_refused(audit_place(folder / "none/a.log").error(), ErrorKind::io, "its folder does not exist");
  CHECK(!audit_place(folder.path()));

  put(folder / "shared", "", 0620);
  check_refused(audit_place(folder / "shared").error(), ErrorKind::refused, "chmod go-w");
  put(folder / "notes.txt", "dear diary");
  check_refused(audit_place(folder / "notes.txt").error(), ErrorKind::refused, "whole line");
  put(folder / "old.log", "{}\n", 0640);
  CHECK(must(audit_place(folder / "old.log")) == folder / "old.log");
}
