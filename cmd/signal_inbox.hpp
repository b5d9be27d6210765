// Signals as things to read, for a program that passes them on to another one.
#pragma once

#include <sys/types.h>

#include <csignal>
#include <optional>

#include "base/descriptor.hpp"

namespace vtoken::cmd {

struct ArrivedSignal {
  int number = 0;
  bool by_kernel = false;  ///< of the terminal (a key, its size, its end), which its whole process group gets
  pid_t sender = 0;        ///< the process that sent it; 0 when the kernel did

  /// Whether it asks a program to end: SIGHUP, SIGINT, SIGQUIT, SIGTERM.
  [[nodiscard]] bool asks_to_end() const noexcept;
};

/// While one lives, the signals that another process or the terminal sends to this one have no effect but to be read:
/// SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGWINCH, SIGCONT, SIGTSTP, SIGTTIN, SIGTTOU and those
/// for real time; and SIGCHLD. One that was ignored before stays ignored, as under nohup. SIGPIPE is ignored.
///
/// At its end what is unread is dropped, and all is as before. Make it before the first thread: one that does not know
/// would take a signal's usual effect. Not safe for use from several threads.
class SignalInbox {
 public:
  SignalInbox();
  ~SignalInbox();
  SignalInbox(const SignalInbox&) = delete;
  SignalInbox& operator=(const SignalInbox&) = delete;

  /// Whether signals can be read. Otherwise they have their usual effect.
  [[nodiscard]] bool open() const noexcept { return signals_.open(); }
  /// The next one; never waits. The same signal twice before it is read is there once.
  [[nodiscard]] std::optional<ArrivedSignal> next();
  /// To poll for reading.
  [[nodiscard]] int descriptor() const noexcept { return signals_.number(); }
  /// The signals that were blocked before, as they are to be in a program that is started.
  [[nodiscard]] const sigset_t& blocked_before() const noexcept { return before_; }

 private:
  sigset_t before_{};
  struct sigaction pipe_before_ {};
  struct sigaction child_before_ {};
  Descriptor signals_;
};

}  // namespace vtoken::cmd
