#include "cmd/deadline.hpp"

#include <sys/time.h>
#include <unistd.h>

#include <csignal>

#include "cmd/status.hpp"

namespace vtoken::cmd {
namespace {

void set_timer(Nanoseconds time) {
  const itimerval timer{{0, 0}, {time / kSecond, time % kSecond / 1000}};
  ::setitimer(ITIMER_REAL, &timer, nullptr);
}

}  // namespace

Deadline::Deadline(Nanoseconds time) {
  struct sigaction action {};
  action.sa_handler = [](int /*signal*/) { ::_exit(kDone); };
  ::sigaction(SIGALRM, &action, nullptr);
  sigset_t alarm{};
  sigemptyset(&alarm);
  sigaddset(&alarm, SIGALRM);
  ::pthread_sigmask(SIG_UNBLOCK, &alarm, nullptr);
  set_timer(time);
}

Deadline::~Deadline() { set_timer(0); }

}  // namespace vtoken::cmd
