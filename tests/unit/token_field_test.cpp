// Protobuf fields, one by one, whatever their message holds.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <string>

#include "token/field.hpp"

using namespace vtoken;
using wire::Field;
using wire::Kind;
using wire::read_field;
using wire::Reading;

namespace {

std::string text_of(const std::string& message) {
  const auto fault = wire::framing_fault(read_field(message, 0), "name", 100);
  return fault ? fault->text() : "none";
}

}  // namespace

TEST_CASE("a field of each kind, and where its parts are") {
  const Field number = read_field(std::string("..\x10\xac\x02."), 2);
  CHECK(number.number == 2);
  CHECK(number.kind == Kind::varint);
  CHECK(number.value == 300);
  CHECK(number.value_at == 3);
  CHECK(number.length_at == 3);
  CHECK(number.end == 5);
  const std::string message =
      "\x92\x03\x02"
      "38"
      "rest";
  const Field bytes = read_field(message, 0);
  CHECK(bytes.number == 50);
  CHECK(bytes.kind == Kind::bytes);
  CHECK(bytes.bytes == "38");
  CHECK(bytes.length_at == 2);
  CHECK(bytes.value_at == 3);
  CHECK(bytes.end == 5);
  const Field eight = read_field(std::string("\x09\x01\x02\0\0\0\0\0\x80", 9), 0);
  CHECK(eight.kind == Kind::fixed64);
  CHECK(eight.value == 0x8000000000000201U);
  CHECK(eight.end == 9);
  const Field four = read_field(std::string("\x0d\x01\x02\0\x80", 5), 0);
  CHECK(four.kind == Kind::fixed32);
  CHECK(four.value == 0x80000201U);
  CHECK(four.end == 5);
}

TEST_CASE("the largest numbers, and what is larger") {
  const std::string nine(9, '\xff');
  CHECK(read_field("\x08" + nine + "\x01", 0).value == 18446744073709551615U);
  CHECK(text_of("\x08" + nine + "\x02") == "byte 100: field 1 (name): its number has more than 64 bits");
  CHECK(text_of("\x08" + nine + "\xff\x01") == "byte 100: field 1 (name): its number has more than 64 bits");
  CHECK(text_of("\x0a" + nine + "\x02") == "byte 100: field 1 (name): its length has more than 64 bits");
  CHECK(read_field("\xf8\xff\xff\xff\x0f\x01", 0).number == 536870911U);
  CHECK(text_of("\x80\x80\x80\x80\x10\x01") == "byte 100: no protobuf field starts here");
  CHECK(text_of(nine + "\x02") == "byte 100: no protobuf field starts here");
}

TEST_CASE("what is cut, and what is no field") {
  CHECK(text_of("\x80") == "byte 100: cut short in the tag of a field");
  CHECK(text_of("\x08") == "byte 100: field 1 (name): its number is cut short");
  CHECK(text_of("\x08\x80") == "byte 100: field 1 (name): its number is cut short");
  CHECK(text_of("\x0d"
                "abc") == "byte 100: field 1 (name): its number is cut short");
  CHECK(text_of("\x09"
                "abcdefg") == "byte 100: field 1 (name): its number is cut short");
  CHECK(text_of("\x0a") == "byte 100: field 1 (name): its length is cut short");
  CHECK(text_of("\x0a\x80") == "byte 100: field 1 (name): its length is cut short");
  CHECK(text_of("\x0a\x04"
                "abc") == "byte 100: field 1 (name): 3 of 4 bytes");
  CHECK(text_of("\x0a\x03"
                "abc") == "none");
  for (const char kind : {'\x0b', '\x0c', '\x0e', '\x0f'}) {  // groups and what there is not
    CHECK(text_of(std::string(1, kind) + "\x01") == "byte 100: no protobuf field starts here");
  }
  CHECK(text_of(std::string("\0\x01", 2)) == "byte 100: no protobuf field starts here");
}

TEST_CASE("a field never ends behind its message, and each one moves on") {
  CHECK(rc::check([](const std::string& message) {
    for (std::size_t at = 0; at < message.size();) {
      const Field field = read_field(message, at);
      RC_ASSERT(field.end <= message.size());
      RC_ASSERT(at <= field.length_at && field.length_at <= field.value_at && field.value_at <= message.size());
      RC_ASSERT((field.reading == Reading::whole) == !wire::framing_fault(field, "", 0).has_value());
      if (field.reading != Reading::whole) break;
      RC_ASSERT(field.end > at);
      at = field.end;
    }
  }));
}
