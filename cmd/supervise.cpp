#include "cmd/supervise.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <memory>

#include "base/descriptor.hpp"
#include "renewal/wait.hpp"

namespace vtoken::cmd {
namespace {

// Whether the terminal's keys are for our process group now.
bool is_in_foreground() {
  const Descriptor terminal(::open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC));
  return terminal.open() && ::tcgetpgrp(terminal.number()) == ::getpgrp();
}

class Supervisor {
 public:
  Supervisor(pid_t program, SignalInbox& inbox, const Supervision& supervision)
      : program_(program), inbox_(inbox), supervision_(supervision) {}

  SupervisedEnd run() {
    reap();
    while (!ended_) {
      wait();
      while (const auto signal = inbox_.next()) take(*signal);
    }
    return {*ended_, interrupted_ && WIFSIGNALED(*ended_) && WTERMSIG(*ended_) == SIGINT};
  }

 private:
  void wait() {
    std::array<pollfd, 3> watched{pollfd{inbox_.descriptor(), POLLIN, 0}, pollfd{supervision_.news, POLLIN, 0},
                                  pollfd{kill_timer_ ? kill_timer_->number() : -1, POLLIN, 0}};
    if (::poll(watched.data(), watched.size(), -1) <= 0) return;
    if (watched[1].revents != 0 && supervision_.on_news) supervision_.on_news();
    if (watched[2].revents != 0) {
      kill_timer_.reset();
      ::kill(program_, SIGKILL);
    }
  }

  void take(const ArrivedSignal& signal) {
    switch (signal.number) {
      case SIGCHLD: return reap();
      case SIGTTIN:
      case SIGTTOU: return;  // the program reads the terminal, or changes it, and has been told
      case SIGINT: interrupted_ = interrupted_ || signal.by_kernel; break;
      default: break;
    }
    if (!ended_ && !has_it(signal)) pass_on(signal.number);
  }

  [[nodiscard]] bool has_it(const ArrivedSignal& signal) const {
    if (signal.by_kernel && signal.number != SIGALRM) return ::getpgid(program_) == ::getpgrp();
    return signal.sender == program_;
  }

  void pass_on(int signal) {
    ::kill(program_, signal);
    if (signal != SIGTERM || !supervision_.kill_after || kill_timer_) return;
    kill_timer_ = std::make_unique<Descriptor>(renewal::open_timer(*supervision_.kill_after));
    if (!kill_timer_->open()) kill_timer_.reset();
  }

  void reap() {
    for (;;) {
      int status = 0;
      const pid_t process = ::waitpid(-1, &status, WNOHANG | WUNTRACED);
      if (process < 0 && errno == EINTR) continue;
      if (process <= 0) return;
      if (process != program_) continue;
      if (WIFSTOPPED(status)) {
        stop_with_it(WSTOPSIG(status));
      } else {
        ended_ = status;
      }
    }
  }

  // What only the program was told to, by another process and away from a terminal, is not ours to do: nobody would
  // tell us to go on.
  static void stop_with_it(int signal) {
    const bool by_terminal = signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
    if (by_terminal || is_in_foreground()) static_cast<void>(std::raise(SIGSTOP));
  }

  pid_t program_;
  SignalInbox& inbox_;
  const Supervision& supervision_;
  std::unique_ptr<Descriptor> kill_timer_ = {};
  std::optional<int> ended_ = {};
  bool interrupted_ = false;
};

}  // namespace

SupervisedEnd supervise(pid_t program, SignalInbox& inbox, const Supervision& supervision) {
  return Supervisor(program, inbox, supervision).run();
}

}  // namespace vtoken::cmd
