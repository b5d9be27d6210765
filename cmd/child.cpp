#include "cmd/child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

namespace vtoken::cmd {
namespace {

constexpr const char* kShell = "/bin/sh";

// A pipe whose ends are closed, and are no descriptors of the child's.
class Pipe {
 public:
  Pipe() { open_ = ::pipe2(ends_.data(), O_CLOEXEC) == 0; }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  [[nodiscard]] bool ok() const noexcept { return open_; }
  [[nodiscard]] int reading() const noexcept { return ends_[0]; }
  [[nodiscard]] int writing() const noexcept { return ends_[1]; }
  void close_writing() { close_end(1); }

 private:
  void close_end(std::size_t which) {
    if (open_ && ends_.at(which) >= 0) ::close(std::exchange(ends_.at(which), -1));
  }

  std::array<int, 2> ends_{-1, -1};
  bool open_ = false;
};

// What the child starts with: an empty input, the pipe as output, and signals as a shell would leave them.
class Beginning {
 public:
  explicit Beginning(int output) {
    posix_spawn_file_actions_init(&files_);
    posix_spawn_file_actions_addopen(&files_, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files_, output, 1);
    posix_spawnattr_init(&attributes_);
    sigset_t defaults{};
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    sigaddset(&defaults, SIGXFSZ);
    posix_spawnattr_setsigdefault(&attributes_, &defaults);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF);
  }
  ~Beginning() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }
  Beginning(const Beginning&) = delete;
  Beginning& operator=(const Beginning&) = delete;

  int spawn(pid_t& child, std::vector<std::string>& words, std::vector<std::string>& environment) const {
    const auto pointers = [](std::vector<std::string>& texts) {
      std::vector<char*> out;
      out.reserve(texts.size() + 1);
      for (std::string& text : texts) out.push_back(text.data());
      out.push_back(nullptr);
      return out;
    };
    return ::posix_spawn(&child, words.front().c_str(), &files_, &attributes_, pointers(words).data(),
                         pointers(environment).data());
  }

 private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

// All of it, or as much as is taken; unbuffered, so that no copy stays behind.
void read_output(int fd, Ended& ended) {
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t count = ::read(fd, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    ended.output.append(buffer.data(), static_cast<std::size_t>(count));
    ended.too_long = ended.output.size() > kLongestOutput;
    if (ended.too_long) break;
  }
  wipe(buffer.data(), buffer.size());
}

}  // namespace

std::string Ended::how_it_ended() const {
  if (too_long) return fmt::format("it printed more than {} KiB", kLongestOutput / 1024);
  if (WIFSIGNALED(status)) return fmt::format("signal {}", WTERMSIG(status));
  return fmt::format("exit status {}", WEXITSTATUS(status));
}

Result<Ended> run_child(std::vector<std::string> words, const Environment& environment) {
  const auto failed = [](int code) { return fail(ErrorKind::io, std::generic_category().message(code)); };
  std::vector<std::string> variables;
  variables.reserve(environment.size());
  for (const auto& [name, value] : environment) variables.push_back(fmt::format("{}={}", name, value));
  Pipe pipe;
  if (!pipe.ok()) return failed(errno);
  const Beginning beginning(pipe.writing());
  pid_t child = 0;
  int code = beginning.spawn(child, words, variables);
  if (code == ENOEXEC) {
    words.insert(words.begin(), kShell);
    code = beginning.spawn(child, words, variables);
  }
  if (code != 0) return failed(code);
  pipe.close_writing();
  Ended ended;
  read_output(pipe.reading(), ended);
  if (ended.too_long) ::kill(child, SIGKILL);
  while (::waitpid(child, &ended.status, 0) < 0) {
    if (errno != EINTR) return failed(errno);
  }
  return ended;
}

}  // namespace vtoken::cmd
