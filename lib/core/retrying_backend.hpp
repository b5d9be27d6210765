// A back end that asks again when the first answer was "not now".
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "core/backend.hpp"

namespace vtoken {

/// How often and how long. The defaults wait as Vault's client does: 1 to 1.5 s, then 2 to 3 s, and so on.
struct RetryPolicy {
  int retries = 2;  ///< after the first try; 0 for none
  /// Waits so long; false gives up. Tests put a clock here. Empty: sleeps.
  std::function<bool(Nanoseconds)> wait = {};
  /// Between 0 and 1, spreads the waits of many clients. Empty: random.
  std::function<double()> jitter = {};
  /// The time, which a Retry-After with a date is compared with. Empty: the machine's.
  std::function<Nanoseconds()> now = {};
};

/// Whether a request may be asked again after this answer: it can have done nothing, or changes nothing anyway, and the
/// next answer may be another one. RetryingBackend says which answers those are.
[[nodiscard]] bool may_ask_again(const Request& request, const Result<Response>& answer);

/// Asks `inner` again when nothing can have been done: after the statuses 412 (stale), 429 (rate limit) and 503 (sealed
/// or overloaded), a 500 that says that there is no leader, and when there was no connection (unreachable). Reads,
/// lists and questions that are sent as writes (auth/token/lookup, sys/capabilities and their like) are asked again
/// after any 5xx but 501 and after a lost connection, too. Never after TLS failed (untrusted) or a malformed answer
/// (damaged).
///
/// Waits as long as the answer's Retry-After says, a minute at most, or else as RetryPolicy does. The last answer is
/// returned when the tries are used up or the wait is given up. Owns `inner`.
class RetryingBackend final : public Backend {
 public:
  RetryingBackend(std::unique_ptr<Backend> inner, RetryPolicy policy);

  [[nodiscard]] Result<Response> handle(const Request& request) override;
  /// A read is retried as long as nothing of its body was passed on. A write's answer is held whole, as by handle().
  [[nodiscard]] Result<void> stream(const Request& request, BodySink& sink) override;
  /// The requests to be asked again go into one further submit a round, after the longest wait that any of them asks
  /// for. A failure of the inner submit as a whole is returned as it is. An offer whose answer goes to a sink is not
  /// asked again.
  [[nodiscard]] Result<void> submit(const RequestSource& source, const AnswerSink& sink) override;
  [[nodiscard]] std::string address() const override;

 private:
  [[nodiscard]] bool wait_before(int attempt, std::optional<Nanoseconds> wanted) const;
  [[nodiscard]] std::optional<Nanoseconds> wanted_by(const std::vector<Header>& headers) const;

  std::unique_ptr<Backend> inner_;
  RetryPolicy policy_;
};

}  // namespace vtoken
