#include "renewal/keeper.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/crypto.hpp"
#include "core/json.hpp"
#include "core/server_words.hpp"
#include "renewal/schedule.hpp"
#include "renewal/wait.hpp"

namespace vtoken::renewal {
namespace {

constexpr Nanoseconds kCutOff = kSecond;  // servers do not tell parts of a second: so much longer it may live
constexpr int kBelieved = 2;              // as many refusals in a row are believed of a token that was renewed before

bool says(const ApiFailure& failure, std::string_view phrase) {
  return std::any_of(failure.texts.begin(), failure.texts.end(),
                     [&](const std::string& text) { return text.find(phrase) != std::string::npos; });
}

double random_chance() {
  std::array<unsigned char, 4> bytes{};
  random_bytes(bytes);
  double chance = 0;
  for (const unsigned char byte : bytes) chance = (chance + byte) / 256;
  return chance;
}

bool sleep_for(Nanoseconds length) { return StoppableWait().wait(length); }

ApiFailure holds_no_token(std::string path) {
  ApiFailure failure;
  failure.error = {ErrorKind::damaged, "the answer to the renewal holds no token", {}, {}};
  failure.method = Method::put;
  failure.path = std::move(path);
  return failure;
}

// An answer that no server of this kind gives, or none at all, for a reason that is not the server's state.
bool may_be_settings(const ApiFailure& failure) {
  switch (failure.error.kind) {
    case ErrorKind::unreachable:
    case ErrorKind::lost:
    case ErrorKind::sealed:
    case ErrorKind::stale:
    case ErrorKind::rate_limited: return false;
    default: return true;
  }
}

}  // namespace

bool may_pass(const ApiFailure& failure, bool worked_before) {
  if (failure.error.kind == ErrorKind::usage || failure.error.kind == ErrorKind::refused) return false;
  if (failure.status == 0) return worked_before || !may_be_settings(failure);
  switch (failure.status) {
    case 307:
    case 308:
    case 408:
    case 412:
    case 429: return true;
    case 501: return worked_before;
    default: break;
  }
  if (says(failure, words::kLeadershipLost) || says(failure, words::kNotLeader)) return true;
  if (says(failure, words::kNoNamespace) || says(failure, words::kOtherNamespace)) return false;
  return failure.status >= 500 || (failure.raw && worked_before);
}

Limit limit_in(const ApiFailure& failure) {
  if (says(failure, "past the max TTL")) return Limit::maximum;
  if (says(failure, "lease is not renewable") || says(failure, "batch tokens cannot be renewed")) {
    return Limit::not_renewable;
  }
  return Limit::none;
}

Keeper::Keeper(TokenClient& client, Subject subject, Settings settings, Outside outside)
    : client_(&client), subject_(std::move(subject)), settings_(settings), outside_(std::move(outside)) {
  if (!outside_.wait) outside_.wait = sleep_for;
  if (!outside_.now) outside_.now = boot_time;
  if (!outside_.chance) outside_.chance = random_chance;
  if (subject_.kind == Subject::Kind::accessor) accessor_ = subject_.text.view();
}

void Keeper::starts_with(const Auth& created) {
  life_.note_creation(created, outside_.now());
  accessor_ = created.accessor;
  worked_ = true;
}

void Keeper::tell(Event event) const {
  if (!tell_) return;
  event.left = life_.left(outside_.now());
  tell_(event);
}

void Keeper::limit_request() {
  client_->options().timeout = longest_request(life_.left(outside_.now()), settings_.longest_request);
}

void Keeper::look() {
  limit_request();
  const Nanoseconds asked_at = outside_.now();
  const auto answer = subject_.kind == Subject::Kind::self    ? client_->lookup_self()
                      : subject_.kind == Subject::Kind::token ? client_->lookup(subject_.text.view())
                                                              : client_->lookup_accessor(subject_.text.view());
  if (answer && answer->data && life_.note_lookup(*answer->data, asked_at)) {
    accessor_ = text_member(*answer->data, "accessor");
  }
  // What it may not look at it may still renew.
  settings_.look_first = !answer && may_pass(answer.error(), false);
}

ApiResult<Answer> Keeper::ask() {
  limit_request();
  switch (subject_.kind) {
    case Subject::Kind::token: return client_->renew(subject_.text.view(), settings_.increment);
    case Subject::Kind::accessor: return client_->renew_accessor(subject_.text.view(), settings_.increment);
    case Subject::Kind::self: break;
  }
  return client_->renew_self(settings_.increment);
}

Outcome Keeper::ended(End end, std::optional<ApiFailure> failure) const {
  return {end, life_.left(outside_.now()), accessor_, std::move(failure)};
}

std::optional<Outcome> Keeper::pause(Nanoseconds length) {
  if (outside_.wait(length)) return std::nullopt;
  return ended(End::stopped);
}

Outcome Keeper::last(Limit limit, std::optional<ApiFailure> failure) {
  const Nanoseconds left = life_.left(outside_.now());
  Event event;
  event.kind = Event::Kind::last;
  event.limit = limit;
  event.next = std::max<Nanoseconds>(0, left - notice(life_.full()));
  tell(event);
  if (auto stopped = event.next > 0 ? pause(event.next) : std::nullopt) return std::move(*stopped);
  return ended(limit == Limit::maximum ? End::maximum : End::not_renewable, std::move(failure));
}

std::optional<Outcome> Keeper::note_failure(ApiFailure failure) {
  if (const Limit limit = limit_in(failure); limit != Limit::none) return last(limit, std::move(failure));
  const Nanoseconds now = outside_.now();
  if (may_pass(failure, worked_)) {
    refusals_ = 0;
  } else if (!worked_ || ++refusals_ >= kBelieved) {
    return ended(End::refused, std::move(failure));
  }
  if (life_.known() && now >= life_.end() + kCutOff) return ended(End::expired, std::move(failure));
  if (!life_.known() && now - began_ >= settings_.patience) return ended(End::unreached, std::move(failure));
  Event event;
  event.kind = Event::Kind::failed;
  event.failure = &failure;
  event.failures = ++failures_;
  event.next = until_retry(failures_, life_.left(now), failure.retry_after * kSecond, outside_.chance());
  tell(event);
  return pause(event.next);
}

std::optional<Outcome> Keeper::renew() {
  const Nanoseconds asked_at = outside_.now();
  auto answer = ask();
  if (!answer) return note_failure(std::move(answer.error()));
  if (!answer->auth) return note_failure(holds_no_token("auth/token/renew"));
  failures_ = 0;
  refusals_ = 0;
  worked_ = true;
  if (!answer->auth->accessor.empty()) accessor_ = answer->auth->accessor;
  Event event;
  event.growth = life_.note_renewal(*answer, asked_at);
  event.limit = life_.limit();
  event.warnings = answer->warnings.value_or(std::vector<std::string>());
  if (event.limit == Limit::none) event.next = until_renewal(life_.end() - outside_.now(), outside_.chance());
  tell(event);
  return event.next > 0 ? pause(event.next) : std::nullopt;
}

Outcome Keeper::run() {
  began_ = outside_.now();
  bool just_made = life_.known();
  for (;;) {
    if (settings_.look_first && !life_.known()) look();
    if (life_.endless()) return ended(End::endless);
    if (life_.limit() != Limit::none) return last(life_.limit());
    std::optional<Outcome> outcome;
    if (std::exchange(just_made, false)) {
      outcome = pause(until_renewal(life_.left(began_), outside_.chance()));
    } else {
      outcome = renew();
    }
    if (outcome) return std::move(*outcome);
  }
}

}  // namespace vtoken::renewal
