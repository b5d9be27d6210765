#include "cmd/run_lease.hpp"

#include <fmt/format.h>

#include <utility>

#include "cmd/failure_line.hpp"
#include "cmd/reopening_backend.hpp"
#include "cmd/run_revocation.hpp"

namespace vtoken::cmd {
namespace {

// A back end for a thread of its own. A store may be replaced while a command runs, and is opened when it is asked.
Result<std::shared_ptr<Backend>> another_backend(const Session& session) {
  const auto open = [&services = session.context.services, target = session.target] {
    return services.open_backend(target);
  };
  if (session.target.kind == Target::Kind::store) {
    return std::make_shared<ReopeningBackend>(open, session.target.address);
  }
  return open().map([](std::unique_ptr<Backend> backend) { return std::shared_ptr<Backend>(std::move(backend)); });
}

}  // namespace

RunLease::RunLease(Session& session, SignalInbox& inbox, Auth created)
    : session_(session), inbox_(inbox), created_(std::move(created)) {}

RunLease::~RunLease() { end(); }

Result<void> RunLease::begin() {
  auto ending = another_backend(session_);
  if (!ending) return tl::unexpected(ending.error());
  ending_ = std::move(*ending);
  if (is_batch()) return {};
  auto renewing = another_backend(session_);
  if (!renewing) return tl::unexpected(renewing.error());
  auto renewal = RunRenewal::start(std::move(*renewing), session_.client.options(), created_, is_verbose());
  if (!renewal) return tl::unexpected(renewal.error());
  renewal_ = std::make_unique<RunRenewal>(std::move(*renewal));
  if (is_verbose()) {
    session_.output.info(fmt::format("The token with the accessor {} lives for {} unless it is renewed.",
                                     created_.accessor, in_seconds(created_.lease_duration * kSecond)));
  }
  return {};
}

int RunLease::news() const noexcept { return renewal_ ? renewal_->descriptor() : -1; }

void RunLease::tell_news() {
  if (!renewal_) return;
  for (const auto& [text, is_trouble] : renewal_->take_news()) {
    if (is_trouble) {
      session_.tell({text});
    } else if (!session_.context.common.quiet) {
      session_.output.info(text + ".");
    }
  }
}

std::optional<ApiFailure> RunLease::revoke_token() {
  if (ending_ == nullptr) {  // begin() failed
    auto backend = another_backend(session_);
    if (!backend) {
      ApiFailure failure;
      failure.error = backend.error();
      return failure;
    }
    ending_ = std::move(*backend);
  }
  Revocation what;
  what.token = created_.client_token;
  what.accessor = created_.accessor;
  what.caller = session_.client.options().token;
  what.has_few_uses = created_.num_uses != 0;
  return revoke_beside(ending_, session_.client.options(), what, inbox_);
}

void RunLease::end() {
  if (std::exchange(has_ended_, true)) return;
  if (renewal_) renewal_->stop();
  tell_news();
  if (is_batch()) return;
  if (const auto failure = revoke_token()) {
    tell_that_it_lives(*failure);
  } else if (is_verbose()) {
    session_.output.info("The token is revoked.");
  }
}

// Also with -q: somebody has to know.
void RunLease::tell_that_it_lives(const ApiFailure& failure) {
  const Nanoseconds left = renewal_ ? renewal_->left() : created_.lease_duration * kSecond;
  const std::string end = left < 0 || created_.lease_duration == 0 ? "It does not end by itself"
                                                                   : "It ends by itself in " + in_seconds(left);
  session_.output.warn(fmt::format("Warning: the token could not be revoked: {}. {}; `{} -accessor {}` revokes it.",
                                   failure_line(failure, created_.client_token.view()), end,
                                   session_.context.invocation("revoke"), created_.accessor));
}

}  // namespace vtoken::cmd
