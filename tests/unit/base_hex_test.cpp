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
