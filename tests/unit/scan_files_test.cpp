// What is found in files: places, parts, threads, and files that change meanwhile.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <rapidcheck.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "scan/file.hpp"
#include "scan/window.hpp"
#include "scan_world.hpp"

using namespace vtoken;
using namespace vtoken::scan;
using namespace vtoken::scan::test;

namespace {

constexpr std::size_t kPart = std::size_t{4} << 20U;  // what one thread takes of a file at a time

ScanSettings with_threads(unsigned threads) {
  ScanSettings settings;
  settings.threads = threads;
  return settings;
}

Places found_in(const std::string& path, unsigned threads) {
  Memory sink;
  const ScanTotals totals = scan_paths({path}, with_threads(threads), sink);
  CHECK(totals.files == 1);
  CHECK(totals.bytes == std::filesystem::file_size(path));
  CHECK(totals.findings == sink.findings.size());
  CHECK(sink.troubles.empty());
  return sink.places(path);
}

/// A sink that does something at the first finding.
class Meddler final : public ScanSink {
 public:
  explicit Meddler(std::function<void()> act) : act_(std::move(act)) {}
  bool found(Finding finding) override {
    if (findings++ == 0) act_();
    last = finding.path;
    return true;
  }
  void trouble(const Error& error) override { troubles.push_back(error.text()); }

  std::size_t findings = 0;
  std::string last;
  std::vector<std::string> troubles;

 private:
  std::function<void()> act_;
};

std::string utf16(std::u16string_view text, bool big_endian) {
  std::string bytes;
  for (const char16_t unit : text) {
    const char high = static_cast<char>(unit >> 8U);
    const char low = static_cast<char>(unit & 0xffU);
    bytes += big_endian ? high : low;
    bytes += big_endian ? low : high;
  }
  return bytes;
}

}  // namespace

TEST_CASE("a finding has its place, its token and what is known of it") {
  const World world;
  const std::string path = world.put("f", "one\n two " + a_token() + "\r\n\"" + a_token(2) + "\" " + a_token(3));
  Memory sink;
  static_cast<void>(scan_paths({path}, with_threads(1), sink));
  CHECK(sink.places(path) == Places{":2:6", ":3:2", ":3:" + std::to_string(4 + a_token(2).size())});
  REQUIRE(sink.findings.size() == 3);
  CHECK(sink.findings[1].path == path);
  CHECK(sink.findings[1].token.view() == a_token(2));
  CHECK(sink.findings[1].type == TokenType::service);
  CHECK(sink.findings[1].format == TokenFormat::ssc);
  CHECK(sink.findings[1].confidence == Confidence::proved);
  CHECK_FALSE(sink.findings[1].reason.empty());
}

TEST_CASE("what is less sure than asked for is not told") {
  const World world;
  world.put("f", a_token() + "\nhvs.xxxxxxxxxxxxxxxxxxxxxxxx\n");
  for (const auto& [least, count] : {std::pair{Confidence::weak, 2U}, std::pair{Confidence::proved, 1U}}) {
    ScanSettings settings = with_threads(1);
    settings.least = least;
    Memory sink;
    CHECK(scan_paths({world / "f"}, settings, sink).findings == count);
    CHECK(sink.findings.size() == count);
  }
}

TEST_CASE("a token at the border of two parts is found once, wherever it stands") {
  const World world;
  const std::string token = a_token();
  for (std::size_t before = 0; before <= token.size() + 1;
       before += before < 6 || before > token.size() - 4 ? 1U : 13U) {
    CAPTURE(before);
    std::string text(kPart - before, ' ');
    for (std::size_t i = 100; i < text.size(); i += 101) text[i] = '\n';
    text += token + " " + std::string(3000, 'x') + "\n" + token;
    const std::string path = world.put("f", text);
    const Places alone = found_in(path, 1);
    CHECK(alone.size() == 2);
    CHECK(found_in(path, 3) == alone);
  }
}

TEST_CASE("what is part of a token at a border is none of its own") {
  const World world;
  const std::string text = "hvs." + std::string(30, 'a') + "hvs." + std::string(30, 'b') + " ";
  ScanSettings settings = with_threads(1);
  settings.least = Confidence::weak;
  const auto places_at = [&](std::size_t at) {
    Memory sink;
    static_cast<void>(scan_paths({world.put("f", std::string(at, '\n') + text)}, settings, sink));
    std::vector<std::uint64_t> columns;
    for (const Finding& each : sink.findings) columns.push_back(each.column);
    return columns;
  };
  const auto anywhere = places_at(0);
  CHECK_FALSE(anywhere.empty());
  for (std::size_t before = 0; before <= text.size(); before += 3) CHECK(places_at(kPart - before) == anywhere);
}

