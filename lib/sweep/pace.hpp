// How many requests at once, and when: more while that brings more answers, fewer when the server cannot follow.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>

#include "base/clock.hpp"
#include "sweep/climb.hpp"
#include "sweep/situation.hpp"

namespace vtoken::sweep {

struct PaceOptions {
  std::optional<std::size_t> fixed = {};  ///< -concurrency: so many, whatever is answered (waits are kept)
  std::size_t most = 128;                 ///< at once, when it adapts
  Nanoseconds patience = 120 * kSecond;   ///< without any good answer, before it is given up
  std::function<double()> jitter = {};    ///< between 0 and 1; empty: random
};

/// Time is given with every call, so that a test needs none; it never goes back.
///
/// Single failures among good answers slow nothing down: their requests are asked again later (again_at()). When a
/// third of the answers fail, half as many requests are under way from then on, and more and more again later (Climb).
/// When only bad ones come, or one that says how long to wait, nothing goes out for a while and then one request, and
/// another each second, until an answer is good.
class Pace {
 public:
  explicit Pace(PaceOptions options);

  /// Whether another request may go out now, with `in_flight` on their way.
  [[nodiscard]] bool may_start(std::size_t in_flight, Nanoseconds now) noexcept;
  /// Takes each answer: `took` from request to answer.
  void answered(const Reading& reading, Nanoseconds took, Nanoseconds now);
  /// When a request that got a passing answer for the `tries`th time (from 1) may be asked again: as the server wishes,
  /// or else after 0.1 s, more or less; where it may be the request's fault, twice as long each time, up to 5 s.
  [[nodiscard]] Nanoseconds again_at(const Reading& reading, int tries, Nanoseconds now) const;
  /// Whether nothing good has come for too long since the first bad answer after the last good one was asked for. Ten
  /// times as long while there is nothing but a rate limit.
  [[nodiscard]] bool out_of_patience(Nanoseconds now) const noexcept;
  /// How many may be in flight, when nothing is paused.
  [[nodiscard]] std::size_t limit() const noexcept;
  /// How many answers were good. Whoever tried twice and sees the same number knows that it was not the request's
  /// fault.
  [[nodiscard]] std::size_t good_answers() const noexcept { return good_; }

 private:
  void bad(const Reading& reading, Nanoseconds sent, Nanoseconds now);
  void pause(const Reading& reading, Nanoseconds now);
  [[nodiscard]] Nanoseconds spread(Nanoseconds wait) const;
  void note_starving(std::size_t in_flight) noexcept;

  PaceOptions options_;
  Climb climb_;
  std::size_t good_ = 0;
  Nanoseconds last_good_ = 0;
  std::optional<Nanoseconds> bad_since_ = {};    ///< for patience
  bool only_limited_ = false;                    ///< since then
  std::optional<Nanoseconds> spell_since_ = {};  ///< when the server was first seen not to follow, until a good answer
  double bad_share_ = 0;                         ///< of the last answers, about
  int bad_row_ = 0;
  Nanoseconds cut_at_ = 0;  ///< answers to what was sent before tell nothing new
  Nanoseconds paused_until_ = 0;
  bool feeling_ = false;  ///< after a pause: one request goes out first
  std::optional<Nanoseconds> feeling_since_ = {};
  std::size_t stragglers_ = 0;                          ///< sent before the pause and not answered yet
  std::optional<std::size_t> expected_in_flight_ = {};  ///< at the next may_start(), if the last one's leave was used
};

}  // namespace vtoken::sweep
