// How many requests at once, and when: more while that brings more answers, fewer when the server cannot follow.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>

#include "base/clock.hpp"
#include "sweep/situation.hpp"

namespace vtoken::sweep {

struct PaceOptions {
  std::optional<std::size_t> fixed = {};  ///< -concurrency: so many, whatever is answered (waits are kept)
  std::size_t most = 128;                 ///< at once, when it adapts
  Nanoseconds patience = 120 * kSecond;   ///< how long without any good answer before it is given up
  std::function<double()> jitter = {};    ///< between 0 and 1; empty: random
};

/// Time is given with every call, so that a test needs none.
class Pace {
 public:
  explicit Pace(PaceOptions options);

  /// Whether another request may go out now, with `in_flight` on their way.
  [[nodiscard]] bool may_start(std::size_t in_flight, Nanoseconds now) const noexcept;
  /// Takes each answer: `took` from request to answer. A passing one slows everything down and sets a pause (what the
  /// server asks for, or else growing with each bad one in a row); a good one ends the row.
  void answered(const Reading& reading, Nanoseconds took, Nanoseconds now);
  /// When a request that got a passing answer for the `tries`th time (from 1) may be asked again.
  [[nodiscard]] Nanoseconds again_at(const Reading& reading, int tries, Nanoseconds now) const;
  /// Whether nothing good has come for too long.
  [[nodiscard]] bool out_of_patience(Nanoseconds now) const noexcept;
  /// How many may be in flight now.
  [[nodiscard]] std::size_t limit() const noexcept;
};

}  // namespace vtoken::sweep
