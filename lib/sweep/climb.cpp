#include "sweep/climb.hpp"

#include <algorithm>

namespace vtoken::sweep {
namespace {

constexpr double kWorthIt = 1.05;  // times as many answers a second
constexpr double kFirstFactor = 2;
constexpr double kLaterFactor = 1.25;
constexpr double kAfterCut = 0.5;
constexpr double kGoal = 0.9;  // of the limit at which it was cut

constexpr Nanoseconds kShortestHold = kSecond / 2;
constexpr Nanoseconds kLongestHold = 30 * kSecond;

// A row is long enough to mean something, whatever the limit and the clock.
constexpr std::size_t kShortestRow = 32;
constexpr std::size_t kFirstRowByLimit = 2;
constexpr std::size_t kLaterRowByLimit = 4;
constexpr Nanoseconds kShortestTime = kSecond / 50;
constexpr std::size_t kStarvedShare = 10;  // one answer of so many

}  // namespace

Climb::Climb(std::size_t first, std::size_t most)
    : limit_(static_cast<double>(std::clamp<std::size_t>(first, 1, std::max<std::size_t>(most, 1)))),
      most_(static_cast<double>(std::max<std::size_t>(most, 1))),
      factor_(kFirstFactor),
      proven_limit_(limit_),
      hold_for_(kShortestHold) {}

std::size_t Climb::limit() const noexcept { return static_cast<std::size_t>(limit_); }

void Climb::answered(Nanoseconds sent, Nanoseconds now) {
  if (sent < limit_since_) return;
  if (row_++ == 0) {
    row_from_ = now;
    starved_ = 0;
    return;
  }
  const std::size_t answers = row_ - 1;
  const Nanoseconds took = now - row_from_;
  const std::size_t by_limit = factor_ == kFirstFactor ? kFirstRowByLimit : kLaterRowByLimit;
  if (answers < std::max(kShortestRow, by_limit * limit()) || took < kShortestTime) return;
  const bool means_something = starved_ * kStarvedShare <= answers;
  row_ = 0;
  if (means_something) measured(static_cast<double>(answers) * kSecond / static_cast<double>(took), now);
}

void Climb::cut(Nanoseconds now) {
  if (mode_ == Mode::trying) hold_for_ = std::min(hold_for_ * 2, kLongestHold);
  // The same trouble may cut more than once, before anything was measured.
  if (mode_ != Mode::returning || row_measured_) goal_ = std::max(1.0, limit_ * kGoal);
  mode_ = Mode::returning;
  row_measured_ = false;
  factor_ = kLaterFactor;
  set(limit_ * kAfterCut, now);
}

void Climb::measured(double rate, Nanoseconds now) {
  row_measured_ = true;
  if (mode_ == Mode::returning) {
    if (limit_ >= goal_) return hold(now);
    return set(std::min(goal_, limit_ * kLaterFactor + 1), now);
  }
  if (mode_ == Mode::holding) {
    proven_rate_ = rate;
    proven_limit_ = limit_;
    if (now >= try_at_ && limit_ < most_) raise(factor_, now);
    return;
  }
  const bool worth_it = rate >= proven_rate_ * kWorthIt;
  if (worth_it) {
    if (proven_rate_ > 0) hold_for_ = kShortestHold;
    proven_rate_ = rate;
    proven_limit_ = limit_;
    if (limit_ < most_) return raise(factor_, now);
  } else {
    factor_ = kLaterFactor;
    hold_for_ = std::min(hold_for_ * 2, kLongestHold);
    set(proven_limit_, now);
  }
  hold(now);
}

void Climb::raise(double factor, Nanoseconds now) {
  mode_ = Mode::trying;
  set(std::max(limit_ * factor, limit_ + 1), now);
}

void Climb::set(double limit, Nanoseconds now) {
  limit_ = std::clamp(limit, 1.0, most_);
  limit_since_ = now;
  row_ = 0;
}

void Climb::hold(Nanoseconds now) {
  mode_ = Mode::holding;
  try_at_ = now + hold_for_;
}

}  // namespace vtoken::sweep
