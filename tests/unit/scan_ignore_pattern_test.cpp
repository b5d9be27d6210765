// Lines of .gitignore, one rule each; scan_ignore_git_test.cpp asks git about many more.
#include <doctest/doctest.h>

#include <string>

#include "scan/ignore_pattern.hpp"

using namespace vtoken::scan;

namespace {

bool leaves_out(std::string_view line, std::string_view path, bool is_folder = false) {
  const auto pattern = parse_ignore_line(line);
  return pattern && matches(*pattern, path, is_folder);
}

}  // namespace

TEST_CASE("blank lines and comments are no patterns") {
  for (const char* line : {"", "#x", "\r", "   ", "/", "!"}) {
    CAPTURE(line);
    CHECK_FALSE(parse_ignore_line(line).has_value());
  }
  CHECK(leaves_out("\\#x", "#x"));
  CHECK(leaves_out("\\!x", "!x"));
}

TEST_CASE("a pattern without a slash is for names, one with a slash for paths") {
  CHECK(leaves_out("foo", "a/b/foo"));
  CHECK(leaves_out("f*o", "a/b/fo"));
  CHECK_FALSE(leaves_out("foo", "a/foo/b"));
  CHECK(leaves_out("/foo", "foo"));
  CHECK_FALSE(leaves_out("/foo", "a/foo"));
  CHECK(leaves_out("a/foo", "a/foo"));
  CHECK_FALSE(leaves_out("a/foo", "b/a/foo"));
  CHECK_FALSE(leaves_out("a/*", "a/b/c"));
}

TEST_CASE("a slash at the end is for folders") {
  CHECK(leaves_out("foo/", "a/foo", true));
  CHECK_FALSE(leaves_out("foo/", "a/foo", false));
}

TEST_CASE("two stars cross folders") {
  CHECK(leaves_out("**/foo", "foo"));
  CHECK(leaves_out("**/foo", "a/b/foo"));
  CHECK(leaves_out("a/**", "a/b/c"));
  CHECK_FALSE(leaves_out("a/**", "a"));
  CHECK(leaves_out("a/**/b", "a/b"));
  CHECK(leaves_out("a/**/b", "a/x/y/b"));
  CHECK_FALSE(leaves_out("a/**/b", "a/xb"));
  CHECK(leaves_out("**/a/**/b", "x/a/y/a/z/b"));
  CHECK_FALSE(leaves_out("*/x/a**b", "y/x/a/b"));
}

TEST_CASE("spaces at the end go, those with a backslash stay") {
  CHECK(leaves_out("foo  ", "foo"));
  CHECK(leaves_out("foo\\ ", "foo "));
  CHECK(leaves_out("foo\\  ", "foo "));
  CHECK(leaves_out(" foo", " foo"));
  CHECK(leaves_out("foo\t", "foo\t"));
  CHECK(leaves_out("foo \r", "foo"));
  CHECK_FALSE(leaves_out("foo\\", "foo"));
  CHECK_FALSE(leaves_out("foo\\", "foo\\"));
}

TEST_CASE("sets of characters") {
  CHECK(leaves_out("[a-c]x", "bx"));
  CHECK_FALSE(leaves_out("[!a-c]x", "bx"));
  CHECK(leaves_out("[^a-c]x", "dx"));
  CHECK(leaves_out("[]]", "]"));
  CHECK(leaves_out("[a-]", "-"));
  CHECK(leaves_out("[\\]]", "]"));
  CHECK(leaves_out("[[:digit:]]", "7"));
  CHECK_FALSE(leaves_out("[[:nonsense:]7]", "7"));
  CHECK_FALSE(leaves_out("[a", "a"));
  CHECK_FALSE(leaves_out("a[/]b", "a/b"));
  CHECK_FALSE(leaves_out("/a[!x]b", "a/b"));
  CHECK(leaves_out("[\xc3-\xc4][\x80-\xbf]", "\xc3\xa9"));
}

TEST_CASE("a pattern made to be slow is not") {
  std::string stars;
  for (int i = 0; i < 200; ++i) stars += "**/*a";
  CHECK_FALSE(matches_path_glob(stars + "b", std::string(4000, 'a')));
  std::string parts;
  for (int i = 0; i < 1000; ++i) parts += "a/";
  CHECK_FALSE(matches_path_glob("**/*a*/**/*a*/**/*a*/**/b*", parts + "a"));
}