TEST_CASE("tokens side by side are found the same with any number of threads, and where they stand") {
  const World world;
  std::string text;
  Places expected;
  std::vector<std::string> tokens;
  for (std::uint64_t i = 0; i < 7; ++i) tokens.push_back(a_token(i));
  for (std::uint64_t line = 1; text.size() < 2 * kPart + 100'000; ++line) {
    // Every 50th line has two, with nothing but a dot or a comma between.
    const std::string& token = tokens[line % 7];
    if (line % 50 == 0) {
      expected.push_back(":" + std::to_string(line) + ":3");
      expected.push_back(":" + std::to_string(line) + ":" + std::to_string(token.size() + 4));
      text += "ab" + token + "," + token + "\n";
    } else {
      text += std::string(line % 700, '=') + "\n";
    }
  }
  const std::string path = world.put("f", text);
  for (const unsigned threads : {1U, 2U, 5U}) CHECK((found_in(path, threads) == expected));
}

TEST_CASE("many small files and some large ones come in their order") {
  const World world;
  Places expected;
  for (int i = 100; i < 400; ++i) {
    const std::string name = std::to_string(i);
    const bool large = i % 100 == 50;
    world.put(name, std::string(large ? 2 * kPart : 10, '\n') + a_token());
    expected.push_back("/" + name + ":" + std::to_string(large ? 2 * kPart + 1 : 11) + ":1");
  }
  for (const unsigned threads : {1U, 2U, 7U}) {
    Memory sink;
    const ScanTotals totals = scan_paths({world.path()}, with_threads(threads), sink);
    CHECK((sink.places(world.path()) == expected));
    CHECK(totals.files == 300);
    CHECK_FALSE(totals.ended_early);
  }
}

TEST_CASE("a sink ends the scan when it wants no more") {
  const World world;
  for (int i = 100; i < 200; ++i) world.put(std::to_string(i), a_token() + "\n" + a_token());
  for (const unsigned threads : {1U, 4U}) {
    Memory sink(3);
    const ScanTotals totals = scan_paths({world.path()}, with_threads(threads), sink);
    CHECK(totals.ended_early);
    CHECK(totals.findings == 3);
    CHECK(sink.places(world.path()) == Places{"/100:1:1", "/100:2:1", "/101:1:1"});
  }
}

TEST_CASE("threads that find more than is taken wait, and lose nothing") {
  const World world;
  const std::string line = std::string(1500, '-') + " " + a_token() + "\n";
  std::string text;
  while (text.size() < 2 * kPart) text += line;
  world.put("a", text);
  world.put("b", text);
  Memory sink;
  const ScanTotals totals = scan_paths({world.path()}, with_threads(3), sink);
  CHECK(totals.findings == 2 * text.size() / line.size());
  REQUIRE(sink.findings.size() == totals.findings);
  const auto in_order = [](const Finding& one, const Finding& other) {
    return one.path != other.path ? one.path < other.path : one.line < other.line;
  };
  CHECK(std::is_sorted(sink.findings.begin(), sink.findings.end(), in_order));
  CHECK(sink.findings.back().line == text.size() / line.size());
}

TEST_CASE("binary files are left out, unless they are wanted, also when they are named") {
  const World world;
  world.put("text", std::string(8192, 'x') + '\0' + " " + a_token());
  world.put("binary", std::string(8191, 'x') + '\0' + " " + a_token());
  Memory sink;
  const ScanTotals totals = scan_paths({world.path(), world / "binary"}, with_threads(1), sink);
  CHECK(totals.binaries == 2);
  CHECK(totals.files == 1);
  CHECK(sink.places(world.path()) == Places{"/text:1:8195"});
  ScanSettings all = with_threads(1);
  all.binaries = true;
  Memory more;
  CHECK(scan_paths({world.path()}, all, more).files == 2);
  CHECK(more.places(world.path()) == Places{"/binary:1:8194", "/text:1:8195"});
}

TEST_CASE("UTF-16 with a byte order mark is text; columns are those of its UTF-8 form") {
  const World world;
  const std::string token = a_token();
  const std::u16string text = u"\ufeffz\u00e4\n\U0001f511 " + std::u16string(token.begin(), token.end()) + u"\n";
  for (const bool big_endian : {false, true}) {
    const std::string path = world.put("f", utf16(text, big_endian));
    CHECK(found_in(path, 1) == Places{":2:6"});
    CHECK(found_in(path, 3) == Places{":2:6"});
    // Cut in the middle of a character, and half a pair.
    world.put("f", utf16(text + u"\xd83d", big_endian) + "x");
    CHECK(found_in(path, 1) == Places{":2:6"});
  }
}

