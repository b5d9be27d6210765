// A program that is started as a shell would start it, and lives beside this one: in the same process group, so that
// the terminal is its own, with our standard streams.
#pragma once

#include <sys/types.h>

#include <csignal>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "cmd/app.hpp"

namespace vtoken::cmd {

/// What a program starts with.
struct Program {
  std::vector<std::string> words = {};         ///< its name, and its arguments
  std::vector<SecretString> environment = {};  ///< "NAME=value" each
  std::string path = {};                       ///< PATH, in whose folders a name without a slash is looked for
  sigset_t blocked = {};                       ///< signals that it starts with blocked
  Inherited inherited = {};
};

/// A program that was started, or why it was not.
struct StartedProgram {
  pid_t process = 0;
  int error = 0;  ///< an errno value; 0 when it was started

  /// What a shell's exit status is for the error: 127 when there is no such program, 126 when it cannot be run.
  [[nodiscard]] int exit_status() const noexcept;
};

/// Starts it. A script without "#!" is given to /bin/sh. Signals that are caught have their usual effect on it, ignored
/// ones stay ignored, but for SIGPIPE, SIGXFSZ and SIGCHLD, which are as Program::inherited says (SIGCHLD has its
/// usual effect).
[[nodiscard]] StartedProgram start_program(Program program);

/// The exit status that a shell gives for what waitpid() told: the program's own, or 128 and the signal that killed it.
[[nodiscard]] int shell_status(int wait_status) noexcept;

}  // namespace vtoken::cmd
