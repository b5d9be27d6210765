// Reports of an earlier scan, whole, cut off, of others and of nonsense.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <sstream>
#include <string>

#include "base/clock.hpp"
#include "cmd/scan_baseline.hpp"
#include "cmd/scan_output.hpp"

namespace vtoken::cmd {
namespace {

std::string report(ScanFormat format, int count) {
  std::ostringstream out;
  std::istringstream in;
  std::ostringstream err;
  Streams streams{in, out, err};
  const ManualClock clock(kSecond);
  ScanOutput output(streams, clock, {format});
  for (int i = 0; i < count; ++i) {
    CHECK(output.found({"path", 1, 1, SecretString("hvs.token" + std::to_string(i)), TokenType::service,
                        TokenFormat::inner, Confidence::likely, "why"}));
  }
  static_cast<void>(output.end({}));
  return out.str();
}

constexpr ScanFormat kFormats[] = {ScanFormat::json, ScanFormat::ndjson, ScanFormat::sarif};

TEST_CASE("our own reports are read, whatever is around them") {
  for (const ScanFormat format : kFormats) {
    for (const int count : {0, 1, 2, 50}) {
      for (const char* before : {"", "\xef\xbb\xbf", "\n \r\n"}) {
        const auto known = read_baseline(before + report(format, count) + "\n", "base");
        REQUIRE(known.has_value());
        CHECK(known->size() == static_cast<std::size_t>(count));
        CHECK(known->count(fingerprint_of("hvs.token0")) == (count > 0 ? 1 : 0));
      }
    }
  }
  CHECK(read_baseline("", "base").has_value());
}

TEST_CASE("a cut report is refused, but for lines that are all whole") {
  for (const ScanFormat format : kFormats) {
    const std::string whole = report(format, 2);
    for (std::size_t length = 1; length + 2 < whole.size(); ++length) {
      const auto known = read_baseline(whole.substr(0, length), "base");
      const bool whole_lines = format == ScanFormat::ndjson && (whole[length - 1] == '\n' || whole[length] == '\n');
      CHECK(known.has_value() == whole_lines);
      if (!known) CHECK(known.error().kind == ErrorKind::usage);
    }
  }
}

TEST_CASE("what is no report is refused with its place") {
  const auto refused = [](std::string_view text) {
    const auto known = read_baseline(text, "base");
    REQUIRE_FALSE(known.has_value());
    return known.error().text();
  };
  const std::string fingerprint = fingerprint_of("x");
  CHECK(refused("a.log:1:2: service token").starts_with("base: this is no report"));
  CHECK(refused(std::string(9'000'000, '[')).find("-format=ndjson") != std::string::npos);
  CHECK(refused("null").starts_with("base: this is no report"));
  CHECK(refused("{}").starts_with("base: this is no report"));
  CHECK(refused(R"({"runs":1})").starts_with("base: this is no report"));
  CHECK(refused("[1]").starts_with("base: entry 1 "));
  CHECK(refused(R"([{"fingerprint":")" + fingerprint + R"("},{"fingerprint":5}])").starts_with("base: entry 2 "));
  CHECK(refused(R"({"fingerprint":")" + fingerprint + "\"}\n{}").starts_with("base: line 2 "));
  CHECK(refused(R"({"fingerprint":"ABC"})").starts_with("base: line 1 "));
  CHECK(refused(R"({"runs":[{"results":[{"partialFingerprints":{"primaryLocationLineHash":"1"}}]}]})")
            .starts_with("base: result 1 "));
  CHECK(read_baseline(R"({"runs":[{"results":[]},{}]})", "base").has_value());
}

TEST_CASE("any bytes are taken") {
  CHECK(rc::check("random texts", [](const std::string& text) { static_cast<void>(read_baseline(text, "base")); }));
  CHECK(rc::check("reports with a changed byte", [] {
    std::string text = report(*rc::gen::element(ScanFormat::json, ScanFormat::ndjson, ScanFormat::sarif), 2);
    text[*rc::gen::inRange<std::size_t>(0, text.size())] = *rc::gen::arbitrary<char>();
    static_cast<void>(read_baseline(text, "base"));
  }));
  CHECK_FALSE(read_baseline(std::string(100000, '['), "base").has_value());
}

}  // namespace
}  // namespace vtoken::cmd
