#include "cmd/interrupts.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>

namespace vtoken::cmd {
namespace {

bool is_ignored(int signal) {
  struct sigaction now {};
  return ::sigaction(signal, nullptr, &now) == 0 && (static_cast<unsigned>(now.sa_flags) & SA_SIGINFO) == 0 &&
         now.sa_handler == SIG_IGN;
}

// Those that are not ignored: Linux keeps a blocked signal even when it is ignored, so that it would be counted.
sigset_t wanted_signals() {
  sigset_t wanted{};
  sigemptyset(&wanted);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    if (!is_ignored(signal)) sigaddset(&wanted, signal);
  }
  return wanted;
}

}  // namespace

Interrupts::Interrupts()
    : signals_([] {
        const sigset_t wanted = wanted_signals();
        return ::signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC);
      }()) {
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, &pipe_before_);
  const sigset_t wanted = wanted_signals();
  // Without a way to count them they go on ending the program.
  ::pthread_sigmask(SIG_BLOCK, signals_.open() ? &wanted : nullptr, &before_);
}

Interrupts::~Interrupts() {
  if (requested_ > 0) static_cast<void>(requested());
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  ::sigaction(SIGPIPE, &pipe_before_, nullptr);
}

int Interrupts::requested() {
  signalfd_siginfo next{};
  while (signals_.open()) {
    const ssize_t got = ::read(signals_.number(), &next, sizeof next);
    if (got == static_cast<ssize_t>(sizeof next)) {
      ++requested_;
    } else if (got >= 0 || errno != EINTR) {
      break;
    }
  }
  return requested_;
}

}  // namespace vtoken::cmd
