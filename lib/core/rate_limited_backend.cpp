#include "core/rate_limited_backend.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <thread>
#include <utility>

namespace vtoken {
namespace {

constexpr double kFastest = 1e9;   // a nanosecond's wait
constexpr double kSlowest = 1e-6;  // a request in twelve days
constexpr double kSmallestBurst = 1;

bool sleep_for(Nanoseconds length) {
  std::this_thread::sleep_for(std::chrono::nanoseconds(length));
  return true;
}

Nanoseconds steady_now() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(since).count();
}

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number number{};
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

Result<RateLimit> parse_rate_limit(std::string_view text) {
  const auto colon = text.find(':');
  const auto rate = number_of<double>(text.substr(0, colon));
  RateLimit limit;
  bool good = rate && std::isfinite(*rate) && *rate >= kSlowest && *rate <= kFastest;
  if (good) limit = RateLimit{*rate, std::max(kSmallestBurst, std::floor(*rate))};
  if (good && colon != std::string_view::npos) {
    const auto burst = number_of<std::uint32_t>(text.substr(colon + 1));
    good = burst && *burst >= 1;
    if (good) limit.burst = *burst;
  }
  if (good) return limit;
  return fail(ErrorKind::usage, "not a rate; write it as 10 (requests a second) or 10:20 (and 20 at once)");
}

RateLimitedBackend::RateLimitedBackend(std::unique_ptr<Backend> inner, RateLimit limit, Pace pace)
    : inner_(std::move(inner)), limit_(limit), pace_(std::move(pace)), allowed_(limit.burst) {
  if (!pace_.now) pace_.now = steady_now;
  if (!pace_.wait) pace_.wait = sleep_for;
  counted_ = pace_.now();
}

Result<void> RateLimitedBackend::take_turn() {
  const Nanoseconds now = pace_.now();
  // A clock that was set back gives nothing.
  const double passed = static_cast<double>(std::max<Nanoseconds>(now - counted_, 0)) / static_cast<double>(kSecond);
  allowed_ = std::min(limit_.burst, allowed_ + passed * limit_.rate);
  counted_ = now;
  if (allowed_ < 1) {
    const double seconds = (1 - allowed_) / limit_.rate;
    const auto length = static_cast<Nanoseconds>(std::ceil(seconds * static_cast<double>(kSecond)));
    if (!pace_.wait(length)) {
      return fail(ErrorKind::rate_limited, "gave up waiting for the next request that VAULT_RATE_LIMIT allows");
    }
    // What was waited for, whether or not the clock shows it.
    allowed_ = 1;
    counted_ = now + length;
  }
  allowed_ -= 1;
  return {};
}

Result<Response> RateLimitedBackend::handle(const Request& request) {
  if (auto turn = take_turn(); !turn) return tl::unexpected(turn.error());
  return inner_->handle(request);
}

Result<void> RateLimitedBackend::stream(const Request& request, BodySink& sink) {
  if (auto turn = take_turn(); !turn) return tl::unexpected(turn.error());
  return inner_->stream(request, sink);
}

Result<void> RateLimitedBackend::submit(const RequestSource& source, const AnswerSink& sink) {
  if (limit_.rate < 1) return Backend::submit(source, sink);
  Result<void> turn;
  const auto paced = [&]() -> Offer {
    Offer offer = source();
    if (offer.kind != Offer::Kind::request) return offer;
    turn = take_turn();
    return turn ? std::move(offer) : Offer(std::nullopt);
  };
  auto done = inner_->submit(paced, sink);
  return turn ? done : turn;
}

std::string RateLimitedBackend::address() const { return inner_->address(); }

}  // namespace vtoken
