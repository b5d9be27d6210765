// Work in a thread of its own, so that the main thread can take signals meanwhile, and can stop waiting.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <thread>

#include "base/clock.hpp"
#include "base/descriptor.hpp"
#include "base/result.hpp"
#include "cmd/signal_inbox.hpp"

namespace vtoken::cmd {

/// One piece of work. What is not done when this ends is left to itself, and ends with the process: it may only use
/// what it owns.
class Background {
 public:
  /// Fails with io when there is no room for a thread. `work` does not throw.
  [[nodiscard]] static Result<Background> start(std::function<void()> work);
  ~Background();
  Background(Background&&) noexcept = default;
  Background& operator=(Background&&) = delete;

  /// Waits so long at most for its end; true when it has ended: what it wrote can be read then.
  [[nodiscard]] bool join(Nanoseconds at_most);
  /// To poll for reading: readable when it has ended.
  [[nodiscard]] int descriptor() const noexcept { return done_->number(); }

 private:
  Background(std::shared_ptr<Descriptor> done, std::thread thread);

  std::shared_ptr<Descriptor> done_;
  std::thread thread_;
};

struct Awaited {
  bool done = false;
  int signal = 0;  ///< the first that asked to end, if any
};

/// Waits for the end of `work`: so long, for ever without `at_most`, and no longer than `after_signal` once a signal
/// asks to end.
[[nodiscard]] Awaited await(Background& work, SignalInbox& inbox, std::optional<Nanoseconds> at_most,
                            Nanoseconds after_signal);

}  // namespace vtoken::cmd
