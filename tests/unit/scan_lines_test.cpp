// Lines, columns and fingerprints.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <string>

#include "scan/finding.hpp"
#include "scan/lines.hpp"

using namespace vtoken;
using namespace vtoken::scan;

TEST_CASE("newlines are counted in texts of any length, wherever they begin") {
  CHECK(rc::check([] {
    const auto parts = *rc::gen::container<std::string>(rc::gen::element('\n', '\n', 'a', '\v', '\x8a', '\0'));
    const std::string text =
        parts + std::string(*rc::gen::inRange<std::size_t>(0, 9000), *rc::gen::element('\n', '.')) + parts;
    const std::string_view part = std::string_view(text).substr(*rc::gen::inRange<std::size_t>(0, text.size() + 1));
    RC_ASSERT(count_newlines(part) == static_cast<std::size_t>(std::count(part.begin(), part.end(), '\n')));
    const std::size_t newline = part.rfind('\n');
    RC_ASSERT(after_last_newline(part) == (newline == std::string_view::npos ? 0 : newline + 1));
  }));
}

TEST_CASE("places are the same however the text is cut") {
  CHECK(rc::check([] {
    const auto text = *rc::gen::container<std::string>(rc::gen::element('\n', 'a', 'b'));
    LineCounter counter;
    std::uint64_t line = 1;
    std::uint64_t column = 1;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t size = *rc::gen::inRange<std::size_t>(1, 5);
      const std::string_view piece = std::string_view(text).substr(at, size);
      counter.pass(piece);
      for (const char c : piece) {
        column = c == '\n' ? 1 : column + 1;
        line += c == '\n' ? 1U : 0U;
      }
      at += piece.size();
      RC_ASSERT(counter.offset() == at);
      RC_ASSERT(counter.line() == line);
      RC_ASSERT(counter.column() == column);
    }
  }));
}

// printf 'vtoken finding\nhvs.abc' | sha256sum
TEST_CASE("a fingerprint never changes: baselines hold it") {
  CHECK(fingerprint_of("hvs.abc") == "e2d76c1fc8c6a1e8ebae5d326ab37b37464ff68931d30d1226336a45fd8e31d1");
  CHECK(fingerprint_of("hvs.abd") != fingerprint_of("hvs.abc"));
}
