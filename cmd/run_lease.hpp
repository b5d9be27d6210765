// The token of a command that runs, from its making to its revocation.
#pragma once

#include <memory>

#include "base/result.hpp"
#include "cmd/run_renewal.hpp"
#include "cmd/session.hpp"
#include "cmd/signal_inbox.hpp"
#include "core/answer.hpp"

namespace vtoken::cmd {

/// Revokes the token at its end, if not before. Tells through the session what a person should know. Not safe for use
/// from several threads.
class RunLease {
 public:
  /// Takes charge of the token that `created` tells of. Borrows the others.
  RunLease(Session& session, SignalInbox& inbox, Auth created);
  ~RunLease();
  RunLease(const RunLease&) = delete;
  RunLease& operator=(const RunLease&) = delete;

  [[nodiscard]] const Auth& created() const noexcept { return created_; }

  /// Opens what the end needs, and starts to renew.
  [[nodiscard]] Result<void> begin();
  /// To poll for reading: readable when tell_news() has something to tell. Negative when it never has.
  [[nodiscard]] int news() const noexcept;
  void tell_news();
  /// Revokes the token, in some seconds at most; once.
  void end();

 private:
  [[nodiscard]] bool is_batch() const noexcept { return created_.token_type == "batch"; }
  [[nodiscard]] bool is_verbose() const noexcept { return session_.context.common.verbose; }
  [[nodiscard]] std::optional<ApiFailure> revoke_token();
  void tell_that_it_lives(const ApiFailure& failure);

  Session& session_;
  SignalInbox& inbox_;
  Auth created_;
  std::shared_ptr<Backend> ending_ = {};
  std::unique_ptr<RunRenewal> renewal_ = {};
  bool has_ended_ = false;
};

}  // namespace vtoken::cmd