TEST_CASE("empty files, and files of the kernel that say they are empty") {
  const World world;
  CHECK(found_in(world.put("empty", ""), 1).empty());
  Memory sink;
  CHECK(scan_paths({"/proc/self/status"}, with_threads(1), sink).bytes > 100);
  CHECK(sink.troubles.empty());
}

TEST_CASE("a named pipe is read to its end") {
  const World world;
  const std::string path = world / "pipe";
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  std::thread writer([&] { std::ofstream(path) << "x\ny " << a_token() << "\n"; });
  Memory sink;
  const ScanTotals totals = scan_paths({path}, with_threads(1), sink);
  writer.join();
  CHECK(totals.files == 1);
  CHECK(sink.places(path) == Places{":2:3"});
}

TEST_CASE("a GiB without a newline: nothing grows, and the place is right") {
  const World world;
  const std::string path = world.put("f", std::string(8192, 'x'));
  constexpr std::uintmax_t kSize = std::uintmax_t{1} << 30U;
  std::filesystem::resize_file(path, kSize);  // a hole
  std::ofstream(path, std::ios::app) << " " << a_token();
  for (const unsigned threads : {1U, 2U}) CHECK(found_in(path, threads) == Places{":1:" + std::to_string(kSize + 2)});
}

TEST_CASE("a file that becomes shorter while it is read is told, and ends nothing") {
  const World world;
  for (const std::size_t left : {std::size_t{0}, std::size_t{5000}, kPart + 12345}) {
    CAPTURE(left);
    const std::string path = world.put("f", a_token() + std::string(3 * kPart, '\n') + a_token());
    world.put("g", a_token());
    Meddler sink([&] { REQUIRE(::truncate(path.c_str(), static_cast<off_t>(left)) == 0); });
    const ScanTotals totals = scan_paths({world.path()}, with_threads(1), sink);
    CHECK(sink.troubles == std::vector<std::string>{path + ": became shorter while it was read"});
    CHECK(totals.troubles == 1);
    CHECK(totals.files == 1);
    CHECK(sink.last == world / "g");
  }
}

TEST_CASE("a hole is told from an end that came nearer") {
  const World world;
  const std::string path = world.put("f", "x");
  REQUIRE(::truncate(path.c_str(), 1 << 20) == 0);
  const auto file = open_file({path, path, nullptr});
  REQUIRE(file.has_value());
  CHECK(next_data(**file, 0) == 0);
  CHECK(next_data(**file, 500'000) == 1U << 20U);
  REQUIRE(::truncate(path.c_str(), 400'000) == 0);
  CHECK(next_data(**file, 500'000) == 500'000);
}

TEST_CASE("pages of a mapped file that are gone become zeros") {
  const World world;
  world.put("f", std::string(1U << 20U, 'x'));
  for (const std::size_t left : {std::size_t{0}, std::size_t{4096}, std::size_t{300'001}}) {
    REQUIRE(::truncate((world / "f").c_str(), 1 << 20) == 0);
    const auto file = open_file({world / "f", world / "f", nullptr});
    REQUIRE(file.has_value());
    Window window;
    const std::string_view text = window.view(**file, 1000, 1U << 20U);
    CHECK(text.size() == (1U << 20U) - 1000);
    CHECK_FALSE(window.trouble(**file).has_value());
    REQUIRE(::truncate((world / "f").c_str(), static_cast<off_t>(left)) == 0);
    CHECK(std::count(text.begin(), text.end(), '\0') >= static_cast<std::ptrdiff_t>((1U << 20U) - left - 1000));
    REQUIRE(window.trouble(**file).has_value());
    CHECK(window.trouble(**file)->text() == world / "f" + ": became shorter while it was read");
    world.put("f", std::string(1U << 20U, 'x'));
  }
}

TEST_CASE("what is appended while a file is read is not read") {
  const World world;
  for (const std::size_t size : {std::size_t{100}, 2 * kPart}) {
    const std::string path = world.put("f", a_token() + std::string(size, '\n'));
    const std::uintmax_t before = std::filesystem::file_size(path);
    Meddler sink([&] { std::ofstream(path, std::ios::app) << a_token() << std::string(3 * kPart, 'x'); });
    const ScanTotals totals = scan_paths({path}, with_threads(1), sink);
    CHECK(totals.bytes == before);
    CHECK(totals.files == 1);
    CHECK(sink.findings == 1);
    CHECK(sink.troubles.empty());
  }
}
