// Expected values were printed by Go's time package.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <limits>
#include <string>
#include <vector>

#include "base/duration.hpp"

using namespace vtoken;

namespace {

constexpr Nanoseconds kMinute = 60 * kSecond;
constexpr Nanoseconds kHour = 60 * kMinute;
constexpr Nanoseconds kDay = 24 * kHour;
constexpr Nanoseconds kMax = std::numeric_limits<Nanoseconds>::max();
constexpr Nanoseconds kMin = std::numeric_limits<Nanoseconds>::min();

struct Row {
  std::string text;
  Nanoseconds length;
};

}  // namespace

TEST_CASE("durations are read as Go reads them") {
  for (const Row& row : std::vector<Row>{{"0", 0},
                                         {"1s", kSecond},
                                         {"-1s", -kSecond},
                                         {"+5m", 5 * kMinute},
                                         {"1h30m", 90 * kMinute},
                                         {"1.5h", 90 * kMinute},
                                         {".5s", kSecond / 2},
                                         {"1.s", kSecond},
                                         {"1500ms", 1'500'000'000},
                                         {"1us", 1000},
                                         {"1\u00b5s", 1000},
                                         {"1\u03bcs", 1000},
                                         {"1ns", 1},
                                         {"1h1h", 2 * kHour},
                                         {"39h9m14.425s", 140'954'425'000'000},
                                         {"5m0.3s", 300'300'000'000},
                                         {"2562047h47m16.854775807s", kMax},
                                         {"-2562047h47m16.854775808s", kMin},
                                         {"-9223372036854775808ns", kMin},
                                         {"0.3333333333333333333h", 20 * kMinute},
                                         {"0.100000000000000000000h", 6 * kMinute},
                                         {"0.9223372036854775807h", 3'320'413'933'267},
                                         {"1.123456789123456789s", 1'123'456'789},
                                         {"0.9999999999999999999s", kSecond}}) {
    CAPTURE(row.text);
    const auto length = parse_duration(row.text);
    REQUIRE(length.has_value());
    CHECK(*length == row.length);
  }
}

TEST_CASE("durations are read as servers read them: bare seconds, days, nothing") {
  for (const Row& row : std::vector<Row>{{"", 0},
                                         {"90", 90 * kSecond},
                                         {"-90", -90 * kSecond},
                                         {"+90", 90 * kSecond},
                                         {"2d", 2 * kDay},
                                         {"1d12h", 36 * kHour},
                                         {"-1d", -kDay},
                                         {"1.5d", 36 * kHour},
                                         {"9223372036", 9'223'372'036 * kSecond}}) {
    CAPTURE(row.text);
    const auto length = parse_duration(row.text);
    REQUIRE(length.has_value());
    CHECK(*length == row.length);
  }
}

TEST_CASE("what is no duration is refused, and not repeated") {
  for (const char* text : {"-",
                           "+",
                           "s",
                           ".",
                           ".s",
                           "1x",
                           "1 s",
                           "1h ",
                           " 1h",
                           "-.",
                           "-.s",
                           "+.s",
                           "1.5.5s",
                           "1.0e3s",
                           "--1s",
                           "-+1s",
                           "1.5",
                           "1h30",
                           "3000000h",
                           "9223372036854775808ns",
                           "2562047h47m16.854775808s",
                           "18446744073709551616s",
                           "9223372037",
                           "99999999999999999999999999",
                           "hvs.secret",
                           "1\xc2s",
                           "0x1s",
                           "1\n",
                           "\xd9\xa1s",
                           "106752d",
                           "1H",
                           "1e3"}) {
    CAPTURE(text);
    const auto length = parse_duration(text);
    REQUIRE_FALSE(length.has_value());
    CHECK(length.error().kind == ErrorKind::usage);
    CHECK(length.error().text().find("secret") == std::string::npos);
  }
  CHECK_FALSE(parse_duration(std::string("1s\0", 3)).has_value());
  CHECK_FALSE(parse_duration(std::string(1'000'000, '9')).has_value());
}

TEST_CASE("durations are printed as Go prints them") {
  for (const Row& row : std::vector<Row>{{"0s", 0},
                                         {"1ns", 1},
                                         {"1.1\u00b5s", 1100},
                                         {"2.2ms", 2'200'000},
                                         {"3.3s", 3'300'000'000},
                                         {"4m5s", 245 * kSecond},
                                         {"4m5.001s", 245'001'000'000},
                                         {"5h6m7.001s", 5 * kHour + 6 * kMinute + 7'001'000'000},
                                         {"8m0.000000001s", 8 * kMinute + 1},
                                         {"1h0m0s", kHour},
                                         {"768h0m0s", 768 * kHour},
                                         {"-1.5s", -kSecond * 3 / 2},
                                         {"999ns", 999},
                                         {"-1h0m0s", -kHour},
                                         {"2562047h47m16.854775807s", kMax},
                                         {"-2562047h47m16.854775808s", kMin}}) {
    CHECK(go_duration(row.length) == row.text);
  }
}

TEST_CASE("printing and reading are inverse") {
  CHECK(rc::check([](Nanoseconds length) {
    RC_ASSERT(parse_duration(go_duration(length)).value() == length);
    // The real command drops "0m" after any "h", so that its form reads back too.
    RC_ASSERT(parse_duration(human_duration(length)).value() == length);
  }));
}

TEST_CASE("tables leave out zero parts") {
  for (const Row& row : std::vector<Row>{{"0s", 0},
                                         {"1h", kHour},
                                         {"768h", 768 * kHour},
                                         {"1h5s", kHour + 5 * kSecond},
                                         {"59m55s", 59 * kMinute + 55 * kSecond},
                                         {"10m", 10 * kMinute},
                                         {"1h10m", kHour + 10 * kMinute},
                                         {"10h", 10 * kHour},
                                         {"20s", 20 * kSecond}}) {
    CHECK(human_duration(row.length) == row.text);
  }
}

TEST_CASE("times are RFC 3339 in UTC") {
  for (const Row& row : std::vector<Row>{{"1970-01-01T00:00:00Z", 0},
                                         {"2023-11-14T22:13:20.123Z", 1'700'000'000'123'000'000},
                                         {"2000-02-29T23:59:59.999999999Z", 951'868'799'999'999'999},
                                         {"2000-03-01T00:00:00Z", 951'868'800 * kSecond},
                                         {"2100-02-28T12:00:00Z", 4'107'499'200 * kSecond},
                                         {"2100-03-01T00:00:00Z", 4'107'542'400 * kSecond},
                                         {"1969-12-31T23:59:59.5Z", -kSecond / 2},
                                         {"1900-01-01T00:00:00Z", -2'208'988'800 * kSecond},
                                         {"2262-04-11T23:47:16.854775807Z", kMax},
                                         {"1677-09-21T00:12:43.145224192Z", kMin}}) {
    CHECK(format_time(row.length) == row.text);
  }
}
