// Streams: found the same however they arrive.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <string>

#include "scan_world.hpp"

using namespace vtoken;
using namespace vtoken::scan::test;

namespace {

Places found_in(std::string_view text, std::size_t piece, StreamForm form = StreamForm::guess) {
  Memory sink;
  const ScanTotals totals = scan_stream(pieces_of(text, piece), "-", form, {}, sink);
  CHECK(totals.files == 1);
  CHECK(totals.bytes == text.size());
  CHECK(totals.findings == sink.findings.size());
  CHECK_FALSE(totals.ended_early);
  return sink.places();
}

}  // namespace

TEST_CASE("a stream in pieces of any size gives what the whole gives") {
  const std::string text = "a\n" + a_token() + " \n\nxy=" + a_token(2) + "," + a_token(3) + "\n" + a_token(4);
  const Places expected{"-:2:1", "-:4:4", "-:4:" + std::to_string(5 + a_token(2).size()), "-:5:1"};
  for (const StreamForm form : {StreamForm::guess, StreamForm::plain}) {
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 64U, 100'000U}) CHECK(found_in(text, piece, form) == expected);
  }
}

TEST_CASE("tokens far into a stream, at any distance from each other") {
  CHECK(rc::check([] {
    std::string text;
    Places expected;
    std::uint64_t line = 1;
    std::size_t line_start = 0;
    for (int i = 0; i < 5; ++i) {
      text += std::string(*rc::gen::element<std::size_t>(1, 100, 65'000, 65'536 + 128, 400'000, 524'288, 700'000), ' ');
      if (*rc::gen::arbitrary<bool>()) {
        text += "\n";
        ++line;
        line_start = text.size();
      }
      expected.push_back("-:" + std::to_string(line) + ":" + std::to_string(text.size() - line_start + 1));
      text += a_token();
    }
    RC_ASSERT(found_in(text, *rc::gen::element<std::size_t>(1000, 4096, 65'536, 1U << 20U)) == expected);
  }));
}

TEST_CASE("what stands before a token is seen, however the stream is cut") {
  // Such a token is likely for the name before it alone.
  const std::string one = "x VAULT_TOKEN=s.qTw7Kz2mN9bVc4XrYpLd8GhJ ";
  constexpr std::size_t kCount = 20'000;
  std::string text;
  for (std::size_t i = 0; i < kCount; ++i) text += one;
  for (const std::size_t piece : {std::size_t{997}, std::size_t{65'536}, text.size()}) {
    CHECK(found_in(text, piece).size() == kCount);
  }
}

TEST_CASE("a token is told as soon as its line is there") {
  const std::string text = a_token() + "\n";
  Memory sink;
  bool asked_again = false;
  const ReadSome read = [&, left = std::string_view(text)](char* buffer, std::size_t size) mutable {
    if (left.empty()) {
      asked_again = true;
      CHECK(sink.findings.size() == 1);
    }
    const std::size_t count = left.copy(buffer, size);
    left.remove_prefix(count);
    return Result<std::size_t>(count);
  };
  static_cast<void>(scan_stream(read, "-", StreamForm::guess, {}, sink));
  CHECK(asked_again);
}

TEST_CASE("a stream that fails is told, and what came before is scanned") {
  for (const std::size_t good : {std::size_t{0}, std::size_t{1}, a_token().size() + 3}) {
    for (const StreamForm form : {StreamForm::guess, StreamForm::plain, StreamForm::diff}) {
      Memory sink;
      const std::string text = ("x " + a_token() + " ").substr(0, good);
      const ReadSome read = [left = std::string_view(text)](char* buffer, std::size_t size) mutable {
        if (left.empty()) return Result<std::size_t>(fail(ErrorKind::io, "broken"));
        const std::size_t count = left.copy(buffer, std::min<std::size_t>(size, 5));
        left.remove_prefix(count);
        return Result<std::size_t>(count);
      };
      const ScanTotals totals = scan_stream(read, "name", form, {}, sink);
      CHECK(totals.troubles == 1);
      CHECK(totals.files == 0);
      CHECK(sink.troubles == std::vector<std::string>{"name: broken"});
      CHECK(sink.findings.size() == (good > 10 ? 1 : 0));
    }
  }
}

TEST_CASE("a sink ends a stream") {
  const std::string text = a_token() + "\n" + a_token() + "\n" + a_token() + "\n";
  for (const StreamForm form : {StreamForm::plain, StreamForm::diff}) {
    Memory sink(2);
    const ScanTotals totals = scan_stream(pieces_of(text, 4096), "-", form, {}, sink);
    CHECK(totals.ended_early);
    CHECK(totals.findings == 2);
    CHECK(sink.findings.size() == 2);
  }
}

TEST_CASE("an empty stream holds nothing") {
  for (const StreamForm form : {StreamForm::guess, StreamForm::plain, StreamForm::diff}) {
    CHECK(found_in("", 1, form).empty());
  }
}

TEST_CASE("streams with NUL bytes are scanned, and UTF-16 is read as text") {
  CHECK(found_in(std::string("\0\0\n", 3) + a_token(), 2) == Places{"-:2:1"});
  std::string text = "\xff\xfe";
  for (const char c : "ab\n" + a_token() + "\n") text += {c, '\0'};
  for (const std::size_t piece : {1U, 3U, 10'000U}) {
    Memory sink;
    static_cast<void>(scan_stream(pieces_of(text, piece), "-", StreamForm::guess, {}, sink));
    CHECK(sink.places() == Places{"-:2:1"});
  }
}
