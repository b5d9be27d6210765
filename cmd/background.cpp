#include "cmd/background.hpp"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "renewal/wait.hpp"

namespace vtoken::cmd {
namespace {

constexpr Nanoseconds kMillisecond = 1'000'000;

int milliseconds_until(Nanoseconds end) {
  const Nanoseconds left = std::clamp<Nanoseconds>(end - renewal::boot_time(), 0, 3600 * kSecond);
  return static_cast<int>((left + kMillisecond - 1) / kMillisecond);
}

}  // namespace

Background::Background(std::shared_ptr<Descriptor> done, std::thread thread)
    : done_(std::move(done)), thread_(std::move(thread)) {}

Result<Background> Background::start(std::function<void()> work) try {
  auto done = std::make_shared<Descriptor>(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!done->open()) return fail(ErrorKind::io, std::generic_category().message(errno));
  std::thread thread([work = std::move(work), done] {
    work();
    ::eventfd_write(done->number(), 1);
  });
  return Background(std::move(done), std::move(thread));
} catch (const std::system_error& error) {
  return fail(ErrorKind::io, error.code().message());
}

Background::~Background() {
  if (thread_.joinable() && !join(0)) thread_.detach();
}

bool Background::join(Nanoseconds at_most) {
  if (!thread_.joinable()) return true;
  const Nanoseconds end = renewal::boot_time() + at_most;
  pollfd watched{done_->number(), POLLIN, 0};
  int ready = 0;
  do {
    ready = ::poll(&watched, 1, milliseconds_until(end));
  } while (ready == 0 ? renewal::boot_time() < end : ready < 0 && errno == EINTR);
  if (ready <= 0) return false;
  thread_.join();
  return true;
}

Awaited await(Background& work, SignalInbox& inbox, std::optional<Nanoseconds> at_most, Nanoseconds after_signal) {
  Awaited result;
  std::optional<Nanoseconds> end;
  if (at_most) end = renewal::boot_time() + *at_most;
  while (!end || renewal::boot_time() < *end) {
    std::array<pollfd, 2> watched{pollfd{work.descriptor(), POLLIN, 0}, pollfd{inbox.descriptor(), POLLIN, 0}};
    ::poll(watched.data(), watched.size(), end ? milliseconds_until(*end) : -1);
    if (watched[0].revents != 0) break;
    while (const auto signal = inbox.next()) {
      if (!signal->asks_to_end() || result.signal != 0) continue;
      result.signal = signal->number;
      const Nanoseconds then = renewal::boot_time() + after_signal;
      end = end ? std::min(*end, then) : then;
    }
  }
  result.done = work.join(0);
  return result;
}

}  // namespace vtoken::cmd
