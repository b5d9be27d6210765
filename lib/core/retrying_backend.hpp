// A back end that asks again when the first answer was "not now".
#pragma once

#include <functional>
#include <memory>
#include <string>

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
};

/// Asks `inner` again after answers that cannot have acted (412 stale, 429 rate limit, 503 sealed or overloaded) and,
/// for reads and lists, after 5xx (not 501) and when there was no answer. handle() obeys a Retry-After header of up to
/// a minute. The last answer is returned when the tries are used up. Owns `inner`.
class RetryingBackend final : public Backend {
 public:
  RetryingBackend(std::unique_ptr<Backend> inner, RetryPolicy policy);

  [[nodiscard]] Result<Response> handle(const Request& request) override;
  /// Retries as long as nothing of the body was passed on.
  [[nodiscard]] Result<void> stream(const Request& request, BodySink& sink) override;
  /// The requests to be asked again go into one further submit a round.
  [[nodiscard]] Result<void> submit(const RequestSource& source, const AnswerSink& sink) override;
  [[nodiscard]] std::string address() const override;

 private:
  [[nodiscard]] bool wait_before(int attempt, const Response* response) const;

  std::unique_ptr<Backend> inner_;
  RetryPolicy policy_;
};

}  // namespace vtoken
