#include "base/text.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <string>

namespace vtoken {
namespace {

using Parts = std::vector<std::string_view>;

TEST_CASE("letters of ASCII are made small, others stay") {
  CHECK(lower("X-Vault-@[`{ÄZ9") == "x-vault-@[`{Äz9");
  CHECK(lower("").empty());
}

TEST_CASE("names without case") {
  CHECK(same_name("X-Vault-Index", "x-vault-INDEX"));
  CHECK(same_name("", ""));
  CHECK_FALSE(same_name("X-Vault-Index", "X-Vault-Inde"));
  CHECK_FALSE(same_name("a@", "a`"));  // 32 apart, and no letters
}

TEST_CASE("blanks at the ends") {
  CHECK(trimmed(" \t\r\na b\n") == "a b");
  CHECK(trimmed(" \n").empty());
  CHECK(trimmed("").empty());
  CHECK(trimmed("\n a ", " ") == "\n a");
  CHECK(trimmed("\va\v") == "\va\v");
}

TEST_CASE("parts between separators") {
  CHECK(split("a,b", ',') == Parts{"a", "b"});
  CHECK(split(",a,,", ',') == Parts{"", "a", "", ""});
  CHECK(split("", ',') == Parts{""});
}

TEST_CASE("globs: a star at an end stands for any text") {
  for (const auto matches : {matches_glob, matches_outer_glob}) {
    CHECK(matches("*", "x"));
    CHECK(matches("*", ""));
    CHECK(matches("**", "x"));
    CHECK(matches("a*", "abc"));
    CHECK(matches("a*", "a"));
    CHECK_FALSE(matches("a*", "ba"));
    CHECK(matches("*c", "abc"));
    CHECK_FALSE(matches("*c", "cb"));
    CHECK(matches("*b*", "abc"));
    CHECK_FALSE(matches("*x*", "abc"));
    CHECK(matches("abc", "abc"));
    CHECK_FALSE(matches("abc", "abcd"));
    CHECK(matches("", ""));
    CHECK_FALSE(matches("", "a"));
  }
}

TEST_CASE("globs: a star elsewhere is itself to the servers") {
  CHECK(matches_glob("a*c", "abc"));
  CHECK(matches_glob("a*b*c*", "a--b-bc"));
  CHECK_FALSE(matches_glob("ab*bc", "abc"));
  CHECK_FALSE(matches_outer_glob("a*c", "abc"));
  CHECK(matches_outer_glob("*a*c*", "-a*c-"));
}

// As the rule reads: a star takes nothing, or one more character.
bool slow_glob(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() == '*')
    return slow_glob(pattern.substr(1), text) || (!text.empty() && slow_glob(pattern, text.substr(1)));
  return !text.empty() && pattern.front() == text.front() && slow_glob(pattern.substr(1), text.substr(1));
}

TEST_CASE("globs: as the rule reads") {
  CHECK(rc::check([] {
    const auto letters = [](const char* of) {
      return rc::gen::resize(10, rc::gen::container<std::string>(rc::gen::elementOf(std::string(of))));
    };
    const std::string pattern = *letters("ab**");
    const std::string text = *letters("ab*");
    RC_CLASSIFY(slow_glob(pattern, text));
    RC_ASSERT(matches_glob(pattern, text) == slow_glob(pattern, text));
  }));
}

}  // namespace
}  // namespace vtoken
