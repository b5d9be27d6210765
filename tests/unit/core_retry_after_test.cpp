#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

#include "core/retry_after.hpp"

namespace vtoken {
namespace {

constexpr Nanoseconds kNow = 784'111'777 * kSecond;  // Sun, 06 Nov 1994 08:49:37 GMT

// In seconds; -1 for none.
Nanoseconds wanted(const std::vector<Header>& headers) {
  const auto wait = retry_after(headers, kNow);
  return wait ? *wait / kSecond : -1;
}

Nanoseconds wanted(const std::string& value) { return wanted(std::vector<Header>{{"Retry-After", value}}); }

TEST_CASE("seconds, a minute at most") {
  CHECK(wanted("0") == 0);
  CHECK(wanted("7") == 7);
  CHECK(wanted(" 007 ") == 7);
  CHECK(wanted("60") == 60);
  CHECK(wanted("61") == 60);
  CHECK(wanted("99999999999999999999999999999999999999") == 60);
  CHECK(wanted(std::string(100'000, '9')) == 60);
}

TEST_CASE("a date, in each of HTTP's three forms") {
  CHECK(wanted("Sun, 06 Nov 1994 08:49:50 GMT") == 13);
  CHECK(wanted("Sunday, 06-Nov-94 08:49:50 GMT") == 13);
  CHECK(wanted("Sun Nov  6 08:49:50 1994") == 13);
  CHECK(wanted("Sun, 06 Nov 1994 08:49:37 GMT") == 0);
  CHECK(wanted("Sun, 06 Nov 1994 08:00:00 GMT") == 0);
  CHECK(wanted("Fri, 31 Dec 9999 23:59:59 GMT") == 60);
}

TEST_CASE("a date is compared with the server's own time when it says that") {
  const Header until{"retry-after", "Wed, 01 Jan 2020 00:00:20 GMT"};
  CHECK(wanted({{"date", "Wed, 01 Jan 2020 00:00:05 GMT"}, until}) == 15);
  CHECK(wanted({{"Date", "today"}, until}) == 60);
}

TEST_CASE("what is neither is no wish") {
  for (const char* value : {"", " ", "-1", "+5", "1.5", "5s", "0x10", "soon", "Sun, 06 Nov 1994 08:49:50", "1 2",
                            "Sun, 06 Nov 1994 08:49:50 GMT and more", "Sun, 36 Nov 1994 08:49:50 GMT"}) {
    CAPTURE(value);
    CHECK(wanted(value) == -1);
  }
  CHECK(wanted(std::string("7\0", 2)) == -1);
  CHECK(wanted(std::vector<Header>{}) == -1);
  CHECK(wanted({{"Retry-Afte", "7"}, {"Retry-Afters", "7"}, {"", "7"}}) == -1);
}

TEST_CASE("the first that can be read counts") {
  CHECK(wanted({{"Retry-After", "soon"}, {"RETRY-AFTER", "8"}, {"Retry-After", "9"}}) == 8);
}

}  // namespace
}  // namespace vtoken
