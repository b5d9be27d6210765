#include <doctest/doctest.h>

#include "cmd_output_fixture.hpp"

namespace vtoken::cmd {
namespace {

const char* const kAuth = R"({"request_id":"r","lease_duration":7,"data":{"token":"data's","extra":5},"auth":{
  "client_token":"hvs.t","accessor":"a","policies":["p","q"],"token_policies":["p"],"lease_duration":3600,"renewable":false}})";
const char* const kWrap = R"({"wrap_info":{"token":"hvs.w","accessor":"wa","ttl":60,
  "creation_time":"2026-11-22T03:20:41.50Z","creation_path":"p","wrapped_accessor":"x"}})";
const char* const kData =
    R"({"request_id":"r","lease_id":"l","lease_duration":7,"renewable":true,"data":{"n":null,"t":"x",
  "f":false,"m":{"b":2,"a":[1,"y"]}}})";

// What is printed for a field; an exit status other than 0 in front.
std::string field(std::string_view answer, std::string_view name, Format format = Format::table, bool raw = false) {
  Printer printer(format);
  printer.output.options().field_is_raw = raw;
  const int status = printer.output.field(answer_of(answer), name);
  return (status == 0 ? "" : std::to_string(status) + " ") + printer.printed() + printer.said();
}

TEST_CASE("fields of a token, of a wrapped answer and of other answers") {
  CHECK(field(kAuth, "token") == "hvs.t");
  CHECK(field(kAuth, "token_accessor") == "a");
  CHECK(field(kAuth, "token_duration") == "3600");
  CHECK(field(kAuth, "token_renewable") == "false");
  CHECK(field(kAuth, "policies") == "[p q]");
  CHECK(field(kAuth, "token_policies") == "[p]");
  CHECK(field(kAuth, "identity_policies") == "[]");
  CHECK(field(kAuth, "extra") == "5");
  CHECK(field(kWrap, "wrapping_token") == "hvs.w");
  CHECK(field(kWrap, "wrapping_accessor") == "wa");
  CHECK(field(kWrap, "wrapping_token_ttl") == "60");
  CHECK(field(kWrap, "wrapping_token_creation_time") == "2026-11-22T03:20:41.5Z");
  CHECK(field(kWrap, "wrapping_token_creation_path") == "p");
  CHECK(field(kWrap, "wrapped_accessor") == "x");
  CHECK(field(kData, "lease_duration") == "7");
  CHECK(field(kData, "refresh_interval") == "7");
  CHECK(field(kData, "lease_id") == "l");
  CHECK(field(kData, "request_id") == "r");
  CHECK(field(kData, "renewable") == "true");
  CHECK(field(kData, "t") == "x");
  CHECK(field(kData, "f") == "false");
  CHECK(field(kData, "m") == "map[a:[1 y] b:2]");
  CHECK(field(kData, "data") == "map[f:false m:map[a:[1 y] b:2] n:<nil> t:x]");
  CHECK(field(R"({"data":{"data":{"k":"v"}}})", "data") == "map[k:v]");
}

TEST_CASE("fields that are not there") {
  for (const char* name : {"lease_duration", "request_id", "wrapping_token", "nope", ""}) {
    CAPTURE(name);
    CHECK(field(kAuth, name) == "1 Field \"" + std::string(name) + "\" not present in secret\n");
  }
  CHECK(field(kData, "n") == "1 Field \"n\" not present in secret\n");
  CHECK(field(kData, "token", Format::json) == "1 Field \"token\" not present in secret\n");
  CHECK(field("", "x") == "1 Field \"x\" not present in secret\n");
}

TEST_CASE("fields in other formats") {
  CHECK(field(kAuth, "token", Format::json) == "\"hvs.t\"");
  CHECK(field(kAuth, "token", Format::json, true) == "hvs.t");
  CHECK(field(kAuth, "policies", Format::json) == "[\n  \"p\",\n  \"q\"\n]");
  CHECK(field(kAuth, "identity_policies", Format::json) == "null");
  CHECK(field(kAuth, "identity_policies", Format::yaml) == "null\n");
  CHECK(field(kAuth, "policies", Format::yaml) == "- p\n- q\n");
  CHECK(field(kAuth, "token", Format::yaml) == "hvs.t\n");
  CHECK(field(kAuth, "token", Format::raw) == "hvs.t");
  CHECK(field(kAuth, "token", Format::pretty).empty());
}

TEST_CASE("a terminal gets a newline") {
  Printer printer;
  printer.streams.out_is_terminal = true;
  CHECK(printer.output.field(answer_of(kAuth), "token") == 0);
  CHECK(printer.printed() == "hvs.t\n");
}

TEST_CASE("fields of an object") {
  Printer printer;
  CHECK(printer.output.field(Json({{"a", "b"}, {"n", nullptr}}), "a") == 0);
  CHECK(printer.printed() == "b");
  CHECK(printer.output.field(Json({{"n", nullptr}}), "n") == 1);
  CHECK(printer.output.field(Json(1), "a") == 1);
}

}  // namespace
}  // namespace vtoken::cmd
