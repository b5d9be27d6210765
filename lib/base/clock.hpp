// Time as a dependency, so that tests can set it.
#pragma once

#include <cstdint>

namespace vtoken {

/// Nanoseconds since 1970-01-01T00:00:00Z.
using Nanoseconds = std::int64_t;
inline constexpr Nanoseconds kSecond = 1'000'000'000;

/// Where "now" comes from. Implementations are safe to call from several threads.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Nanoseconds now() const = 0;
};

/// The machine's wall clock.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] Nanoseconds now() const override;
};

/// A clock that stands still until it is told to move. For tests; not safe to move from several threads.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Nanoseconds start) : now_(start) {}
  [[nodiscard]] Nanoseconds now() const override { return now_; }
  void advance(Nanoseconds by) { now_ += by; }

 private:
  Nanoseconds now_;
};

}  // namespace vtoken
