#include "cmd/run_revocation.hpp"

#include <algorithm>
#include <utility>

#include "cmd/advice.hpp"
#include "cmd/background.hpp"
#include "renewal/keeper.hpp"
#include "renewal/wait.hpp"

namespace vtoken::cmd {
namespace {

constexpr Nanoseconds kPatience = 5 * kSecond;      // of tries that follow each other
constexpr Nanoseconds kLongestWait = 12 * kSecond;  // for all of it
constexpr Nanoseconds kAfterSignal = kSecond;
constexpr Nanoseconds kFirstPause = kSecond / 4;
constexpr Nanoseconds kLongestPause = 2 * kSecond;
constexpr int kLongestRequest = 4;  // seconds

std::optional<ApiFailure> failure_of(ApiResult<Answer> answer) {
  if (answer) return std::nullopt;
  return std::move(answer.error());
}

std::optional<ApiFailure> as_itself(TokenClient& client, const Revocation& what) {
  client.options().token = what.token;
  return failure_of(client.revoke_self());
}

std::optional<ApiFailure> as_caller(TokenClient& client, const Revocation& what) {
  client.options().token = what.caller;
  auto failure =
      failure_of(what.accessor.empty() ? client.revoke(what.token.view()) : client.revoke_accessor(what.accessor));
  if (failure && names_missing_thing(*failure)) return std::nullopt;
  return failure;
}

// Once, in both ways if need be: a token may be denied its own end by its policies, or by the addresses that it is
// bound to.
std::optional<ApiFailure> revoke_once(TokenClient& client, const Revocation& what) {
  const bool has_caller = !what.caller.empty();
  if (what.has_few_uses && has_caller && !as_caller(client, what)) return std::nullopt;
  auto failure = as_itself(client, what);
  if (!failure || renewal::may_pass(*failure, true)) return failure;
  if (!what.has_few_uses && has_caller && !as_caller(client, what)) return std::nullopt;
  if (names_invalid_token(*failure)) return std::nullopt;  // it has ended
  return failure;
}

}  // namespace

std::optional<ApiFailure> revoke_token(TokenClient& client, const Revocation& what,
                                       const std::function<bool(Nanoseconds)>& wait) {
  client.options().timeout = kLongestRequest;
  client.options().wrap_ttl.clear();
  const Nanoseconds end = renewal::boot_time() + kPatience;
  Nanoseconds pause = kFirstPause;
  for (;;) {
    auto failure = revoke_once(client, what);
    if (!failure || !renewal::may_pass(*failure, true) || renewal::boot_time() + pause > end || !wait(pause))
      return failure;
    pause = std::min(2 * pause, kLongestPause);
  }
}

std::optional<ApiFailure> revoke_beside(std::shared_ptr<Backend> backend, const CallOptions& options,
                                        const Revocation& what, SignalInbox& inbox) {
  struct Work {
    Work(std::shared_ptr<Backend> through, const CallOptions& of, Revocation order)
        : backend(std::move(through)), client(*backend, of), what(std::move(order)) {}

    std::shared_ptr<Backend> backend;
    TokenClient client;
    Revocation what;
    renewal::StoppableWait pause = {};
    std::optional<ApiFailure> failure = {};
  };
  const auto work = std::make_shared<Work>(std::move(backend), options, what);
  const auto do_it = [work] {
    work->failure =
        revoke_token(work->client, work->what, [&work](Nanoseconds length) { return work->pause.wait(length); });
  };
  auto thread = Background::start(do_it);
  if (!thread) {  // no room for a thread: then without one
    do_it();
    return std::move(work->failure);
  }
  const Awaited awaited = await(*thread, inbox, kLongestWait, kAfterSignal);
  work->pause.stop();
  if (awaited.done || thread->join(kSecond / 10)) return std::move(work->failure);
  ApiFailure failure;
  failure.error = {ErrorKind::lost, "there was no answer in time", {}, {}};
  return failure;
}

}  // namespace vtoken::cmd
