#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstring>
#include <string>

#include "base/descriptor.hpp"
#include "cmd/systemd_notify.hpp"

namespace vtoken::cmd {
namespace {

// What systemd listens on: an abstract socket, which leaves no file behind.
class Listener {
 public:
  explicit Listener(const std::string& name) : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(&address.sun_path[1], name.data(), name.size());
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
    REQUIRE(::bind(socket_.number(), reinterpret_cast<const sockaddr*>(&address), size) == 0);
  }

  // The next message that waits; empty when there is none.
  [[nodiscard]] std::string next() const {
    std::array<char, 4096> buffer{};
    const ssize_t got = ::recv(socket_.number(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    return got < 0 ? "" : std::string(buffer.data(), static_cast<std::size_t>(got));
  }

 private:
  Descriptor socket_;
};

TEST_CASE("systemd is told of the beginning once, then of the state") {
  const std::string name = fmt::format("vtoken-test-{}", ::getpid());
  const Listener systemd(name);
  SystemdNotify notify(Environment{{"NOTIFY_SOCKET", "@" + name}});
  CHECK(notify.active());
  CHECK(!notify.watchdog());
  notify.working("a\nb");
  CHECK(systemd.next() == "READY=1\nSTATUS=a\\nb");  // a status cannot smuggle in another assignment
  notify.working("c");
  CHECK(systemd.next() == "STATUS=c");
  notify.alive();
  CHECK(systemd.next().empty());  // nobody asked for it
  notify.stopping("d");
  CHECK(systemd.next() == "STOPPING=1\nSTATUS=d");
}

TEST_CASE("signs of life are sent when systemd waits for them, twice as often") {
  const std::string name = fmt::format("vtoken-watchdog-{}", ::getpid());
  const Listener systemd(name);
  Environment environment{{"NOTIFY_SOCKET", "@" + name}, {"WATCHDOG_USEC", "3000000"}};
  const SystemdNotify notify(environment);
  CHECK(notify.watchdog() == 3 * kSecond / 2);
  notify.alive();
  CHECK(systemd.next() == "WATCHDOG=1");
  environment["WATCHDOG_PID"] = fmt::format("{}", ::getpid());
  CHECK(SystemdNotify(environment).watchdog());
  environment["WATCHDOG_PID"] = "1";
  CHECK(!SystemdNotify(environment).watchdog());
  for (const char* odd : {"", "0", "-5", "soon", "5s", "99999999999999999999"}) {
    CAPTURE(odd);
    CHECK(!SystemdNotify(Environment{{"NOTIFY_SOCKET", "@" + name}, {"WATCHDOG_USEC", odd}}).watchdog());
  }
  CHECK(SystemdNotify(Environment{{"NOTIFY_SOCKET", "@" + name}, {"WATCHDOG_USEC", "9223372036854775807"}}).watchdog());
}

TEST_CASE("without a socket that can be named nothing is sent") {
  for (const std::string& odd : {std::string(), std::string("@"), std::string("/"), std::string("relative"),
                                 std::string("vsock:2:1"), std::string(200, '/')}) {
    CAPTURE(odd);
    SystemdNotify notify(Environment{{"NOTIFY_SOCKET", odd}, {"WATCHDOG_USEC", "3000000"}});
    CHECK(!notify.active());
    CHECK(!notify.watchdog());
    notify.working("nobody hears");
  }
  SystemdNotify gone(Environment{{"NOTIFY_SOCKET", "/nonexistent/notify"}});
  gone.working("nobody hears");
}

TEST_CASE("what is started is not taken for the service") {
  const Environment left = without_notification(
      Environment{{"NOTIFY_SOCKET", "@x"}, {"WATCHDOG_USEC", "1"}, {"WATCHDOG_PID", "1"}, {"PATH", "/bin"}});
  CHECK(left == Environment{{"PATH", "/bin"}});
}

}  // namespace
}  // namespace vtoken::cmd
