#include <doctest/doctest.h>

#include "renewal/schedule.hpp"

namespace vtoken::renewal {
namespace {

constexpr Nanoseconds kMs = kSecond / 1000;
constexpr Nanoseconds kHour = 3600 * kSecond;

TEST_CASE("a token is renewed at half of its time, or up to a tenth of it earlier") {
  CHECK(until_renewal(kHour, 0.0) == kHour / 2);
  CHECK(until_renewal(kHour, 1.0) == kHour / 2 - kHour / 10);
  CHECK(until_renewal(2 * kSecond, 0.5) == 900 * kMs);
  CHECK(until_renewal(768 * kHour, 0.0) == 384 * kHour);
  CHECK(until_renewal(0, 0.5) == 100 * kMs);
}

TEST_CASE("failures are followed by longer and longer waits, up to a minute") {
  CHECK(until_retry(1, -1, 0, 0.0) == 500 * kMs);
  CHECK(until_retry(2, -1, 0, 0.0) == kSecond);
  CHECK(until_retry(4, -1, 0, 0.0) == 4 * kSecond);
  CHECK(until_retry(8, -1, 0, 0.0) == 60 * kSecond);
  CHECK(until_retry(2'000'000'000, -1, 0, 0.0) == 60 * kSecond);
  CHECK(until_retry(4, -1, 0, 1.0) == 3 * kSecond);
}

TEST_CASE("there is time for several tries in what a token has to live") {
  CHECK(until_retry(1, kSecond, 0, 0.0) == 250 * kMs);
  CHECK(until_retry(9, 20 * kSecond, 0, 0.0) == 5 * kSecond);
  CHECK(until_retry(9, 0, 0, 0.0) == 100 * kMs);
  CHECK(until_retry(1, 100 * kMs, 0, 1.0) == 100 * kMs);
}

TEST_CASE("a server's wish is met as far as the token lives") {
  CHECK(until_retry(1, -1, 7 * kSecond, 0.5) == 7 * kSecond);
  CHECK(until_retry(1, kHour, 7 * kSecond, 0.5) == 7 * kSecond);
  CHECK(until_retry(1, 6 * kSecond, 7 * kSecond, 0.5) == 3 * kSecond);
  CHECK(until_retry(9, -1, kSecond, 0.0) == 60 * kSecond);
}

TEST_CASE("the notice before the end is a tenth, within reason") {
  CHECK(notice(10 * 60 * kSecond) == 60 * kSecond);
  CHECK(notice(768 * kHour) == kHour);
  CHECK(notice(20 * kSecond) == 5 * kSecond);
  CHECK(notice(2 * kSecond) == kSecond);
  CHECK(notice(0) == 0);
}

TEST_CASE("a request leaves time for another one") {
  CHECK(longest_request(-1, 60) == 60);
  CHECK(longest_request(kHour, 60) == 60);
  CHECK(longest_request(30 * kSecond, 60) == 10);
  CHECK(longest_request(kSecond, 60) == 1);
  CHECK(longest_request(0, 60) == 1);
  CHECK(longest_request(-1, 0) == 0);
  CHECK(longest_request(30 * kSecond, 0) == 10);
}

}  // namespace
}  // namespace vtoken::renewal
