#include "cmd/run_renewal.hpp"

#include <fmt/format.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>

#include "base/duration.hpp"
#include "renewal/keeper.hpp"
#include "renewal/wait.hpp"
#include "token/mask.hpp"

namespace vtoken::cmd {

using renewal::boot_time;

// What the thread uses, which may be left behind with it.
struct RunRenewal::Shared {
  Shared(std::shared_ptr<Backend> through, const CallOptions& options, const Auth& auth, bool tells_all)
      : backend(std::move(through)), client(*backend, options), created(auth), verbose(tells_all) {}

  void run();
  renewal::Outcome keep(const renewal::Subject& subject, bool just_made);
  void note(const renewal::Event& event);
  void note_life(Nanoseconds left) { end = left < 0 ? 0 : boot_time() + left; }
  void tell(std::string text, bool is_trouble = true);

  std::shared_ptr<Backend> backend;
  TokenClient client;
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
        tell(fmt::format("the token could not be renewed, which is tried again until it ends in {}: {}", left,
                         failure_line(*happened.failure, created.client_token.view())));
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

renewal::Outcome RunRenewal::Shared::keep(const renewal::Subject& subject, bool just_made) {
  renewal::Outside outside;
  outside.wait = [this](Nanoseconds length) { return pause.wait(length); };
  renewal::Keeper keeper(client, subject, {}, std::move(outside));
  if (just_made) keeper.starts_with(created);
  keeper.on_event([this](const renewal::Event& happened) { note(happened); });
  return keeper.run();
}

// The token renews itself, unless its uses are few, or it may not: then the caller does it.
void RunRenewal::Shared::run() {
  using renewal::End;
  const auto by_caller = renewal::Subject::token(created.client_token);
  const bool has_caller = !client.options().token.empty();
  const SecretString caller = client.options().token;
  const bool has_few_uses = created.num_uses != 0 && has_caller;
  if (!has_few_uses) client.options().token = created.client_token;
  auto outcome = keep(has_few_uses ? by_caller : renewal::Subject::self(), true);
  if (outcome.end == End::refused && !has_few_uses && has_caller && outcome.failure->status == 403) {
    client.options().token = caller;
    auto second = keep(by_caller, false);
    if (second.end != End::refused) outcome = std::move(second);
  }
  if (outcome.end != End::refused && outcome.end != End::expired && outcome.end != End::unreached) return;
  const Nanoseconds left = this->end == 0 ? -1 : this->end - boot_time();
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

std::string failure_line(const ApiFailure& failure, std::string_view token) {
  return mask_tokens_in(failure.error.text(), token);
}

std::string in_seconds(Nanoseconds length) { return human_duration(length / kSecond * kSecond); }

}  // namespace vtoken::cmd
