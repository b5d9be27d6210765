#include "cmd/readable.hpp"

#include <doctest/doctest.h>

using namespace vtoken::cmd;

TEST_CASE("what a terminal may act on is shown as an escape") {
  CHECK(readable("token-ann") == "token-ann");
  CHECK(readable("\x1b[2J\x1b]0;owned\a") == "\\x1b[2J\\x1b]0;owned\\x07");
  CHECK(readable("a\nb\tc\r") == "a\\nb\\tc\\r");
  CHECK(readable("\xc2\x9b"
                 "31m") == "\\u009b31m");
  CHECK(readable("\xe2\x80\xaegnp.exe") == "\\u202egnp.exe");
  CHECK(readable("\xff\xc3") == "\\xff\\xc3");
  CHECK(readable("Zoë 日本") == "Zoë 日本");
  CHECK(readable(std::string_view("\0\x7f", 2)) == "\\x00\\x7f");
}

TEST_CASE("long texts are cut, by columns") {
  CHECK(readable("0123456789", 10) == "0123456789");
  CHECK(readable("01234567890", 10) == "0123456...");
  CHECK(readable("\n\n\n\n", 7) == "\\n\\n...");
  CHECK(count_columns("Zoë") == 3);
  CHECK(count_columns("日本") == 4);
  CHECK(first_columns("日本", 3) == "日");
  const std::string cut = readable(std::string(100'000, '\x1b'), 40);
  CHECK(cut.size() <= 40);
}

TEST_CASE("numbers have thousands") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1000) == "1,000");
  CHECK(grouped(1234567) == "1,234,567");
  CHECK(counted(1, "token") == "1 token");
  CHECK(counted(0, "token") == "0 tokens");
  CHECK(counted(1234, "token") == "1,234 tokens");
}
