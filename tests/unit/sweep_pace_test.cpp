#include <doctest/doctest.h>

#include <utility>
#include <vector>

#include "sweep/pace.hpp"
#include "sweep_simulation.hpp"

namespace vtoken::sweep {
namespace {

using simulation::kMilli;
using simulation::Reply;
using simulation::Server;
using simulation::Settings;
using simulation::workers;

Reading reading(Situation situation) { return {situation, "", {}, false}; }

Reading waiting(Situation situation, Nanoseconds wait) { return {situation, "", wait, false}; }

double seconds(const simulation::Result& result) { return static_cast<double>(result.took) / kSecond; }

// Lets so many requests through in each interval, and says how long to wait, or not.
Server limited(const Server& inner, std::size_t most, Nanoseconds interval, bool says_so) {
  return [=, from = Nanoseconds{0}, used = std::size_t{0}](Nanoseconds now, std::size_t others) mutable -> Reply {
    if (now - from >= interval) {
      from = now;
      used = 0;
    }
    if (used++ < most) return inner(now, others);
    Reading bad = reading(Situation::rate_limited);
    if (says_so) bad.wait = from + interval - now;
    return {now + kMilli, bad};
  };
}

// Refuses what is more than so many at once.
Server crowded(const Server& inner, std::size_t most) {
  return [=](Nanoseconds now, std::size_t others) mutable -> Reply {
    return others < most ? inner(now, others) : Reply{now + kMilli, reading(Situation::overloaded)};
  };
}

// Is away for a while.
Server away(const Server& inner, Nanoseconds from, Nanoseconds to, Situation how) {
  return [=, start = Nanoseconds{-1}](Nanoseconds now, std::size_t others) mutable -> Reply {
    if (start < 0) start = now;
    const bool is_away = now - start >= from && now - start < to;
    return is_away ? Reply{now + kMilli, reading(how)} : inner(now, others);
  };
}

// Fails by chance.
Server faulty(const Server& inner, double share) {
  return [=, random = simulation::chances()](Nanoseconds now, std::size_t others) mutable -> Reply {
    Reply reply = inner(now, others);
    const double chance = std::uniform_real_distribution<double>(0, 1)(random) / share;
    if (chance < 1) {
      reply.reading.situation = chance < 0.33   ? Situation::rate_limited
                                : chance < 0.67 ? Situation::overloaded
                                                : Situation::lost;
    }
    return reply;
  };
}

TEST_CASE("it finds what a server can do, and little more is under way") {
  struct Shape {
    std::size_t count;
    Nanoseconds service;
    Nanoseconds way;
  };
  for (const Shape& shape : std::vector<Shape>{{1, kMilli, 0},
                                               {2, kMilli / 5, kMilli / 10},
                                               {4, kMilli, kMilli},
                                               {16, 2 * kMilli, kMilli},
                                               {50, 5 * kMilli, 5 * kMilli},
                                               {64, 10 * kMilli, 20 * kMilli},
                                               {500, 20 * kMilli, 50 * kMilli}}) {
    const auto count = shape.count;
    const auto service = shape.service;
    const auto way = shape.way;
    CAPTURE(count);
    const auto result = simulation::run(workers(count, service, way), {.work = 20'000});
    const double by_workers = static_cast<double>(count) / static_cast<double>(service);
    const double useful = static_cast<double>(service + way) * by_workers;  // under way when all workers are busy
    const double best = std::min(by_workers, 128 / static_cast<double>(service + way));
    CHECK(static_cast<double>(result.took) <= 20'000 / best / 0.85);
    CHECK(result.bad == 0);
    CHECK(result.most_under_way <= 128);
    CHECK(result.mean_under_way <= std::max(24.0, 2.5 * useful));
  }
}

TEST_CASE("a fixed number is kept") {
  for (const std::size_t fixed : {1U, 4U, 200U}) {
    const auto result = simulation::run(workers(50, kMilli), {.work = 5000, .pace = {.fixed = fixed}});
    CHECK(result.most_under_way == fixed);
    const auto bad = simulation::run(away(workers(50, kMilli), 0, kSecond, Situation::unreachable),
                                     {.work = 5000, .pace = {.fixed = fixed}});
    CHECK(bad.most_under_way == fixed);
    CHECK(bad.bad < fixed + 50);
  }
}

TEST_CASE("when there is not enough to do it does not rise") {
  const auto result = simulation::run(workers(16, 2 * kMilli), {.work = 2000, .work_every = 2 * kMilli});
  CHECK(result.last_limit == 16);
}

TEST_CASE("a rate limit is kept close to, with few refusals") {
  for (const bool says_so : {false, true}) {
    for (const auto& each :
         std::vector<std::pair<std::size_t, int>>{{10, 1}, {100, 1}, {1000, 1}, {100, 10}, {3000, 60}, {2000, 300}}) {
      const std::size_t most = each.first;
      const int interval = each.second;
      CAPTURE(says_so);
      CAPTURE(most);
      CAPTURE(interval);
      const auto result = simulation::run(
          limited(workers(64, kMilli / 2, 5 * kMilli), most, interval * kSecond, says_so), {.work = most * 10});
      CHECK(seconds(result) < 10.0 * interval / 0.9);
      CHECK(!result.gave_up);
      CHECK(result.bad < (says_so ? 500U : 1500U));
    }
  }
}

TEST_CASE("it stays below what overloads a server") {
  for (const std::size_t most : {1U, 2U, 4U, 10U, 40U}) {
    CAPTURE(most);
    const auto result = simulation::run(crowded(workers(64, 2 * kMilli, kMilli), most), {.work = 50'000});
    CHECK(seconds(result) < 50'000 * 0.003 / static_cast<double>(most) / 0.8);
    CHECK(result.bad < 1000);
  }
}

TEST_CASE("it sits out an outage, asks seldom meanwhile, and goes on soon") {
  for (const auto how : {Situation::unreachable, Situation::lost, Situation::no_leader, Situation::overloaded}) {
    for (const int length : {1, 6, 20, 100}) {
      CAPTURE(length);
      const auto result =
          simulation::run(away(workers(16, 2 * kMilli), 2 * kSecond, (2 + length) * kSecond, how), {.work = 50'000});
      CHECK(!result.gave_up);
      CHECK(seconds(result) < 50'000 / 8000.0 * 1.1 + length * 1.13 + 1);
      CHECK(result.bad < 150);
    }
  }
}

TEST_CASE("it gives up when nothing good came for as long as its patience, and not before") {
  const auto result = simulation::run(away(workers(16, 2 * kMilli), 2 * kSecond, 1000 * kSecond, Situation::no_leader),
                                      {.work = 50'000});
  CHECK(result.gave_up);
  CHECK(seconds(result) >= 121);
  CHECK(seconds(result) < 130);
  const auto soon = simulation::run(away(workers(1, kMilli), 0, 1000 * kSecond, Situation::unreachable),
                                    {.work = 10, .pace = {.patience = 30 * kSecond}});
  CHECK(soon.gave_up);
  CHECK(seconds(soon) >= 30);
  CHECK(seconds(soon) < 36);
}

TEST_CASE("failures by chance cost little more than asking again") {
  for (const auto& each : std::vector<std::pair<double, double>>{{0.01, 0.9}, {0.06, 0.7}, {0.1, 0.4}}) {
    const double share = each.first;
    const double least = each.second;
    CAPTURE(share);
    const auto result = simulation::run(faulty(workers(16, 2 * kMilli, kMilli), share), {.work = 50'000});
    CHECK(seconds(result) < 50'000 / 8000.0 / (1 - share) / least);
    CHECK(!result.gave_up);
  }
  // Most answers bad: slowly, and to the end.
  CHECK(!simulation::run(faulty(workers(16, 2 * kMilli), 0.7), {.work = 500}).gave_up);
}

TEST_CASE("answers that never come do not keep others from being asked") {
  const auto server = [inner = workers(16, 2 * kMilli), start = Nanoseconds{-1}](Nanoseconds now,
                                                                                 std::size_t others) mutable -> Reply {
    if (start < 0) start = now;
    if (now - start >= kSecond && now - start < kSecond + 5 * kMilli)
      return {now + 60 * kSecond, reading(Situation::lost)};
    if (now - start >= kSecond && now - start < 2 * kSecond) return {now + kMilli, reading(Situation::unreachable)};
    return inner(now, others);
  };
  // What hangs ends after a minute; all else is done long before: the rate is that of so many as are not hanging.
  const auto result = simulation::run(server, {.work = 100'000});
  CHECK(seconds(result) < 80);
  CHECK(!result.gave_up);
}

constexpr Nanoseconds kNow = 1'700'000'000 * kSecond;

PaceOptions steady() {
  PaceOptions options;
  options.jitter = [] { return 0.5; };
  return options;
}

TEST_CASE("what an answer asks to wait holds everything") {
  for (const std::optional<std::size_t> fixed : {std::optional<std::size_t>(), std::optional<std::size_t>(3)}) {
    PaceOptions options = steady();
    options.fixed = fixed;
    Pace pace(options);
    CHECK(pace.may_start(0, kNow));
    const Reading bad = waiting(Situation::rate_limited, 9 * kSecond);
    pace.answered(bad, kMilli, kNow);
    CHECK(!pace.may_start(0, kNow));
    CHECK(!pace.may_start(0, kNow + 9 * kSecond - 1));
    CHECK(pace.again_at(bad, 5, kNow) == kNow + 9 * kSecond);
    // Then one, and another each second.
    const Nanoseconds later = kNow + 9 * kSecond;
    CHECK(pace.may_start(0, later));
    CHECK(!pace.may_start(1, later));
    CHECK(pace.may_start(1, later + kSecond));
    CHECK(!pace.may_start(2, later + kSecond));
    // Until one is good.
    pace.answered(reading(Situation::done), kMilli, later + kSecond + kMilli);
    CHECK(pace.may_start(2, later + kSecond + kMilli));
    CHECK(pace.limit() == (fixed ? 3U : 8U));
  }
}

TEST_CASE("the limit halves once for what was under way together") {
  Pace pace(steady());
  for (int i = 0; i < 8; ++i) pace.answered(waiting(Situation::overloaded, kSecond), kMilli, kNow + i);
  CHECK(pace.limit() == 8);
  pace.answered(reading(Situation::done), kMilli, kNow + 2 * kSecond);
  pace.answered(waiting(Situation::overloaded, kSecond), kMilli, kNow + 3 * kSecond);
  CHECK(pace.limit() == 4);
}

TEST_CASE("a single failure slows nothing down") {
  Pace pace(steady());
  for (int i = 0; i < 100; ++i) {
    pace.answered(reading(i % 8 == 0 ? Situation::overloaded : Situation::done), kMilli, kNow + i);
  }
  CHECK(pace.limit() == 16);
  CHECK(pace.may_start(15, kNow + 100));
  CHECK(!pace.may_start(16, kNow + 100));
}

TEST_CASE("when a request is asked again") {
  const Pace pace(steady());
  for (const auto situation : {Situation::overloaded, Situation::lost, Situation::stale}) {
    CHECK(pace.again_at(reading(situation), 1, kNow) == kNow + 100 * kMilli);
    CHECK(pace.again_at(reading(situation), 3, kNow) == kNow + 400 * kMilli);
    CHECK(pace.again_at(reading(situation), 100, kNow) == kNow + 5 * kSecond);
  }
  for (const auto situation : {Situation::rate_limited, Situation::unreachable, Situation::no_leader}) {
    CHECK(pace.again_at(reading(situation), 100, kNow) == kNow + 100 * kMilli);
  }
  PaceOptions options;
  options.jitter = [] { return 0.0; };
  CHECK(Pace(options).again_at(reading(Situation::lost), 1, kNow) == kNow + 75 * kMilli);
  options.jitter = [] { return 1.0; };
  CHECK(Pace(options).again_at(reading(Situation::lost), 1, kNow) == kNow + 125 * kMilli);
  for (int i = 0; i < 100; ++i) {
    const Nanoseconds wait = Pace({}).again_at(reading(Situation::lost), 1, kNow) - kNow;
    CHECK((wait >= 75 * kMilli && wait <= 125 * kMilli));
  }
}

TEST_CASE("patience counts from the first bad answer after a good one") {
  Pace pace(steady());
  CHECK(!pace.out_of_patience(kNow + 1000 * kSecond));
  pace.answered(reading(Situation::done), kMilli, kNow);
  // Nothing was asked for an hour.
  Nanoseconds now = kNow + 3600 * kSecond;
  CHECK(!pace.out_of_patience(now));
  pace.answered(reading(Situation::lost), 30 * kSecond, now);
  CHECK(!pace.out_of_patience(now + 89 * kSecond));
  CHECK(pace.out_of_patience(now + 90 * kSecond));
  // Every answer that is not passing is good: somebody is there.
  for (const auto situation : {Situation::refused, Situation::gone, Situation::dangling, Situation::hopeless}) {
    const std::size_t before = pace.good_answers();
    pace.answered(reading(situation), kMilli, now);
    CHECK(pace.good_answers() == before + 1);
    CHECK(!pace.out_of_patience(now + 1000 * kSecond));
    pace.answered(reading(Situation::stale), kMilli, now);
    CHECK(pace.good_answers() == before + 1);
    CHECK(pace.out_of_patience(now + 120 * kSecond));
  }
}

TEST_CASE("a server that limits the rate is there: patience is longer") {
  Pace pace(steady());
  for (int i = 0; i < 20; ++i) {
    pace.answered(waiting(Situation::rate_limited, 60 * kSecond), kMilli, kNow + i * 60 * kSecond);
    CHECK(!pace.out_of_patience(kNow + i * 60 * kSecond));
  }
  CHECK(pace.out_of_patience(kNow + 1200 * kSecond));
  Pace mixed(steady());
  mixed.answered(reading(Situation::rate_limited), kMilli, kNow);
  mixed.answered(reading(Situation::lost), kMilli, kNow);
  mixed.answered(reading(Situation::rate_limited), kMilli, kNow);
  CHECK(mixed.out_of_patience(kNow + 120 * kSecond));
}

}  // namespace
}  // namespace vtoken::sweep
