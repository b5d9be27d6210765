#include "cmd/on_end.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <vector>

#include "base/descriptor.hpp"
#include "cmd/interrupts.hpp"

namespace vtoken::cmd {
namespace {

constexpr const char* kShell = "/bin/sh";

// Our error stream for both outputs, and the signals as they were when we were started.
class Beginning {
 public:
  explicit Beginning(const sigset_t& mask) {
    posix_spawn_file_actions_init(&files_);
    posix_spawn_file_actions_adddup2(&files_, 2, 1);
    posix_spawnattr_init(&attributes_);
    sigset_t defaults{};
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    sigaddset(&defaults, SIGXFSZ);
    posix_spawnattr_setsigdefault(&attributes_, &defaults);
    posix_spawnattr_setsigmask(&attributes_, &mask);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  ~Beginning() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }
  Beginning(const Beginning&) = delete;
  Beginning& operator=(const Beginning&) = delete;

  int spawn(pid_t& child, std::vector<std::string>& words, std::vector<std::string>& variables) const {
    const auto pointers = [](std::vector<std::string>& texts) {
      std::vector<char*> out;
      out.reserve(texts.size() + 1);
      for (std::string& text : texts) out.push_back(text.data());
      out.push_back(nullptr);
      return out;
    };
    return ::posix_spawn(&child, kShell, &files_, &attributes_, pointers(words).data(), pointers(variables).data());
  }

 private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

// Which of the signals that ask us to end waits for us.
int pending_signal() {
  sigset_t pending{};
  ::sigpending(&pending);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    if (sigismember(&pending, signal) == 1) return signal;
  }
  return 0;
}

// Until the child has ended, or a signal came; that one stays where it is, and ends us when `interrupts` ends.
void wait_and_pass_on(pid_t child, const Interrupts& interrupts) {
  // By its number: the C library's header has no name for it that C++ could link to.
  const Descriptor process(static_cast<int>(::syscall(SYS_pidfd_open, child, 0U)));
  if (!process.open()) return;
  std::array<pollfd, 2> watched = {pollfd{process.number(), POLLIN, 0}, pollfd{interrupts.descriptor(), POLLIN, 0}};
  while (::poll(watched.data(), watched.size(), -1) < 0 && errno == EINTR) {
  }
  const int signal = watched[0].revents == 0 ? pending_signal() : 0;
  if (signal != 0) ::kill(child, signal);
}

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) return fmt::format("signal {}", WTERMSIG(status));
  return WEXITSTATUS(status) == 0 ? "" : fmt::format("exit status {}", WEXITSTATUS(status));
}

}  // namespace

Result<std::string> run_on_end(const std::string& command, const Environment& environment) {
  const auto failed = [](int code) { return fail(ErrorKind::io, std::generic_category().message(code), kShell); };
  std::vector<std::string> words = {"sh", "-c", command};
  std::vector<std::string> variables;
  variables.reserve(environment.size());
  for (const auto& [name, value] : environment) variables.push_back(fmt::format("{}={}", name, value));
  sigset_t mask{};
  ::pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  const Interrupts interrupts;
  pid_t child = 0;
  if (const int code = Beginning(mask).spawn(child, words, variables); code != 0) return failed(code);
  wait_and_pass_on(child, interrupts);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return failed(errno);
  }
  return how_it_ended(status);
}

}  // namespace vtoken::cmd
