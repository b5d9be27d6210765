#include <doctest/doctest.h>

#include <array>

#include "base/hex.hpp"

using namespace vtoken;

TEST_CASE("bytes as hexadecimal") {
  CHECK(to_hex(std::string_view("\x00\x0f\xa0\xff", 4)) == "000fa0ff");
  CHECK(to_hex(std::string_view()).empty());
  CHECK(to_hex(std::array<unsigned char, 2>{1, 254}) == "01fe");
}

TEST_CASE("sixteen bytes as a UUID") {
  const std::array<unsigned char, 16> bytes{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  CHECK(to_uuid(bytes) == "00010203-0405-0607-0809-0a0b0c0d0e0f");
}

TEST_CASE("digits of either case have a value, and nothing else has") {
  CHECK(hex_digit('0') == 0);
  CHECK(hex_digit('9') == 9);
  CHECK(hex_digit('a') == 10);
  CHECK(hex_digit('F') == 15);
  for (const char c : {'/', ':', '@', 'G', '`', 'g', '\0', '\xff'}) CHECK(hex_digit(c) == -1);
}

TEST_CASE("the form of a UUID") {
  CHECK(is_uuid("00112233-4455-6677-8899-AABBccddeeff"));
  CHECK(!is_uuid("00112233-4455-6677-8899-AABBccddeef"));
  CHECK(!is_uuid("00112233-4455-6677-8899-AABBccddeefff"));
  CHECK(!is_uuid("00112233-4455-6677-8899-AABBccddeefg"));
  CHECK(!is_uuid("0011223344556677-8899-AABBccddeeff-00"));
  CHECK(!is_uuid(""));
}
