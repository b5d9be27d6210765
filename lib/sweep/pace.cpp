#include "sweep/pace.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/crypto.hpp"

namespace vtoken::sweep {
namespace {

constexpr std::size_t kFirst = 16;  // at once

constexpr double kMemory = 32;       // answers that the share of bad ones is about
constexpr double kTooManyBad = 0.3;  // a dozen in a row, from none
constexpr int kRowOfBad = 8;         // answers in a row: hardly chance …
constexpr int kRowOfLimited = 3;     // … and here the server says so
constexpr int kForLimits = 10;       // times the patience: who limits the rate is alive
constexpr Nanoseconds kShortestPause = kSecond / 10;
constexpr Nanoseconds kLongestPause = 5 * kSecond;
constexpr Nanoseconds kPauseShare = 10;  // of the time that it lasts already: what is lost at its end stays small
constexpr Nanoseconds kFeelAgain = kSecond;

double random_jitter() {
  std::array<unsigned char, 2> bytes{};
  random_bytes(bytes);
  return (bytes[0] * 256.0 + bytes[1]) / 65535.0;
}

// The others are about the server: all requests wait then.
bool is_about_request(Situation situation) {
  return situation == Situation::overloaded || situation == Situation::lost || situation == Situation::stale;
}

}  // namespace

Pace::Pace(PaceOptions options) : options_(std::move(options)), climb_(kFirst, options_.most) {
  if (!options_.jitter) options_.jitter = random_jitter;
}

std::size_t Pace::limit() const noexcept { return options_.fixed ? *options_.fixed : climb_.limit(); }

bool Pace::may_start(std::size_t in_flight, Nanoseconds now) noexcept {
  note_starving(in_flight);
  if (now < paused_until_) return false;
  std::size_t most = limit();
  if (feeling_) {
    if (!feeling_since_) {
      feeling_since_ = now;
      stragglers_ = in_flight;
    }
    most = std::min(most, 1 + static_cast<std::size_t>((now - *feeling_since_) / kFeelAgain));
  }
  // What the server may have lost must not keep it from being asked.
  most += stragglers_;
  if (options_.fixed) most = std::min(most, *options_.fixed);
  if (in_flight >= most) return false;
  expected_in_flight_ = in_flight + 1;
  return true;
}

// When may_start() said yes and nothing went out, there was nothing to ask.
void Pace::note_starving(std::size_t in_flight) noexcept {
  if (expected_in_flight_ && in_flight < *expected_in_flight_) climb_.starved();
  expected_in_flight_.reset();
}

void Pace::answered(const Reading& reading, Nanoseconds took, Nanoseconds now) {
  const Nanoseconds sent = now - took;
  if (expected_in_flight_ && *expected_in_flight_ > 0) --*expected_in_flight_;
  if (sent < cut_at_ && stragglers_ > 0) --stragglers_;
  if (is_passing(reading.situation)) return bad(reading, sent, now);
  ++good_;
  last_good_ = now;
  bad_since_.reset();
  if (sent < cut_at_) return;
  bad_share_ -= bad_share_ / kMemory;
  bad_row_ = 0;
  spell_since_.reset();
  feeling_ = false;
  climb_.answered(sent, now);
}

void Pace::bad(const Reading& reading, Nanoseconds sent, Nanoseconds now) {
  const bool limited = reading.situation == Situation::rate_limited;
  only_limited_ = limited && (only_limited_ || !bad_since_);
  if (!bad_since_) bad_since_ = std::max(sent, last_good_);
  const bool seen = sent < cut_at_;
  if (seen) {
    if (reading.wait) pause(reading, now);
    return;
  }
  ++bad_row_;
  bad_share_ += (1 - bad_share_) / kMemory;
  const bool nothing_good = feeling_ || reading.wait || bad_row_ >= (limited ? kRowOfLimited : kRowOfBad);
  if (!nothing_good && bad_share_ < kTooManyBad) return;
  if (!feeling_) climb_.cut(now);
  cut_at_ = now;
  bad_share_ = 0;
  bad_row_ = 0;
  if (nothing_good) pause(reading, now);
}

void Pace::pause(const Reading& reading, Nanoseconds now) {
  if (!spell_since_) spell_since_ = now;
  const Nanoseconds growing = std::clamp((now - *spell_since_) / kPauseShare, kShortestPause, kLongestPause);
  paused_until_ = std::max(paused_until_, now + (reading.wait ? *reading.wait : spread(growing)));
  feeling_ = true;
  feeling_since_.reset();
}

// So that several sweeps do not ask at the same moment.
Nanoseconds Pace::spread(Nanoseconds wait) const {
  return static_cast<Nanoseconds>(static_cast<double>(wait) * (0.75 + 0.5 * options_.jitter()));
}

Nanoseconds Pace::again_at(const Reading& reading, int tries, Nanoseconds now) const {
  if (reading.wait) return now + *reading.wait;
  Nanoseconds wait = kShortestPause;
  if (is_about_request(reading.situation)) {
    for (int i = 1; i < tries && wait < kLongestPause; ++i) wait *= 2;
  }
  return now + spread(std::min(wait, kLongestPause));
}

bool Pace::out_of_patience(Nanoseconds now) const noexcept {
  if (!bad_since_) return false;
  const Nanoseconds patience = only_limited_ ? options_.patience * kForLimits : options_.patience;
  return now - *bad_since_ >= patience;
}

}  // namespace vtoken::sweep
