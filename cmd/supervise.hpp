// Standing beside a program that was started until it ends: signals are passed on to it, it stops and goes on with us.
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>

#include "base/clock.hpp"
#include "cmd/signal_inbox.hpp"

namespace vtoken::cmd {

struct Supervision {
  /// Between a SIGTERM that was passed on and a SIGKILL. Nothing: never.
  std::optional<Nanoseconds> kill_after = {};
  /// When this descriptor is readable, `on_news` is called. Negative: none.
  int news = -1;
  std::function<void()> on_news = {};
};

struct SupervisedEnd {
  int wait_status = 0;       ///< as waitpid() tells it
  bool interrupted = false;  ///< the terminal's interrupt key ended the program, and was for us, too
};

/// Waits for the end of `program`, a child of this process and in its process group. A signal that comes meanwhile is
/// passed on, unless the program has it already, as the terminal gives it to the whole group, or sent it itself. When
/// the terminal stops the program, this process stops too, so that the shell takes over; it goes on with SIGCONT.
/// Other children that end are reaped, as a container's first process has to. Call it from the main thread.
[[nodiscard]] SupervisedEnd supervise(pid_t program, SignalInbox& inbox, const Supervision& supervision);

}  // namespace vtoken::cmd
