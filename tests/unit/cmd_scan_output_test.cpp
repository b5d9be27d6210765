// What becomes of findings: written, known or counted; and what the end says. No file is read here.
#include <doctest/doctest.h>

#include <array>
#include <sstream>
#include <streambuf>
#include <string>

#include "base/clock.hpp"
#include "cmd/readable.hpp"
#include "cmd/scan_output.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kToken = "hvs.KrDfSk8Qt7GfkcNnV5bH1g03";

Finding finding(std::string_view token = kToken, std::string path = "a/b.log", std::uint64_t line = 3) {
  return {std::move(path),    line, 7, SecretString(token), TokenType::service, TokenFormat::inner,
          Confidence::likely, "why"};
}

// Counts how often a reader was given something.
class Counted final : public std::stringbuf {
 public:
  int syncs = 0;

 protected:
  int sync() override {
    ++syncs;
    return 0;
  }
};

class Full final : public std::streambuf {};

struct World {
  Counted kept = {};
  std::ostream out{&kept};
  std::istringstream in = {};
  std::ostringstream err = {};
  Streams streams{in, out, err};
  ManualClock clock{1'700'000'000 * kSecond};

  ScanOutput open(ScanOutputOptions options) { return {streams, clock, std::move(options)}; }
};

ScanTotals totals(std::uint64_t files, std::uint64_t bytes) {
  ScanTotals all;
  all.files = files;
  all.bytes = bytes;
  return all;
}

TEST_CASE("a line says where, what and how sure; the summary counts") {
  World world;
  ScanOutput output = world.open({});
  CHECK(output.found(finding()));
  CHECK(output.found(finding(kToken, std::string("c\n\x1b[2J\xff"), 1)));
  CHECK(output.end(totals(1234, 5'000'000)) == 1);
  CHECK(world.kept.str() ==
        "a/b.log:3:7: service token hvs.****1g03 (likely: why)\n"
        "c\\n\\x1b[2J\\xff:1:7: service token hvs.****1g03 (likely: why)\n");
  CHECK(world.err.str() == "2 tokens found in 1,234 files, 4.8 MiB\n");
}

TEST_CASE("every format of token has a name and a rule") {
  for (int i = 0; i <= static_cast<int>(TokenFormat::unknown); ++i) {
    Finding each = finding();
    each.format = static_cast<TokenFormat>(i);
    for (const Confidence confidence : {Confidence::weak, Confidence::likely, Confidence::proved}) {
      each.confidence = confidence;
      for (const ScanFormat format : {ScanFormat::text, ScanFormat::json, ScanFormat::ndjson, ScanFormat::sarif}) {
        World world;
        ScanOutput output = world.open({format});
        CHECK(output.found(each));
        CHECK(output.end(totals(1, 1)) == 1);
        CHECK(world.kept.str().find("KrDfSk8") == std::string::npos);
        CHECK(world.kept.str().find("hvs.****1g03") != std::string::npos);
        if (format != ScanFormat::text) CHECK(parse_json(world.kept.str()).has_value());
      }
    }
  }
}

TEST_CASE("a baseline leaves out what it knows, wherever it stands") {
  for (const ScanFormat format :
       {ScanFormat::text, ScanFormat::json, ScanFormat::ndjson, ScanFormat::sarif, ScanFormat::token}) {
    World world;
    ScanOutputOptions options{format};
    options.reveal = true;
    options.baseline = Fingerprints{fingerprint_of(kToken)};
    ScanOutput output = world.open(std::move(options));
    CHECK(output.found(finding()));
    CHECK(output.found(finding(kToken, "elsewhere", 9)));
    CHECK(output.end(totals(2, 100)) == 0);
    CHECK(world.kept.str().find(kToken) == std::string::npos);
    CHECK(world.err.str() == "No new tokens found in 2 files, 100 bytes; 2 in the baseline\n");
  }
}

TEST_CASE("bare tokens come once each") {
  World world;
  ScanOutput output = world.open({ScanFormat::token, true});
  for (int i = 0; i < 3; ++i) CHECK(output.found(finding()));
  CHECK(output.found(finding("hvs.CCCCCCCCCCCCCCCCCCCCCCCC")));
  CHECK(output.end(totals(1, 1024)) == 1);
  CHECK(world.kept.str() == std::string(kToken) + "\nhvs.CCCCCCCCCCCCCCCCCCCCCCCC\n");
  CHECK(world.err.str() == "4 tokens found in 1 file, 1.0 KiB; 2 different\n");
}

TEST_CASE("what was left out and what failed is told, and a failure is the worse news") {
  World world;
  ScanOutput output = world.open({});
  CHECK(output.found(finding()));
  output.trouble({ErrorKind::io, "Permission denied", "x\x1b[0m", {}});
  ScanTotals all = totals(1, 1023);
  all.binaries = 2;
  all.ignored = 1;
  all.troubles = 1;
  CHECK(output.end(all) == 2);
  CHECK(world.err.str() ==
        "x\\x1b[0m: Permission denied\n"
        "1 token found in 1 file, 1,023 bytes; left out: 2 binary files (-binary reads them) and 1 ignored "
        "(-no-ignore reads them); 1 could not be read whole\n");
  World quiet;
  ScanOutputOptions silence;
  silence.quiet = true;
  ScanOutput last = quiet.open(std::move(silence));
  CHECK(last.end(all) == 2);
  CHECK(quiet.err.str().empty());
}

TEST_CASE("sizes are told in the unit that fits") {
  const std::array<std::pair<std::uint64_t, std::string_view>, 7> rows{{{0, "0 bytes"},
                                                                        {1, "1 byte"},
                                                                        {1536, "1.5 KiB"},
                                                                        {1048575, "1.0 MiB"},
                                                                        {std::uint64_t{3} << 30U, "3.0 GiB"},
                                                                        {std::uint64_t{5} << 40U, "5.0 TiB"},
                                                                        {~std::uint64_t{0}, "16.0 EiB"}}};
  for (const auto& [bytes, text] : rows) {
    World world;
    ScanOutput output = world.open({});
    CHECK(output.end(totals(0, bytes)) == 0);
    CHECK(world.err.str() == "No tokens found in 0 files, " + std::string(text) + "\n");
  }
}

TEST_CASE("findings reach the reader as they come; a flood of them costs few calls") {
  World slow;
  ScanOutput sparse = slow.open({});
  for (int i = 0; i < 5; ++i) {
    CHECK(sparse.found(finding()));
    slow.clock.advance(kSecond);
  }
  CHECK(slow.kept.syncs == 5);
  World fast;
  ScanOutput flood = fast.open({});
  for (int i = 0; i < 1000; ++i) CHECK(flood.found(finding()));
  CHECK(fast.kept.syncs <= 2);
  World screen;
  screen.streams.out_is_terminal = true;
  ScanOutput shown = screen.open({});
  for (int i = 0; i < 5; ++i) CHECK(shown.found(finding()));
  CHECK(screen.kept.syncs == 5);
}

TEST_CASE("output that fails ends the scan with 2, and is left for the process to tell") {
  for (const ScanFormat format : {ScanFormat::text, ScanFormat::json, ScanFormat::sarif}) {
    Full full;
    std::ostream out(&full);
    std::istringstream in;
    std::ostringstream err;
    Streams streams{in, out, err};
    const ManualClock clock(kSecond);
    ScanOutput output(streams, clock, {format});
    CHECK_FALSE(output.found(finding()));
    CHECK(output.end(totals(1, 1)) == 2);
    CHECK(out.good());
    CHECK(err.str().empty());
  }
}

TEST_CASE("paths become URIs that name the same file") {
  const std::array<std::array<std::string_view, 2>, 9> rows{{{"a/b.log", "a/b.log"},
                                                             {"./a//./b", "a/b"},
                                                             {"../up", "../up"},
                                                             {"/etc/x y", "file:///etc/x%20y"},
                                                             {"/", "file:///"},
                                                             {"a:b", "a%3Ab"},
                                                             {"100%#?", "100%25%23%3F"},
                                                             {"\xff\n\xc3\xbc", "%FF%0A%C3%BC"},
                                                             {"-", "-"}}};
  for (const auto& [path, uri] : rows) {
    const SarifPlace place = sarif_place(path);
    CHECK(place.uri == uri);
    CHECK(place.relative == !path.starts_with('/'));
  }
}

TEST_CASE("JSON holds any path") {
  World world;
  ScanOutput output = world.open({ScanFormat::json});
  CHECK(output.found(finding(kToken, std::string("\x00\x1f\"\\\xff\xf0\x9f\x92\xa9<", 10))));
  CHECK(output.end(totals(1, 1)) == 1);
  const auto json = parse_json(world.kept.str());
  REQUIRE(json.has_value());
  CHECK(text_member((*json)[0], "path") == std::string_view("\x00\x1f\"\\\xef\xbf\xbd\xf0\x9f\x92\xa9<", 12));
  CHECK(text_member((*json)[0], "fingerprint") == fingerprint_of(kToken));
}

}  // namespace
}  // namespace vtoken::cmd
