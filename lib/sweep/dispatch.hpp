// Keeps many requests under way: as many as the back end takes well, and again those that could not be answered now.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "core/backend.hpp"
#include "sweep/pace.hpp"
#include "sweep/situation.hpp"

namespace vtoken::sweep {

/// What there is to do next: the number of a piece of work, or why there is none.
enum class NoWork {
  later,  ///< there may be more: asked again soon
  done
};
using Work = tl::expected<std::uint32_t, NoWork>;

/// The answer to one piece of work. All is borrowed.
struct Answered {
  std::uint32_t work;
  const Result<Response>& response;
  const Reading& reading;  ///< never a passing situation, unless it may not be asked again
  bool repeated;           ///< an earlier try may have been acted on, though its answer did not come
};

/// How a run ended.
struct Ended {
  enum class Why {
    done,
    stopped,      ///< `take` said so
    interrupted,  ///< by the person in front
    hopeless      ///< nothing good came for longer than the patience; `last` says what came instead
  };
  Why why = Why::done;
  Reading last = {};
};

/// "rate limited: request path …": what an answer was, for people.
[[nodiscard]] std::string described(const Reading& reading);

class Dispatcher {
 public:
  struct Options {
    PaceOptions pace = {};
    bool one_by_one = false;  ///< for a back end that answers at once: no more than one request is under way
    /// How often the person in front asked to end it: at 1 nothing more is sent and revocations under way have some
    /// seconds to be answered; at 2 they are left.
    std::function<int()> interrupts = {};
    /// Called a few times a second at least.
    std::function<void()> tick = {};
    /// Whether a request may be asked again after this answer, whatever a passing one it was. Empty: all may, as in a
    /// sweep, whose requests do no harm when they are acted on twice.
    std::function<bool(const Request&, const Result<Response>&)> repeatable = {};
  };

  /// Borrows `backend` and `clock`. What is learned of the pace is kept from run to run.
  Dispatcher(Backend& backend, const Clock& clock, Options options);

  /// Asks `next` for work and `make` for its request, as often as it has to be sent, and gives each answer to `take`;
  /// false ends the run. `is_over`, when given, says of work whose answer was a passing one that it is not asked again:
  /// that answer goes to `take`. Work that got no answer when it ends early is never given. Fails as Backend::submit
  /// does as a whole.
  [[nodiscard]] Result<Ended> run(const std::function<Work()>& next, const std::function<Offer(std::uint32_t)>& make,
                                  const std::function<bool(const Answered&)>& take,
                                  const std::function<bool(std::uint32_t)>& is_over = {});

  [[nodiscard]] const Pace& pace() const noexcept { return pace_; }
  /// What is waited for; empty when nothing is.
  [[nodiscard]] const std::string& waiting_for() const noexcept { return waiting_for_; }

 private:
  class Run;

  Backend& backend_;
  const Clock& clock_;
  Options options_;
  Pace pace_;
  std::string waiting_for_;
};

}  // namespace vtoken::sweep
