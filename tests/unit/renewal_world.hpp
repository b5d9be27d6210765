// A server with one token, and its clock: hours pass in an instant.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "base/duration.hpp"
#include "core/backend.hpp"
#include "renewal/keeper.hpp"

namespace vtoken::renewal {

/// What was told, without what is borrowed.
struct Told {
  Event::Kind kind;
  Nanoseconds at;
  Nanoseconds left;
  Nanoseconds next;
  Growth growth;
  std::string error;
};

/// The token's rules as a server has them; all times are `now`'s.
class World final : public Backend {
 public:
  Nanoseconds now = 1'000'000 * kSecond + kSecond / 3;
  std::int64_t ttl = 3600;    // seconds that a renewal gives
  Nanoseconds last_end = 0;   // the maximum; 0 for none
  bool tells_cap = true;      // a warning when the maximum cuts a renewal
  bool explicit_max = false;  // lookups tell the maximum
  bool renewable = true;
  bool endless = false;
  bool may_look = true;
  Nanoseconds round_trip = kSecond / 50;
  Nanoseconds expiry = 0;
  /// The answer instead, or a failure; an answer with status 0 is none.
  std::function<Result<Response>()> trouble = {};

  std::vector<std::string> asked = {};  // paths
  std::vector<Nanoseconds> renewed_at = {};
  std::vector<int> timeouts = {};
  std::vector<Told> told = {};
  Nanoseconds stop_at = std::numeric_limits<Nanoseconds>::max();
  double chance = 0.5;

  World() { expiry = now + ttl * kSecond; }

  void made_with(std::int64_t seconds) {
    ttl = seconds;
    expiry = now + ttl * kSecond;
  }
  [[nodiscard]] bool alive() const { return endless || now < expiry; }

  [[nodiscard]] Result<Response> handle(const Request& request) override {
    now += round_trip / 2;
    asked.push_back(request.path);
    timeouts.push_back(request.timeout);
    auto answer = answer_to(request);
    now += round_trip / 2;
    return answer;
  }
  [[nodiscard]] std::string address() const override { return "test"; }

  [[nodiscard]] Outcome keep(Settings settings = {}, const Auth* created = nullptr) {
    TokenClient client(*this, {.token = SecretString("hvs.own")});
    Keeper keeper(client, Subject::self(), settings,
                  {.wait =
                       [this](Nanoseconds length) {
                         now += length;
                         return now < stop_at;
                       },
                   .now = [this] { return now; },
                   .chance = [this] { return chance; }});
    keeper.on_event([this](const Event& event) {
      told.push_back({event.kind, now, event.left, event.next, event.growth,
                      event.failure == nullptr ? "" : event.failure->error.message});
    });
    if (created != nullptr) keeper.starts_with(*created);
    return keeper.run();
  }

  [[nodiscard]] std::size_t count(Event::Kind kind) const {
    return static_cast<std::size_t>(
        std::count_if(told.begin(), told.end(), [&](const Told& each) { return each.kind == kind; }));
  }

 private:
  static Response errors(int status, std::string_view text) {
    return {status, SecretString(fmt::format(R"({{"errors":["{}"]}})", text)), {}};
  }

  [[nodiscard]] Result<Response> answer_to(const Request& request) {
    if (trouble) {
      auto instead = trouble();
      if (!instead || instead->status != 200) return instead;
    }
    if (!alive()) return errors(403, "permission denied");
    return request.method == Method::get ? lookup() : renew();
  }

  [[nodiscard]] Response lookup() const {
    if (!may_look) return errors(403, "permission denied");
    const Nanoseconds start = last_end == 0 ? 0 : last_end - 7200 * kSecond;
    const std::string end = endless ? "null" : fmt::format(R"("{}")", format_time(expiry));
    return {200,
            SecretString(fmt::format(
                R"({{"data":{{"ttl":{},"creation_ttl":{},"renewable":{},"expire_time":{},"explicit_max_ttl":{},)"
                R"("creation_time":{},"accessor":"acc"}}}})",
                endless ? 0 : (expiry - now) / kSecond, endless ? 0 : ttl, renewable, end, explicit_max ? 7200 : 0,
                start / kSecond)),
            {}};
  }

  [[nodiscard]] Response renew() {
    if (endless || !renewable) return errors(400, "lease is not renewable");
    if (last_end != 0 && now >= last_end) return errors(500, "past the max TTL, cannot renew");
    Nanoseconds given = ttl * kSecond;
    std::string warnings = "null";
    if (last_end != 0 && now + given > last_end) {
      given = last_end - now;
      if (tells_cap) {
        warnings = R"(["TTL of \"1h\" exceeded the effective max_ttl of \"9m\"; TTL value is capped accordingly"])";
      }
    }
    expiry = now + given;
    renewed_at.push_back(now);
    return {200,
            SecretString(fmt::format(R"({{"auth":{{"client_token":"hvs.own","accessor":"acc","lease_duration":{},)"
                                     R"("renewable":true}},"warnings":{}}})",
                                     given / kSecond, warnings)),
            {}};
  }
};

inline Response status(int code, std::string_view text) {
  return {code, SecretString(fmt::format(R"({{"errors":["{}"]}})", text)), {}};
}

}  // namespace vtoken::renewal
