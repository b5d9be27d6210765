// What is told of a renewal that did less than was wished.
#include <doctest/doctest.h>

#include <string>

#include "core/json.hpp"
#include "core/surprise.hpp"

namespace vtoken {
namespace {

constexpr Nanoseconds kHour = 3600 * kSecond;
constexpr Nanoseconds kNow = 1'800'000'000 * kSecond;

Answer renewed(std::int64_t ttl) {
  Answer answer;
  answer.auth.emplace();
  answer.auth->lease_duration = ttl;
  answer.auth->renewable = true;
  return answer;
}

std::string told(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : " | ") + line;
  return text;
}

TEST_CASE("a renewal that did as it was told") {
  const BeforeRenewal before{1000, 3600, 0, 0};
  CHECK(told(renewal_surprises({}, before, renewed(3600), kNow)).empty());
  CHECK(told(renewal_surprises(kHour, before, renewed(3600), kNow)).empty());
  CHECK(told(renewal_surprises({}, std::nullopt, renewed(60), kNow)).empty());
  // A token that was just made has its whole life before and after.
  CHECK(told(renewal_surprises({}, BeforeRenewal{3600, 3600, 0, 0}, renewed(3600), kNow)).empty());
  CHECK(told(renewal_surprises({}, BeforeRenewal{600, 600, 600, 0}, renewed(600), kNow)).empty());
}

TEST_CASE("a renewal that did not extend, or shortened") {
  const BeforeRenewal before{1000, 3600, 0, kNow + 1000 * kSecond};
  CHECK(told(renewal_surprises({}, before, renewed(1000), kNow)) ==
        "The renewal did not extend the token: it has 16m40s to live. It has reached its maximum and ends at "
        "2027-01-15T08:16:40Z, whatever its renewals");
  CHECK(told(renewal_surprises(600 * kSecond, BeforeRenewal{1000, 3600, 0, 0}, renewed(600), kNow)) ==
        "The renewal shortened the token's life: from 16m40s to 10m");
  CHECK(told(renewal_surprises({}, BeforeRenewal{1000, 3600, 0, 0}, renewed(999), kNow)) ==
        "The renewal did not extend the token: it has 16m39s to live");
}

TEST_CASE("a renewal that gave less than was asked for") {
  CHECK(told(renewal_surprises(kHour, BeforeRenewal{100, 600, 0, kNow + 600 * kSecond}, renewed(600), kNow)) ==
        "The token has reached its maximum and ends at 2027-01-15T08:10:00Z, whatever its renewals | "
        "The token has 10m to live, not the 1h that were asked for");
  CHECK(told(renewal_surprises(kHour, BeforeRenewal{100, 600, 600, 0}, renewed(600), kNow)) ==
        "The token has 10m to live, not the 1h that were asked for: a periodic token gets its period");
  Answer capped = renewed(600);
  capped.warnings = Lines{R"(TTL of "1h" exceeded the effective max_ttl of "10m"; TTL value is capped accordingly)"};
  CHECK(told(renewal_surprises(kHour, std::nullopt, capped, kNow)).empty());
  Answer last = renewed(3600);
  last.auth->renewable = false;
  CHECK(told(renewal_surprises({}, std::nullopt, last, kNow)) == "The token cannot be renewed again");
}

TEST_CASE("a lookup tells how the token was before") {
  const auto before = read_before_renewal(
      Json({{"ttl", 10}, {"creation_ttl", 60}, {"period", 30}, {"explicit_max_ttl", 120}, {"creation_time", 1000}}));
  REQUIRE(before);
  CHECK(before->ttl == 10);
  CHECK(before->creation_ttl == 60);
  CHECK(before->period == 30);
  CHECK(before->last_end == 1120 * kSecond);
  CHECK_FALSE(read_before_renewal(Json::array()));
  CHECK_FALSE(read_before_renewal(Json({{"keys", 1}})));
  CHECK(read_before_renewal(Json({{"ttl", "x"}, {"explicit_max_ttl", 1.5}}))->last_end == 0);
}

}  // namespace
}  // namespace vtoken
