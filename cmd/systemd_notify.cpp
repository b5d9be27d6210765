#include "cmd/systemd_notify.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/descriptor.hpp"
#include "cmd/readable.hpp"

namespace vtoken::cmd {
namespace {

constexpr const char* kSocket = "NOTIFY_SOCKET";
constexpr const char* kWatchdog = "WATCHDOG_USEC";
constexpr const char* kWatchdogProcess = "WATCHDOG_PID";

std::string_view value(const Environment& environment, const char* name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string_view() : found->second;
}

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t parsed = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), parsed);
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return parsed;
}

std::optional<Nanoseconds> read_watchdog(const Environment& environment) {
  const std::string_view process = value(environment, kWatchdogProcess);
  if (!process.empty() && number(process) != ::getpid()) return std::nullopt;
  const auto microseconds = number(value(environment, kWatchdog));
  constexpr std::int64_t kMost = std::int64_t{365} * 24 * 3600 * 1'000'000;
  if (!microseconds || *microseconds <= 0) return std::nullopt;
  return std::min(*microseconds, kMost) * 1000 / 2;
}

}  // namespace

SystemdNotify::SystemdNotify(const Environment& environment)
    : socket_(value(environment, kSocket)), watchdog_(read_watchdog(environment)) {
  const bool known = socket_.starts_with('/') || socket_.starts_with('@');
  if (!known || socket_.size() < 2 || socket_.size() >= sizeof(sockaddr_un::sun_path)) socket_.clear();
  if (!active()) watchdog_.reset();
}

void SystemdNotify::working(std::string_view status) {
  if (ready_) return this->status(status);
  ready_ = true;
  send(fmt::format("READY=1\nSTATUS={}", readable(status)));
}

void SystemdNotify::status(std::string_view status) const { send(fmt::format("STATUS={}", readable(status))); }

void SystemdNotify::stopping(std::string_view status) const {
  send(fmt::format("STOPPING=1\nSTATUS={}", readable(status)));
}

void SystemdNotify::alive() const {
  if (watchdog_) send("WATCHDOG=1");
}

void SystemdNotify::send(std::string_view message) const {
  if (!active()) return;
  const Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket.open()) return;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(static_cast<void*>(address.sun_path), socket_.data(), socket_.size());
  if (socket_.front() == '@') address.sun_path[0] = '\0';
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  // The socket interface takes every kind of address as this one.
  ::sendto(socket.number(), message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
           reinterpret_cast<const sockaddr*>(&address), size);
}

Environment without_notification(Environment environment) {
  for (const char* name : {kSocket, kWatchdog, kWatchdogProcess}) environment.erase(name);
  return environment;
}

}  // namespace vtoken::cmd
