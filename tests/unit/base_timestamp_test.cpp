// Points of time, read.
#include <doctest/doctest.h>

#include "base/duration.hpp"
#include "base/timestamp.hpp"

namespace vtoken {
namespace {

TEST_CASE("points of time are read") {
  CHECK(parse_time("0").value() == 0);
  CHECK(parse_time("1790000000").value() == 1'790'000'000 * kSecond);
  CHECK(parse_time("1970-01-01T00:00:00Z").value() == 0);
  CHECK(parse_time("2026-11-22T10:00:00Z").value() == 1'795'341'600 * kSecond);
  CHECK(parse_time("2026-11-22T11:30:00+01:30").value() == 1'795'341'600 * kSecond);
  CHECK(parse_time("2026-11-22T05:00:00-05:00").value() == 1'795'341'600 * kSecond);
  CHECK(parse_time("2024-02-29T23:59:59.123456789Z").value() % kSecond == 123'456'789);
  CHECK(parse_time("2026-11-22T10:00:00.5Z").value() == 1'795'341'600 * kSecond + kSecond / 2);
  CHECK(parse_time("2026-11-22T10:00:00.0000000019Z").value() == 1'795'341'600 * kSecond + 1);
}

TEST_CASE("what format_time() writes is read back") {
  for (const Nanoseconds time : {Nanoseconds{0}, 1'795'341'600 * kSecond + 7, 9'223'372'035 * kSecond + kSecond - 1}) {
    CHECK(parse_time(format_time(time)).value() == time);
  }
}

TEST_CASE("what is no point of time is refused") {
  for (const char* text : {"",
                           "x",
                           "-1",
                           "1h",
                           "2026-11-22",
                           "2026-11-22T10:00Z",
                           "2026-11-22T10:00:00",
                           "2026-11-22 10:00:00Z",
                           "2026-13-01T00:00:00Z",
                           "2026-02-29T00:00:00Z",
                           "2026-11-22T24:00:00Z",
                           "2026-11-22T10:60:00Z",
                           "2026-11-22T10:00:60Z",
                           "2026-11-22T10:00:00.Z",
                           "2026-11-22T10:00:00+1:00",
                           "2026-11-22T10:00:00+01:60",
                           "2026-11-22T10:00:00Zx",
                           "1969-12-31T23:59:59Z",
                           "2262-04-12T00:00:00Z",
                           "9223372036",
                           "1.5",
                           "99999999999999999999"}) {
    CAPTURE(text);
    const auto time = parse_time(text);
    REQUIRE_FALSE(time);
    CHECK(time.error().kind == ErrorKind::usage);
  }
}

}  // namespace
}  // namespace vtoken
