// A back end that asks no faster than it may.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "core/backend.hpp"

namespace vtoken {

/// As VAULT_RATE_LIMIT says it.
struct RateLimit {
  double rate = 0;   ///< requests a second, on average; above 0
  double burst = 1;  ///< requests that may be asked at once after a pause; at least 1
};

/// Reads "10" (a second, and as many at once), "0.5" or "10:20" (20 at once). Fails with usage, without the text.
[[nodiscard]] Result<RateLimit> parse_rate_limit(std::string_view text);

/// Where time comes from. Tests put a clock here; empty members are the machine's.
struct Pace {
  std::function<Nanoseconds()> now = {};
  std::function<bool(Nanoseconds)> wait = {};  ///< false gives up
};

/// Waits before each request until `limit` allows it, then asks `inner`; every request counts, whatever its answer. A
/// wait that is given up fails the request (rate_limited) unasked. Owns `inner`.
class RateLimitedBackend final : public Backend {
 public:
  RateLimitedBackend(std::unique_ptr<Backend> inner, RateLimit limit, Pace pace);

  [[nodiscard]] Result<Response> handle(const Request& request) override;
  [[nodiscard]] Result<void> stream(const Request& request, BodySink& sink) override;
  /// Below one request a second requests are asked one after the other: their answers must not wait for the next's
  /// turn.
  [[nodiscard]] Result<void> submit(const RequestSource& source, const AnswerSink& sink) override;
  [[nodiscard]] std::string address() const override;

 private:
  [[nodiscard]] Result<void> take_turn();

  std::unique_ptr<Backend> inner_;
  RateLimit limit_;
  Pace pace_;
  double allowed_;       // requests that may be asked now
  Nanoseconds counted_;  // when `allowed_` was right
};

}  // namespace vtoken
