#include <doctest/doctest.h>

#include <memory>
#include <vector>

#include "core/rate_limited_backend.hpp"

namespace vtoken {
namespace {

// Time that only waiting moves, and a back end that notes when it was asked.
struct World {
  Nanoseconds now = 0;
  std::vector<Nanoseconds> asked = {};
  bool patient = true;

  [[nodiscard]] Pace pace() {
    return Pace{[this] { return now; },
                [this](Nanoseconds length) {
                  if (patient) now += length;
                  return patient;
                }};
  }
};

class NotingBackend final : public Backend {
 public:
  explicit NotingBackend(World& world) : world_(world) {}
  Result<Response> handle(const Request& /*request*/) override {
    world_.asked.push_back(world_.now);
    return Response{};
  }
  [[nodiscard]] std::string address() const override { return "http://noting"; }

 private:
  World& world_;
};

RateLimitedBackend limited(World& world, RateLimit limit) {
  return {std::make_unique<NotingBackend>(world), limit, world.pace()};
}

class NoSink final : public BodySink {
 public:
  bool begin(int /*status*/) override { return true; }
  bool piece(std::string_view /*bytes*/) override { return true; }
};

TEST_CASE("rates are read as the real command writes them") {
  const auto plain = parse_rate_limit("10");
  REQUIRE(plain);
  CHECK(plain->rate == 10);
  CHECK(plain->burst == 10);
  const auto both = parse_rate_limit("2.5:20");
  REQUIRE(both);
  CHECK(both->rate == 2.5);
  CHECK(both->burst == 20);
  const auto slow = parse_rate_limit("0.5");
  REQUIRE(slow);
  CHECK(slow->burst == 1);
  for (const char* bad : {"", "a", "10:", ":5", "10:x", "10:0", "10:-1", "0", "-1", "nan", "inf", "1e400", "1e-9",
                          "10 ", "10:5:1", "10:1.5", "10:99999999999"}) {
    CAPTURE(bad);
    const auto limit = parse_rate_limit(bad);
    REQUIRE_FALSE(limit);
    CHECK(limit.error().kind == ErrorKind::usage);
  }
}

TEST_CASE("a burst goes at once, then one by one") {
  World world;
  auto backend = limited(world, {4, 2});
  for (int i = 0; i < 5; ++i) CHECK(backend.handle(Request{}));
  const Nanoseconds quarter = kSecond / 4;
  CHECK(world.asked == std::vector<Nanoseconds>{0, 0, quarter, 2 * quarter, 3 * quarter});
}

TEST_CASE("a pause saves up a burst and no more") {
  World world;
  auto backend = limited(world, {1, 2});
  CHECK(backend.handle(Request{}));
  world.now += 100 * kSecond;
  for (int i = 0; i < 3; ++i) CHECK(backend.handle(Request{}));
  CHECK(world.asked == std::vector<Nanoseconds>{0, 100 * kSecond, 100 * kSecond, 101 * kSecond});
}

TEST_CASE("a clock that is set back neither stops nor speeds up") {
  World world;
  world.now = 1000 * kSecond;
  auto backend = limited(world, {1, 1});
  CHECK(backend.handle(Request{}));
  world.now = 0;
  CHECK(backend.handle(Request{}));
  CHECK(world.now == kSecond);
}

TEST_CASE("streams and submits take turns too") {
  World world;
  auto backend = limited(world, {2, 1});
  NoSink sink;
  CHECK(backend.stream(Request{}, sink));
  int left = 3;
  int answered = 0;
  CHECK(backend.submit([&]() { return left-- > 0 ? std::optional(Request{}) : std::nullopt; },
                       [&](std::size_t index, const Result<Response>& answer) {
                         CHECK(index == static_cast<std::size_t>(answered++));
                         CHECK(answer);
                         return true;
                       }));
  CHECK(answered == 3);
  const Nanoseconds half = kSecond / 2;
  CHECK(world.asked == std::vector<Nanoseconds>{0, half, 2 * half, 3 * half});
}

TEST_CASE("a slow rate asks a submit's requests in turn") {
  World world;
  auto backend = limited(world, {0.5, 1});
  int left = 2;
  CHECK(backend.submit([&]() { return left-- > 0 ? std::optional(Request{}) : std::nullopt; },
                       [](std::size_t, const Result<Response>&) { return true; }));
  CHECK(world.asked == std::vector<Nanoseconds>{0, 2 * kSecond});
}

TEST_CASE("who gives up waiting has not asked") {
  World world;
  world.patient = false;
  auto backend = limited(world, {1, 1});
  CHECK(backend.handle(Request{}));
  const auto second = backend.handle(Request{});
  REQUIRE_FALSE(second);
  CHECK(second.error().kind == ErrorKind::rate_limited);
  const auto many = backend.submit([]() { return std::optional(Request{}); },
                                   [](std::size_t, const Result<Response>&) { return true; });
  REQUIRE_FALSE(many);
  CHECK(many.error().kind == ErrorKind::rate_limited);
  CHECK(world.asked.size() == 1);
  CHECK(backend.address() == "http://noting");
}

}  // namespace
}  // namespace vtoken
