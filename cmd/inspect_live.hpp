// What a back end says about a token now: -lookup.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "cmd/inspection.hpp"
#include "cmd/session.hpp"
#include "core/answer.hpp"
#include "core/token_client.hpp"

namespace vtoken::cmd {

/// Adds what a lookup's answer says: the token is known, and how long it has to live.
void take_known(const Answer& answer, Checker who, bool is_accessor, Inspection& inspection);

class LiveLookup {
 public:
  /// Finds the back end and the caller's token, which may be absent. Nothing is asked yet. Fails as connect(), and with
  /// usage for -wrap-ttl.
  [[nodiscard]] static Result<LiveLookup> connect(const Context& context);

  /// The keys of the store; null for a server.
  [[nodiscard]] const TokenKeys* keys() const noexcept { return session_->keys; }
  /// Requests are printed, not sent; then there is nothing else to show.
  [[nodiscard]] bool is_printing() const noexcept { return session_->printing; }

  /// Asks about the token and adds the answer to `inspection`. Asks with the caller's token; without one, or when it is
  /// the same, the token asks about itself, which counts as a use of it and is said. A wrapping token never asks about
  /// itself: that would destroy what it wraps. Prints failures, and returns the exit status.
  [[nodiscard]] int ask(Inspection& inspection);

 private:
  explicit LiveLookup(std::unique_ptr<Session> session) : session_(std::move(session)) {}

  [[nodiscard]] int ask_as_caller(Inspection& inspection);
  [[nodiscard]] int ask_by_itself(Inspection& inspection);
  [[nodiscard]] ApiResult<Answer> look_up(const Inspection& inspection, bool& is_accessor);
  [[nodiscard]] ApiResult<Answer> look_up_wrapping(std::string_view text);
  void take_wrapping(const Answer& answer, Inspection& inspection) const;
  [[nodiscard]] int take_answer(const Answer& answer, bool is_accessor, Inspection& inspection);
  [[nodiscard]] int take_failure(const ApiFailure& failure, Inspection& inspection);
  [[nodiscard]] int refuse(std::string problem, Inspection& inspection);
  [[nodiscard]] Checker who() const;

  std::unique_ptr<Session> session_;
};

}  // namespace vtoken::cmd
