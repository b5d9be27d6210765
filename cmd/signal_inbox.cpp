#include "cmd/signal_inbox.hpp"

#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace vtoken::cmd {
namespace {

constexpr std::array kRead = {SIGHUP,  SIGINT,   SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2,
                              SIGALRM, SIGWINCH, SIGCONT, SIGTSTP, SIGTTIN, SIGTTOU};

// Those that are not ignored: Linux keeps a blocked signal even when it is ignored, so that it would be read.
sigset_t wanted_signals() {
  sigset_t wanted{};
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGCHLD);
  const auto add = [&wanted](int signal) {
    struct sigaction now {};
    const bool is_ignored = ::sigaction(signal, nullptr, &now) == 0 &&
                            (static_cast<unsigned>(now.sa_flags) & SA_SIGINFO) == 0 && now.sa_handler == SIG_IGN;
    if (!is_ignored) sigaddset(&wanted, signal);
  };
  for (const int signal : kRead) add(signal);
  for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal) add(signal);
  return wanted;
}

}  // namespace

bool ArrivedSignal::asks_to_end() const noexcept {
  return number == SIGHUP || number == SIGINT || number == SIGQUIT || number == SIGTERM;
}

SignalInbox::SignalInbox()
    : signals_([] {
        const sigset_t wanted = wanted_signals();
        return ::signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC);
      }()) {
  struct sigaction ignored {};
  ignored.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignored, &pipe_before_);
  // Where the end of programs is ignored, nobody is told of it.
  struct sigaction usual {};
  usual.sa_handler = SIG_DFL;
  ::sigaction(SIGCHLD, &usual, &child_before_);
  const sigset_t wanted = wanted_signals();
  ::pthread_sigmask(SIG_BLOCK, signals_.open() ? &wanted : nullptr, &before_);
}

SignalInbox::~SignalInbox() {
  while (next()) {
  }
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  ::sigaction(SIGCHLD, &child_before_, nullptr);
  ::sigaction(SIGPIPE, &pipe_before_, nullptr);
}

std::optional<ArrivedSignal> SignalInbox::next() {
  if (!signals_.open()) return std::nullopt;
  signalfd_siginfo found{};
  ssize_t got = 0;
  do {
    got = ::read(signals_.number(), &found, sizeof found);
  } while (got < 0 && errno == EINTR);
  if (got != static_cast<ssize_t>(sizeof found)) return std::nullopt;
  ArrivedSignal signal;
  signal.number = static_cast<int>(found.ssi_signo);
  signal.by_kernel = found.ssi_code == SI_KERNEL;
  signal.sender = signal.by_kernel ? 0 : static_cast<pid_t>(found.ssi_pid);
  return signal;
}

}  // namespace vtoken::cmd
