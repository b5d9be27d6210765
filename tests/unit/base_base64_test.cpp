// Padded base64, decoded.
#include <doctest/doctest.h>

#include "base/base64.hpp"

namespace vtoken {
namespace {

TEST_CASE("base64 is decoded") {
  CHECK(decode_base64("") == "");
  CHECK(decode_base64("Zg==") == "f");
  CHECK(decode_base64("Zm8=") == "fo");
  CHECK(decode_base64("Zm9v") == "foo");
  CHECK(decode_base64("Zm9v\r\nYmFy\n") == "foobar");
  CHECK(decode_base64("Zh==") == "f");  // unused bits
  CHECK(decode_base64("+/+/") == "\xfb\xff\xbf");
}

TEST_CASE("what is no base64 is not decoded") {
  for (const char* text :
       {"Z", "Zg", "Zg=", "=", "====", "Z===", "Zg==Zg==", "Zm9v ", "Zm-v", "Zm9v!", "path \"x\" {}"}) {
    CAPTURE(text);
    CHECK_FALSE(decode_base64(text));
  }
}

}  // namespace
}  // namespace vtoken
