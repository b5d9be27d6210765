// An end to a process that has nothing to lose but the time of whoever waits for it.
#pragma once

#include "base/clock.hpp"

namespace vtoken::cmd {

/// While it lives, the process ends with status 0 and without a word as soon as the time is over, wherever it is then:
/// a name server, a locked file and a slow disk are waited for no more. Takes SIGALRM for itself. One at a time.
class Deadline {
 public:
  explicit Deadline(Nanoseconds time);
  ~Deadline();
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
};

}  // namespace vtoken::cmd
