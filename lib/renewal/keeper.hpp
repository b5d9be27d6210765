// Keeps a token alive: renews it at half of its time to live, again and again, tries again what failed in passing, and
// ends when nothing extends the token any more.
//
//   TokenClient client(backend, {.token = token});
//   StoppableWait pause;
//   Keeper keeper(client, Subject::self(), {}, {.wait = [&](Nanoseconds length) { return pause.wait(length); }});
//   keeper.starts_with(created_auth);          // it was just made: the first renewal comes at half of its life
//   const Outcome outcome = keeper.run();      // until it ends, or another thread calls pause.stop()
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "core/token_client.hpp"
#include "renewal/life.hpp"

namespace vtoken::renewal {

/// The token that is renewed: the client's own, or another by itself or by its accessor.
struct Subject {
  enum class Kind : std::uint8_t { self, token, accessor };
  [[nodiscard]] static Subject self() { return {}; }
  [[nodiscard]] static Subject token(SecretString token) { return {Kind::token, std::move(token)}; }
  [[nodiscard]] static Subject accessor(SecretString accessor) { return {Kind::accessor, std::move(accessor)}; }

  Kind kind = Kind::self;
  SecretString text = {};
};

struct Settings {
  std::optional<Nanoseconds> increment = {};  ///< what each renewal asks for
  bool look_first = false;   ///< looks the token up before the first renewal, which says more; takes a use of it
  int longest_request = 60;  ///< seconds; less when the token has not so long to live. Servers only
  /// How long failures in passing are borne while nothing is known of the token, as before the first answer.
  Nanoseconds patience = 30 * kSecond;
};

/// The world outside. What is empty is the real one; tests put a clock here.
struct Outside {
  /// Waits so long; false ends the keeper. Empty: sleeps, and nothing ends it.
  std::function<bool(Nanoseconds)> wait = {};
  /// A time that neither jumps nor stops: only differences count. Empty: boot_time().
  std::function<Nanoseconds()> now = {};
  /// Between 0 and 1. Empty: random.
  std::function<double()> chance = {};
};

/// What happened, told while the keeper runs, in its thread.
struct Event {
  enum class Kind : std::uint8_t {
    renewed,  ///< `growth` and `limit` say how
    failed,   ///< `failure` says why; it is tried again in `next`
    last,     ///< nothing extends the token any more (`limit`); it is left alone until `next` has passed
  };
  Kind kind = Kind::renewed;
  Nanoseconds left = -1;  ///< what the token has to live; less than nothing: unknown
  Nanoseconds next = 0;   ///< how long the keeper waits now
  Growth growth = Growth::extended;
  Limit limit = Limit::none;
  std::vector<std::string> warnings = {};  ///< the server's, as it gave them; a `renewed` only
  const ApiFailure* failure = nullptr;     ///< borrowed for the call; a `failed` only
  int failures = 0;                        ///< how many in a row; a `failed` only
};

/// Why the keeper ended.
enum class End : std::uint8_t {
  stopped,        ///< the wait said so
  maximum,        ///< the token ends soon: it has reached its maximum time to live
  not_renewable,  ///< the token ends soon: it cannot be renewed, or not again
  endless,        ///< the token never ends: there is nothing to renew
  refused,        ///< an answer that says no for good: the token is gone, or may not be renewed by this caller
  expired,        ///< its time passed while all renewals failed
  unreached       ///< nothing is known of the token, and no answer came in Settings::patience
};

struct Outcome {
  End end = End::stopped;
  Nanoseconds left = -1;                   ///< what the token has to live; less than nothing: unknown
  std::string accessor = {};               ///< the token's, once an answer told it
  std::optional<ApiFailure> failure = {};  ///< why; of refused, expired, unreached, and of limits in a failure
};

/// Whether a renewal that failed so may do better soon: no connection, lost, 5xx, sealed, 412, 429. Renewing twice is
/// no harm. `worked_before`: settings that did once are not what is wrong, so that a store that is not there, a
/// certificate that is not trusted and a proxy's page may pass, too.
[[nodiscard]] bool may_pass(const ApiFailure& failure, bool worked_before);

/// The end that a failed renewal's words mean, when they say that nothing extends the token any more: "past the max
/// TTL", "lease is not renewable".
[[nodiscard]] Limit limit_in(const ApiFailure& failure);

/// Not safe for use from several threads. Its client is used by run() alone while that runs; CallOptions::timeout is
/// changed by it. The client's back end should not retry (RetryingBackend): the keeper does.
class Keeper {
 public:
  /// Borrows `client`.
  Keeper(TokenClient& client, Subject subject, Settings settings, Outside outside = {});

  /// What creating the token answered just now: nothing is looked up, and the first renewal comes at half of its life.
  void starts_with(const Auth& created);

  /// Called for each event, in the thread of run().
  void on_event(std::function<void(const Event&)> tell) { tell_ = std::move(tell); }

  /// Renews until there is a reason to end. The first renewal comes at once, unless starts_with() was called.
  [[nodiscard]] Outcome run();

 private:
  // Each gives an outcome when it is the end.
  [[nodiscard]] std::optional<Outcome> renew();
  [[nodiscard]] std::optional<Outcome> note_failure(ApiFailure failure);
  [[nodiscard]] std::optional<Outcome> pause(Nanoseconds length);
  [[nodiscard]] Outcome last(Limit limit, std::optional<ApiFailure> failure = {});
  [[nodiscard]] Outcome ended(End end, std::optional<ApiFailure> failure = {}) const;
  [[nodiscard]] ApiResult<Answer> ask();
  void look();
  void limit_request();
  void tell(Event event) const;

  TokenClient* client_;
  Subject subject_;
  Settings settings_;
  Outside outside_;
  std::function<void(const Event&)> tell_ = {};
  Life life_ = {};
  std::string accessor_ = {};
  Nanoseconds began_ = 0;
  bool worked_ = false;  // once, at least, or it was just made
  int failures_ = 0;     // in a row
  int refusals_ = 0;     // of them, in a row
};

}  // namespace vtoken::renewal
