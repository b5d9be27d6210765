// How many requests at once are worth it, learned from how fast good answers come.
#pragma once

#include <cstddef>

#include "base/clock.hpp"

namespace vtoken::sweep {

/// Begins low and doubles while that brings more answers a second; goes back to where it last did, and tries a quarter
/// more now and then. Halves when told that the server cannot follow, and then returns to a little less than before.
/// What is measured is a row of answers to requests that went out under one limit.
class Climb {
 public:
  Climb(std::size_t first, std::size_t most);

  [[nodiscard]] std::size_t limit() const noexcept;
  /// A good answer to a request that went out at `sent`.
  void answered(Nanoseconds sent, Nanoseconds now);
  /// More requests could have gone out, and there were none: the rate says nothing of the limit then.
  void starved() noexcept { ++starved_; }
  /// The server cannot follow.
  void cut(Nanoseconds now);

 private:
  enum class Mode {
    trying,    ///< whether the limit, which was raised, brings more
    holding,   ///< until `try_at_`
    returning  ///< to `goal_`, after a cut
  };

  void measured(double rate, Nanoseconds now);
  void raise(double factor, Nanoseconds now);
  void set(double limit, Nanoseconds now);
  void hold(Nanoseconds now);

  double limit_;
  double most_;
  Mode mode_ = Mode::trying;
  double factor_;           ///< by which a try raises
  double proven_limit_;     ///< the last that was worth it …
  double proven_rate_ = 0;  ///< … and its answers a second; 0 before any was measured
  double goal_ = 0;
  bool row_measured_ = false;  ///< since the last cut
  Nanoseconds hold_for_;
  Nanoseconds try_at_ = 0;

  // The row that is being measured.
  Nanoseconds limit_since_ = 0;
  Nanoseconds row_from_ = 0;  ///< its first answer
  std::size_t row_ = 0;       ///< answers
  std::size_t starved_ = 0;
};

}  // namespace vtoken::sweep
