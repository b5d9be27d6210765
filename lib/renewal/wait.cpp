#include "renewal/wait.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <thread>

namespace vtoken::renewal {

Nanoseconds boot_time() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return now.tv_sec * kSecond + now.tv_nsec;
}

int open_timer(Nanoseconds length) noexcept {
  const int timer = ::timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  if (timer < 0) return timer;
  const Nanoseconds wanted = std::max<Nanoseconds>(length, 1);  // 0 would disarm it
  itimerspec when{};
  when.it_value.tv_sec = wanted / kSecond;
  when.it_value.tv_nsec = wanted % kSecond;
  ::timerfd_settime(timer, 0, &when, nullptr);
  return timer;
}

StoppableWait::StoppableWait() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

bool StoppableWait::wait(Nanoseconds length) {
  const Nanoseconds until = boot_time() + length;
  while (!stopped()) {
    const Nanoseconds left = until - boot_time();
    if (left <= 0) return true;
    const Descriptor timer(open_timer(left));
    std::array<pollfd, 2> watched = {pollfd{event_.number(), POLLIN, 0}, pollfd{timer.number(), POLLIN, 0}};
    // Without a timer, as when there is no room for one more open file, it looks every now and then.
    ::poll(watched.data(), watched.size(), timer.open() ? -1 : 100);
  }
  return false;
}

void StoppableWait::stop() noexcept {
  const int before = errno;
  ::eventfd_write(event_.number(), 1);
  errno = before;
}

bool StoppableWait::stopped() const noexcept {
  pollfd watched{event_.number(), POLLIN, 0};
  return ::poll(&watched, 1, 0) == 1;
}

}  // namespace vtoken::renewal
