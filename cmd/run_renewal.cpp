#include "cmd/run_renewal.hpp"

#include <fmt/format.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>

#include "base/duration.hpp"
#include "cmd/failure_line.hpp"
#include "renewal/keeper.hpp"
#include "renewal/wait.hpp"

namespace vtoken::cmd {

using renewal::boot_time;

namespace {

// The policies that let a token renew itself, unless somebody changed the one.
bool may_likely_renew(const Auth& created) {
  const auto policies = created.policies.value_or(std::vector<std::string>());
  return std::any_of(policies.begin(), policies.end(),
                     [](const std::string& policy) { return policy == "default" || policy == "root"; });
}

}  // namespace

// What the thread uses, which may be left behind with it.
struct RunRenewal::Shared {
  Shared(std::shared_ptr<Backend> through, const CallOptions& options, const Auth& auth, bool tells_all)
      : backend(std::move(through)),
        client(*backend, options),
        caller(options.token),
        created(auth),
        verbose(tells_all) {}

  void run();
  enum class Who : std::uint8_t { itself, caller };
  struct Try {
    Who who = Who::itself;
    bool is_first = true;
    bool has_other = false;  ///< a denial is not told, as another one can be asked
  };
  renewal::Outcome keep(Try attempt);
  void note(const renewal::Event& event);
  void note_life(Nanoseconds left) { end = left < 0 ? 0 : boot_time() + left; }
  void tell(std::string text, bool is_trouble = true);

  std::shared_ptr<Backend> backend;
  TokenClient client;
  const SecretString caller;
  const Auth created;
  const bool verbose;
  renewal::StoppableWait pause = {};
  const Descriptor event{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  std::mutex mutex = {};
  std::vector<News> news = {};
  std::atomic<Nanoseconds> end = 0;  // by boot_time(); 0: unknown, or never
  bool failing = false;
};

void RunRenewal::Shared::tell(std::string text, bool is_trouble) {
  const std::lock_guard lock(mutex);
  news.push_back({std::move(text), is_trouble});
  ::eventfd_write(event.number(), 1);
}

void RunRenewal::Shared::note(const renewal::Event& happened) {
  note_life(happened.left);
  const std::string left = in_seconds(happened.left);
  switch (happened.kind) {
    case renewal::Event::Kind::failed:
      if (!failing || verbose) {
        tell(fmt::format("the token could not be renewed: {}; it is tried again, and the token ends in {} without that",
                         failure_line(*happened.failure, created.client_token.view()), left));
      }
      failing = true;
      break;
    case renewal::Event::Kind::renewed:
      if (happened.growth == renewal::Growth::shortened) {
        tell(fmt::format("a renewal made the token's life shorter: it ends in {}", left));
      } else if (failing || verbose) {
        tell(fmt::format("The token is renewed{}, for {}", failing ? " again" : "", left), false);
      }
      failing = false;
      break;
    case renewal::Event::Kind::last:
      tell(fmt::format("{}: it ends in {}, whether the command has ended or not",
                       happened.limit == renewal::Limit::maximum ? "the token has reached its maximum time to live"
                                                                 : "the token cannot be renewed",
                       left));
      break;
  }
}

renewal::Outcome RunRenewal::Shared::keep(Try attempt) {
  client.options().token = attempt.who == Who::itself ? created.client_token : caller;
  const auto subject = attempt.who == Who::itself ? renewal::Subject::self()  //
                                                  : renewal::Subject::token(created.client_token);
  renewal::Outside outside;
  outside.wait = [this](Nanoseconds length) { return pause.wait(length); };
  renewal::Keeper keeper(client, subject, {}, std::move(outside));
  if (attempt.is_first) keeper.starts_with(created);
  keeper.on_event([&](const renewal::Event& happened) {
    const bool is_denial = happened.failure != nullptr && happened.failure->status == 403;
    if (!is_denial || !attempt.has_other) note(happened);
  });
  return keeper.run();
}

// The token renews itself, unless that takes one of few uses, or its policies hardly allow it: then the caller does it.
// Who is denied leaves it to the other.
void RunRenewal::Shared::run() {
  using renewal::End;
  const bool has_caller = !caller.empty();
  const bool has_few_uses = created.num_uses != 0 && has_caller;
  const Who first = has_caller && (has_few_uses || !may_likely_renew(created)) ? Who::caller : Who::itself;
  const bool has_other = has_caller && !has_few_uses;
  auto outcome = keep({first, true, has_other});
  if (outcome.end == End::refused && has_other && outcome.failure->status == 403) {
    auto second = keep({first == Who::caller ? Who::itself : Who::caller, false, false});
    if (second.end != End::refused) outcome = std::move(second);
  }
  if (outcome.end != End::refused && outcome.end != End::expired && outcome.end != End::unreached) return;
  const Nanoseconds left = end == 0 ? -1 : end - boot_time();
  tell(fmt::format("the token is not renewed any more, and {}: {}",
                   left > 0 ? "has ended, or ends in " + in_seconds(left) : "has ended",
                   failure_line(*outcome.failure, created.client_token.view())));
}

RunRenewal::RunRenewal(std::shared_ptr<Shared> shared, Background thread)
    : shared_(std::move(shared)), thread_(std::move(thread)) {}

Result<RunRenewal> RunRenewal::start(std::shared_ptr<Backend> backend, const CallOptions& options, const Auth& created,
                                     bool verbose) {
  auto shared = std::make_shared<Shared>(std::move(backend), options, created, verbose);
  shared->client.options().wrap_ttl.clear();
  if (created.lease_duration > 0) shared->note_life(created.lease_duration * kSecond);
  auto thread = Background::start([shared] { shared->run(); });
  if (!thread) return tl::unexpected(thread.error());
  return RunRenewal(std::move(shared), std::move(*thread));
}

RunRenewal::~RunRenewal() {
  stop();
  if (shared_ != nullptr) static_cast<void>(thread_.join(kSecond / 5));
}

void RunRenewal::stop() noexcept {
  if (shared_ != nullptr) shared_->pause.stop();
}

int RunRenewal::descriptor() const noexcept { return shared_->event.number(); }

std::vector<RunRenewal::News> RunRenewal::take_news() {
  eventfd_t count = 0;
  static_cast<void>(::eventfd_read(shared_->event.number(), &count));
  const std::lock_guard lock(shared_->mutex);
  return std::exchange(shared_->news, {});
}

Nanoseconds RunRenewal::left() const noexcept {
  const Nanoseconds end = shared_->end;
  return end == 0 ? -1 : std::max<Nanoseconds>(0, end - boot_time());
}

std::string in_seconds(Nanoseconds length) { return human_duration((length + kSecond / 2) / kSecond * kSecond); }

}  // namespace vtoken::cmd
