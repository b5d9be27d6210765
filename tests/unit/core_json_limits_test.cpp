#include <doctest/doctest.h>

#include <string>

#include "core/json.hpp"

namespace vtoken {
namespace {

std::string nested(std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); }

std::string list_of(std::size_t count, const std::string& item) {
  std::string text = "[" + item;
  for (std::size_t i = 1; i < count; ++i) text += "," + item;
  return text + "]";
}

TEST_CASE("64 levels, and no more") {
  CHECK(parse_json(nested(64)));
  CHECK_FALSE(parse_json(nested(65)));
  CHECK_FALSE(parse_json(nested(1'000'000)));
  CHECK(parse_json("[" + nested(63) + "," + nested(63) + "]"));
}

TEST_CASE("brackets in strings are no levels") { CHECK(parse_json("[\"" + std::string(100, '[') + "\"]")); }

TEST_CASE("two million values, the list that holds them included, and no more") {
  CHECK(parse_json(list_of(1'999'999, "0")));
  CHECK_FALSE(parse_json(list_of(2'000'000, "0")));
  CHECK_FALSE(parse_json(list_of(2'000'000, "[]")));
}

TEST_CASE("a NUL is no end") {
  const std::string good = R"({"a":1})";
  CHECK(parse_json(good + " \n"));
  CHECK_FALSE(parse_json(good + std::string(1, '\0')));
  CHECK_FALSE(parse_json(good + std::string(1, '\0') + "x"));
  CHECK_FALSE(parse_json(std::string(1, '\0') + good));
  CHECK_FALSE(parse_json("\"a" + std::string(1, '\0') + "\""));
  CHECK(parse_json(R"("\u0000")"));
}

TEST_CASE("one whole value") {
  for (const char* text :
       {"",    " ",   "{",       "[1,]",     "{\"a\":}",         "1 2", "{} x", "nul", "tru",  "01", "+1", ".5", "1.",
        "'a'", "\"a", "\"\\x\"", "\"\xff\"", "\"\xed\xa0\x80\"", "NaN", "-",    "1e",  "1e999"}) {
    CHECK_MESSAGE(!parse_json(text), text);
  }
}

}  // namespace
}  // namespace vtoken
