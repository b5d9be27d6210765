// Many of libcurl's transfers at once. epoll says which of them can go on, so that the work grows with what happens and
// not with how many are under way.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "base/descriptor.hpp"
#include "remote/curl.hpp"

namespace vtoken::remote {

/// Keeps connections from one transfer to the next. Not to be moved: libcurl holds its address.
class Transfers {
 public:
  struct Ended {
    CURL* handle;
    CURLcode code;
  };

  /// `api` is borrowed.
  explicit Transfers(const CurlApi& api);
  Transfers(const Transfers&) = delete;
  Transfers& operator=(const Transfers&) = delete;

  /// False when the system had nothing left for it; nothing else may be called then.
  [[nodiscard]] bool open() const noexcept { return multi_ != nullptr && events_.open(); }

  /// So many connections are kept when they are idle.
  void keep(std::size_t connections);

  /// Starts what the handle was prepared for. It is borrowed until run() says that it ended, or remove().
  void add(CURL* handle);
  /// Gives a transfer up.
  void remove(CURL* handle);

  /// Lets libcurl work, waiting at most so long when there is nothing to do, and gives what ended meanwhile.
  [[nodiscard]] std::vector<Ended> run(std::chrono::milliseconds wait);

 private:
  using Clock = std::chrono::steady_clock;

  void act(curl_socket_t socket, int ready);
  void run_due();
  [[nodiscard]] std::vector<Ended> ended();
  void watch(curl_socket_t socket, int what, bool known) noexcept;

  static int on_socket(CURL* handle, curl_socket_t socket, int what, void* self, void* known) noexcept;
  static int on_timer(CURLM* multi, long milliseconds, void* self) noexcept;

  const CurlApi& api_;
  Descriptor events_;                     // epoll
  std::optional<Clock::time_point> due_;  // when libcurl wants to work without an event
  MultiHandle multi_;                     // the last member: its end still calls back
};

}  // namespace vtoken::remote
