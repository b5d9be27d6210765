// What a service tells systemd about itself (sd_notify(3)), without its library.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "cmd/app.hpp"

namespace vtoken::cmd {

/// Sends to the socket that NOTIFY_SOCKET names; without one nothing is sent. What cannot be sent is dropped: the
/// service does its work without it. Never waits.
class SystemdNotify {
 public:
  explicit SystemdNotify(const Environment& environment);

  /// Whether systemd asked to be told.
  [[nodiscard]] bool active() const noexcept { return !socket_.empty(); }
  /// The service does its work now; `status` is the line that `systemctl status` shows. Only the first call says READY.
  void working(std::string_view status);
  void status(std::string_view status) const;
  void stopping(std::string_view status) const;

  /// How often alive() has to be called, half of the time that systemd waits; nothing when it does not wait for it.
  [[nodiscard]] std::optional<Nanoseconds> watchdog() const noexcept { return watchdog_; }
  void alive() const;

 private:
  void send(std::string_view message) const;

  std::string socket_;  // a path, or "@name" of an abstract one
  std::optional<Nanoseconds> watchdog_;
  bool ready_ = false;
};

/// The environment for a program that the service starts: without what is meant for the service itself.
[[nodiscard]] Environment without_notification(Environment environment);

}  // namespace vtoken::cmd
