#include "base/text.hpp"

#include <doctest/doctest.h>

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

}  // namespace
}  // namespace vtoken
