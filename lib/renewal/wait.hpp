// Time that passes also while the machine sleeps, and waiting for it in a way that another thread can end.
#pragma once

#include <functional>

#include "base/clock.hpp"
#include "base/descriptor.hpp"

namespace vtoken::renewal {

/// Nanoseconds since the machine was started, those in which it was suspended included. Setting the clock does not
/// change it.
[[nodiscard]] Nanoseconds boot_time() noexcept;

/// A descriptor that becomes readable when `length` has passed by boot_time(). Negative when there is none to have.
[[nodiscard]] int open_timer(Nanoseconds length) noexcept;

/// A wait that can be ended once and for all: what a Keeper in a thread of its own waits with.
class StoppableWait {
 public:
  StoppableWait();
  /// Waits so long, by boot_time(). False, at once, when stop() was or is called. One thread at a time.
  [[nodiscard]] bool wait(Nanoseconds length);
  /// Ends this and every further wait. From any thread, and from a signal's handler.
  void stop() noexcept;
  [[nodiscard]] bool stopped() const noexcept;

 private:
  Descriptor event_;
};

}  // namespace vtoken::renewal
