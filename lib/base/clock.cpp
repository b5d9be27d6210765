#include "base/clock.hpp"

#include <ctime>

namespace vtoken {

Nanoseconds SystemClock::now() const {
  timespec time{};
  clock_gettime(CLOCK_REALTIME, &time);
  return static_cast<Nanoseconds>(time.tv_sec) * kSecond + time.tv_nsec;
}

}  // namespace vtoken
