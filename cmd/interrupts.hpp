// Signals that ask a command to end, taken as a number to look at: a long command ends in its own time, with a summary.
#pragma once

#include <csignal>

#include "base/descriptor.hpp"

namespace vtoken::cmd {

/// While one lives, SIGINT, SIGTERM and SIGHUP are counted instead of ending the program, and a reader of standard
/// output that goes away makes writing fail instead (SIGPIPE is ignored). One that was ignored before stays ignored, as
/// under nohup or in the background of a shell.
///
/// At its end all is as before. A signal that nobody has counted then ends the program as it would have without this;
/// if some were counted already, those that follow are dropped, as the command is ending anyway.
///
/// Make it before the first thread (libcurl's resolver): a thread that does not know would be the one to end the
/// program. One may live inside the life of another: the inner one counts. Not safe for use from several threads.
class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  /// How many have come so far. Never waits; costs a system call. The same signal twice between two calls counts once.
  [[nodiscard]] int requested();
  /// To poll for reading: readable when requested() will be more. Negative when signals cannot be counted.
  [[nodiscard]] int descriptor() const noexcept { return signals_.number(); }

 private:
  sigset_t before_{};
  struct sigaction pipe_before_ {};
  Descriptor signals_;
  int requested_ = 0;
};

}  // namespace vtoken::cmd
