#include "cmd/interrupts.hpp"

#include <doctest/doctest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

using vtoken::cmd::Interrupts;

namespace {

bool is_blocked(int signal) {
  sigset_t now{};
  ::pthread_sigmask(SIG_BLOCK, nullptr, &now);
  return sigismember(&now, signal) == 1;
}

struct sigaction action_of(int signal) {
  struct sigaction now {};
  ::sigaction(signal, nullptr, &now);
  return now;
}

// What a process does that `act` is all of: its exit status, or 1000 and the signal that ended it.
template <class Act>
int outcome_of(Act act) {
  const pid_t child = ::fork();
  if (child == 0) {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, SIG_DFL);  // not the test program's
    ::_exit(act());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

TEST_CASE("signals are counted while one lives, and the mask is as before afterwards") {
  REQUIRE_FALSE(is_blocked(SIGTERM));
  {
    Interrupts interrupts;
    CHECK(interrupts.requested() == 0);
    ::raise(SIGINT);
    CHECK(interrupts.requested() == 1);
    CHECK(interrupts.requested() == 1);
    pollfd file{interrupts.descriptor(), POLLIN, 0};
    CHECK(::poll(&file, 1, 0) == 0);
    ::kill(::getpid(), SIGTERM);
    CHECK(::poll(&file, 1, 0) == 1);
    ::raise(SIGHUP);
    CHECK(interrupts.requested() == 3);
    ::raise(SIGINT);  // dropped: some were counted
  }
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) CHECK_FALSE(is_blocked(signal));
}

TEST_CASE("what nobody counted ends the program as ever") {
  CHECK(outcome_of([] {
          const Interrupts interrupts;
          ::raise(SIGTERM);
          return 0;
        }) == 1000 + SIGTERM);
}

TEST_CASE("a signal that was ignored stays ignored") {
  CHECK(outcome_of([] {
          std::signal(SIGHUP, SIG_IGN);
          int counted = 0;
          {
            Interrupts interrupts;
            ::raise(SIGHUP);
            counted = interrupts.requested();
          }
          ::raise(SIGHUP);
          return counted + (action_of(SIGHUP).sa_handler == SIG_IGN ? 0 : 50);
        }) == 0);
}

TEST_CASE("a reader that goes away is a failure of the write") {
  CHECK(outcome_of([] {
          std::signal(SIGPIPE, SIG_DFL);
          std::array<int, 2> ends{};
          if (::pipe(ends.data()) != 0) return 9;
          ::close(ends[0]);
          {
            const Interrupts interrupts;
            if (::write(ends[1], "x", 1) != -1) return 8;
          }
          if (action_of(SIGPIPE).sa_handler != SIG_DFL) return 7;
          static_cast<void>(::write(ends[1], "x", 1));
          return 6;
        }) == 1000 + SIGPIPE);
}

TEST_CASE("the inner of two counts") {
  Interrupts outer;
  {
    Interrupts inner;
    ::raise(SIGINT);
    CHECK(inner.requested() == 1);
  }
  CHECK(is_blocked(SIGINT));
  CHECK(outer.requested() == 0);
  ::raise(SIGINT);
  CHECK(outer.requested() == 1);
}
