// A program that is run for what it prints.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "cmd/app.hpp"

namespace vtoken::cmd {

struct Ended {
  SecretString output = {};
  int status = 0;         ///< as waitpid() tells it
  bool too_long = false;  ///< it printed more than run_child() takes, and was killed

  [[nodiscard]] bool ended_well() const noexcept { return status == 0 && !too_long; }
  /// "exit status 3", "signal 9" or "it printed more than 64 KiB".
  [[nodiscard]] std::string how_it_ended() const;
};

inline constexpr std::size_t kLongestOutput = std::size_t{64} << 10U;  ///< bytes

/// Runs the program at the path `words[0]`, without a shell (a script without "#!" is given to /bin/sh), with nothing
/// on its standard input and our standard error, and waits for its end. Fails with io when it cannot be started.
[[nodiscard]] Result<Ended> run_child(std::vector<std::string> words, const Environment& environment);

}  // namespace vtoken::cmd
