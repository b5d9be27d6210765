#include <doctest/doctest.h>

#include "renewal_world.hpp"

namespace vtoken::renewal {
namespace {

constexpr Nanoseconds kHour = 3600 * kSecond;

tl::unexpected<Error> no_connection() { return fail(ErrorKind::unreachable, "connection refused"); }

TEST_CASE("a periodic token is kept for as long as one wants, and asked no more than needed") {
  World world;
  world.stop_at = world.now + 1000 * kHour;
  const Outcome outcome = world.keep();
  CHECK(outcome.end == End::stopped);
  CHECK(outcome.accessor == "acc");
  CHECK(world.alive());
  CHECK(world.renewed_at.size() > 2000);
  CHECK(world.renewed_at.size() < 2600);
  CHECK(world.count(Event::Kind::renewed) == world.renewed_at.size());
  CHECK(world.told.size() == world.renewed_at.size());
  for (const Told& each : world.told) {
    CHECK(each.next <= kHour / 2);
    CHECK(each.next >= kHour * 2 / 5 - kSecond);
    CHECK(each.growth == Growth::extended);
  }
}

TEST_CASE("a token of two seconds is kept, too") {
  for (const double chance : {0.0, 0.5, 1.0}) {
    CAPTURE(chance);
    World world;
    world.made_with(2);
    world.chance = chance;
    world.round_trip = kSecond / 5;
    world.stop_at = world.now + kHour;
    CHECK(world.keep({.look_first = true}).end == End::stopped);
    CHECK(world.renewed_at.size() > 3000);
    CHECK(world.count(Event::Kind::failed) == 0);
  }
}

TEST_CASE("one that was just made is renewed at half of its life, without a look at it") {
  World world;
  Auth created;
  created.lease_duration = 3600;
  created.renewable = true;
  const Nanoseconds made_at = world.now;
  world.stop_at = made_at + kHour;
  CHECK(world.keep({.look_first = true}, &created).end == End::stopped);
  REQUIRE(!world.renewed_at.empty());
  CHECK(world.renewed_at.front() - made_at >= kHour * 2 / 5);
  CHECK(world.renewed_at.front() - made_at <= kHour / 2 + kSecond);
  CHECK(world.asked.front() == "auth/token/renew-self");
}

TEST_CASE("at the maximum nothing is asked any more, and the end comes before the token's own") {
  for (const bool look : {false, true}) {
    for (const bool tells : {false, true}) {
      for (const bool explicit_max : {false, true}) {
        CAPTURE(look);
        CAPTURE(tells);
        CAPTURE(explicit_max);
        World world;
        world.made_with(1000);
        world.last_end = world.now + 7200 * kSecond;
        world.tells_cap = tells;
        world.explicit_max = explicit_max;
        const Outcome outcome = world.keep({.look_first = look});
        CHECK(outcome.end == End::maximum);
        CHECK(!outcome.failure);
        CHECK(world.alive());
        CHECK(world.last_end - world.now <= 101 * kSecond);
        CHECK(world.last_end - world.now >= 20 * kSecond);
        CHECK(world.renewed_at.size() <= 22);
        CHECK(world.count(Event::Kind::last) == 1);
        CHECK(world.count(Event::Kind::failed) == 0);
      }
    }
  }
}

TEST_CASE("a short token reaches its maximum, however its times fall") {
  for (int third = 0; third < 30; ++third) {
    for (const bool tells : {false, true}) {
      CAPTURE(third);
      CAPTURE(tells);
      World world;
      world.now += third * kSecond / 30;
      world.made_with(2);
      world.chance = third / 30.0;
      world.last_end = world.now + 10 * kSecond;
      world.tells_cap = tells;
      const Outcome outcome = world.keep({.look_first = true});
      CHECK(outcome.end == End::maximum);
      CHECK(world.now <= world.last_end + 2 * kSecond);
      CHECK(world.now >= world.last_end - 3 * kSecond);
    }
  }
}

TEST_CASE("what never ends and what cannot be renewed is known by a look") {
  World endless;
  endless.endless = true;
  CHECK(endless.keep({.look_first = true}).end == End::endless);
  CHECK(endless.renewed_at.empty());

  World fixed;
  fixed.renewable = false;
  const Outcome outcome = fixed.keep({.look_first = true});
  CHECK(outcome.end == End::not_renewable);
  CHECK(outcome.left >= 300 * kSecond);
  CHECK(outcome.left <= 360 * kSecond);
  CHECK(fixed.asked == std::vector<std::string>{"auth/token/lookup-self"});
}

TEST_CASE("without a look the answer to the renewal says it") {
  World fixed;
  fixed.renewable = false;
  const Outcome outcome = fixed.keep();
  CHECK(outcome.end == End::not_renewable);
  REQUIRE(outcome.failure);
  CHECK(outcome.failure->status == 400);
}

TEST_CASE("a token that may not look at itself is kept all the same") {
  World world;
  world.may_look = false;
  world.stop_at = world.now + 10 * kHour;
  CHECK(world.keep({.look_first = true}).end == End::stopped);
  CHECK(world.renewed_at.size() > 15);
  CHECK(std::count(world.asked.begin(), world.asked.end(), "auth/token/lookup-self") == 1);
}

TEST_CASE("an outage is outlived") {
  const std::vector<std::function<Result<Response>()>> kinds = {
      [] { return no_connection(); },
      [] { return status(503, "Vault is sealed"); },
      [] { return status(500, "local node not active but active cluster node not found"); },
      [] { return status(429, "request path: rate limit quota exceeded"); },
      [] {
        return Response{502, SecretString("<html>Bad Gateway</html>"), {}};
      },
      [] { return fail(ErrorKind::not_found, "no such file", "store.db"); },
      [] { return fail(ErrorKind::wrong_key, "the key does not open it"); },
      [] { return fail(ErrorKind::untrusted, "certificate has expired"); }};
  for (const auto& kind : kinds) {
    World world;
    const Nanoseconds from = world.now + 10 * kHour;
    world.trouble = [&]() -> Result<Response> {
      if (world.now > from && world.now < from + 29 * 60 * kSecond) return kind();
      return Response{};
    };
    world.stop_at = from + 10 * kHour;
    CHECK(world.keep().end == End::stopped);
    CHECK(world.alive());
    CHECK(world.count(Event::Kind::failed) > 0);
    CHECK(world.count(Event::Kind::failed) < 40);  // it backs off
  }
}

TEST_CASE("an outage that is longer than the token lives is the end") {
  World world;
  const Nanoseconds from = world.now + 10 * kHour;
  world.trouble = [&]() -> Result<Response> {
    if (world.now > from) return no_connection();
    return Response{};
  };
  const Outcome outcome = world.keep();
  CHECK(outcome.end == End::expired);
  CHECK(outcome.left == 0);
  REQUIRE(outcome.failure);
  CHECK(outcome.failure->error.kind == ErrorKind::unreachable);
  CHECK(world.now >= world.expiry);
  CHECK(world.now <= world.expiry + 61 * kSecond);
  CHECK(world.timeouts.back() == 1);
}

TEST_CASE("before anything is known patience is short, and settings are doubted first") {
  World away;
  away.trouble = [] { return no_connection(); };
  const Nanoseconds began = away.now;
  const Outcome outcome = away.keep({.look_first = true});
  CHECK(outcome.end == End::unreached);
  CHECK(outcome.left == -1);
  CHECK(away.now - began >= 30 * kSecond);
  CHECK(away.now - began <= 100 * kSecond);

  World untrusted;
  untrusted.trouble = [] { return fail(ErrorKind::untrusted, "unknown authority"); };
  CHECK(untrusted.keep({.look_first = true}).end == End::refused);
  CHECK(untrusted.asked.size() == 2);
}

TEST_CASE("a refusal ends it: at once at the beginning, when it is repeated later") {
  World first;
  first.trouble = [] { return status(403, "permission denied"); };
  CHECK(first.keep().end == End::refused);
  CHECK(first.asked.size() == 1);

  World later;
  const Nanoseconds from = later.now + 3 * kHour;
  later.trouble = [&]() -> Result<Response> {
    if (later.now > from) return status(403, "permission denied");
    return Response{};
  };
  const Outcome outcome = later.keep();
  CHECK(outcome.end == End::refused);
  CHECK(later.count(Event::Kind::failed) == 1);
  REQUIRE(outcome.failure);
  CHECK(outcome.failure->status == 403);

  World once;
  int refusals = 0;
  once.trouble = [&]() -> Result<Response> {
    if (once.now > from && refusals++ == 0) return status(400, "invalid request");
    return Response{};
  };
  once.stop_at = from + 3 * kHour;
  CHECK(once.keep().end == End::stopped);
}

TEST_CASE("a shorter period is noticed, and no end is concluded from it") {
  for (const double chance : {0.0, 0.5, 1.0}) {
    CAPTURE(chance);
    World world;
    world.chance = chance;
    const Nanoseconds from = world.now + 3 * kHour;
    world.trouble = [&]() -> Result<Response> {
      if (world.now > from) world.ttl = 1800;
      return Response{};
    };
    world.stop_at = from + 10 * kHour;
    CHECK(world.keep().end == End::stopped);
    CHECK(world.alive());
    const auto odd = std::count_if(world.told.begin(), world.told.end(),
                                   [](const Told& each) { return each.growth != Growth::extended; });
    CHECK(odd <= 1);
  }
}

TEST_CASE("a wish is asked for each time") {
  World world;
  world.made_with(600);
  world.stop_at = world.now + kHour;
  CHECK(world.keep({.increment = 300 * kSecond, .look_first = true}).end == End::stopped);
  CHECK(world.count(Event::Kind::renewed) > 5);
}

TEST_CASE("a request may take a third of what the token has to live") {
  World world;
  world.made_with(60);
  world.stop_at = world.now + 300 * kSecond;
  static_cast<void>(world.keep({.longest_request = 60}));
  CHECK(world.timeouts.front() == 60);
  CHECK(world.timeouts.back() <= 12);
  CHECK(world.timeouts.back() >= 10);
}

TEST_CASE("other tokens are asked about by their own paths") {
  World world;
  world.stop_at = world.now + 1;
  for (const auto& [subject, path] :
       {std::pair{Subject::token(SecretString("hvs.other")), std::string("auth/token/renew")},
        std::pair{Subject::accessor(SecretString("acc")), std::string("auth/token/renew-accessor")}}) {
    TokenClient client(world, {});
    Keeper keeper(client, subject, {}, {.wait = [](Nanoseconds) { return false; }, .now = [&] { return world.now; }});
    CHECK(keeper.run().end == End::stopped);
    CHECK(world.asked.back() == path);
  }
}

}  // namespace
}  // namespace vtoken::renewal
