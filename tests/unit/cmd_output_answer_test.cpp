// Whole answers and lists in every format; the usual ones are in tests/golden.
#include <doctest/doctest.h>

#include "cmd_output_fixture.hpp"

namespace vtoken::cmd {
namespace {

std::string print(Format format, std::string_view answer, int status = 0) {
  Printer printer(format);
  CHECK(printer.output.answer(answer_of(answer)) == status);
  return printer.printed() + printer.said();
}

TEST_CASE("format names") {
  CHECK(parse_format("") == Format::table);
  CHECK(parse_format("TABLE") == Format::table);
  CHECK(parse_format("Json") == Format::json);
  CHECK(parse_format("yml") == Format::yaml);
  CHECK(parse_format("yaml") == Format::yaml);
  CHECK(parse_format("ndjson") == Format::ndjson);
  CHECK(parse_format("pretty") == Format::pretty);
  CHECK(parse_format("env") == Format::env);
  CHECK(parse_format("raw") == Format::raw);
  const auto bad = parse_format("xml");
  REQUIRE_FALSE(bad);
  CHECK(bad.error().kind == ErrorKind::usage);
  CHECK(bad.error().message == "Invalid output format: xml");
}

TEST_CASE("leases") {
  CHECK(print(Format::table, R"({"lease_id":"l/1","lease_duration":3600,"renewable":true,"data":{"a":"b"}})") ==
        "Key                Value\n---                -----\nlease_id           l/1\nlease_duration     1h\n"
        "lease_renewable    true\na                  b\n");
  CHECK(print(Format::table, R"({"lease_duration":90,"data":{"ttl":"1h","max_ttl":7,"lease_max":60,"xttl":60}})") ==
        "Key                 Value\n---                 -----\nrefresh_interval    1m30s\nlease_max           1m\n"
        "max_ttl             7s\nttl                 1h\nxttl                60\n");
}

TEST_CASE("an answer without anything to show prints nothing as a table") {
  CHECK(print(Format::table, R"({"request_id":"r"})").empty());
  CHECK(print(Format::table, R"({"request_id":"r","data":{}})").empty());
  CHECK(print(Format::table, "").empty());
}

TEST_CASE("a token that needs a second factor first") {
  const char* const answer = R"({"auth":{"client_token":"","mfa_requirement":{"mfa_request_id":"m1","mfa_constraints":
    {"c":{"any":[{"type":"totp","id":"i","uses_passcode":true,"name":"n"},{"type":"duo","id":"j"}]}}}}})";
  CHECK(print(Format::table, answer) ==
        "Key                                    Value\n---                                    -----\n"
        "mfa_request_id                         m1\nmfa_constraint_c_totp_id               i\n"
        "mfa_constraint_c_totp_uses_passcode    true\nmfa_constraint_c_totp_name             n\n"
        "mfa_constraint_c_duo_id                j\nmfa_constraint_c_duo_uses_passcode     false\n");
  CHECK(print(Format::json, answer).find("\"mfa_requirement\": {\n      \"mfa_request_id\": \"m1\",") !=
        std::string::npos);
  // Whatever stands in there, nothing breaks.
  for (const char* odd :
       {"{}", R"({"mfa_request_id":1})", R"({"mfa_constraints":[]})", R"({"mfa_constraints":{"c":1}})",
        R"({"mfa_constraints":{"c":{"any":1}}})", R"({"mfa_constraints":{"c":{"any":[1,[],{}]}}})",
        R"({"mfa_constraints":{"c":{"any":[{"type":1,"id":[],"uses_passcode":"x","name":{}}]}}})"}) {
    CAPTURE(odd);
    const std::string text = std::string("{\"auth\":{\"mfa_requirement\":") + odd + "}}";
    for (const Format format : {Format::table, Format::json, Format::yaml}) CHECK_FALSE(print(format, text).empty());
  }
}

TEST_CASE("a wrapped answer whose time is odd") {
  const auto time = [](std::string_view value) {
    const std::string text = print(Format::table, "{\"wrap_info\":{\"creation_time\":\"" + std::string(value) + "\"}}");
    const std::size_t at = text.find("creation_time:") + 18;
    return text.substr(at, text.find('\n', at) - at);
  };
  CHECK(time("2026-11-22T03:20:56.807745149Z") == "2026-11-22 03:20:56.807745149 +0000 UTC");
  CHECK(time("2026-11-22T03:20:56.500Z") == "2026-11-22 03:20:56.5 +0000 UTC");
  CHECK(time("2026-11-22T03:20:56+02:00") == "2026-11-22 03:20:56 +0200 +0200");
  CHECK(time("") == "0001-01-01 00:00:00 +0000 UTC");
  CHECK(time("yesterday") == "yesterday");
  CHECK(time("2026-11-22T03:20:56.") == "2026-11-22T03:20:56.");
  CHECK(time("2026-11-22T03:20:56.Z") == "2026-11-22T03:20:56.Z");
  const std::string json = print(Format::json, R"({"wrap_info":{"creation_time":"2026-11-22T03:20:56.500Z"}})");
  CHECK(json.find("\"creation_time\": \"2026-11-22T03:20:56.5Z\"") != std::string::npos);
}

TEST_CASE("formats that an answer has none of") {
  const char* const answer = R"({"data":{"a":1}})";
  CHECK(print(Format::pretty, answer, 1) == "Could not parse output: cannot use the pretty formatter for this type\n");
  CHECK(print(Format::raw, answer, 1) == "This command does not support the -format=raw option.\n");
}

TEST_CASE("on a line: what an answer is about") {
  CHECK(print(Format::ndjson, R"({"data":{"a":1}})") == "{\"a\":1}\n");
  CHECK(print(Format::ndjson, R"({"data":{"a":"<b>"},"auth":{"client_token":"t"}})") ==
        "{\"a\":\"\\u003cb\\u003e\"}\n");
  CHECK(print(Format::ndjson, R"({"auth":{"client_token":"t\n","policies":["a","b"],"metadata":{"k":"v"}}})") ==
        R"({"client_token":"t\n","accessor":"","policies":["a","b"],"token_policies":null,)"
        R"("identity_policies":null,"metadata":{"k":"v"},"orphan":false,"entity_id":"","lease_duration":0,)"
        "\"renewable\":false,\"mfa_requirement\":null}\n");
  CHECK(print(Format::ndjson, R"({"wrap_info":{"token":"w","ttl":60}})").starts_with(R"({"token":"w","accessor":"",)"));
  CHECK(print(Format::ndjson, "").empty());
  CHECK(print(Format::ndjson, R"({"request_id":"r"})").empty());
}

TEST_CASE("for a shell: only an answer with a token") {
  Printer printer(Format::env);
  CHECK(printer.output.answer(answer_of(R"({"auth":{"client_token":"t"}})")) == 1);  // nobody said where to ask
  printer.output.options().exports = [](std::string_view token) {
    return SecretString("<" + std::string(token) + ">");
  };
  for (const char* const none :
       {"", R"({"data":{"a":1}})", R"({"auth":{"client_token":""}})", R"({"wrap_info":{"token":"w"}})"}) {
    CAPTURE(none);
    CHECK(printer.output.answer(answer_of(none)) == 1);
  }
  CHECK(printer.printed().empty());
  CHECK(printer.output.answer(answer_of(R"({"auth":{"client_token":"t"}})")) == 0);
  CHECK(printer.printed() == "<t>");
}

TEST_CASE("lengths that Go cannot hold are shown as they are") {
  CHECK(print(Format::table, R"({"data":{"ttl":9223372036854775807,"max_ttl":-9223372036854775808}})")
            .find("-9223372036854775808") != std::string::npos);
  CHECK(print(Format::table, R"({"data":{"ttl":18446744073709551615}})").find("18446744073709551615") !=
        std::string::npos);
  CHECK(print(Format::table, R"({"data":{"ttl":1.5}})").find("1.5") != std::string::npos);
}

KeyList keys_of(std::initializer_list<const char*> texts) {
  KeyList keys;
  for (const char* text : texts) keys.add(text);
  return keys;
}

std::string print_keys(Format format, const KeyList& keys) {
  Printer printer(format);
  CHECK(printer.output.keys(keys, answer_of(R"({"request_id":"r","data":{"keys":[]},"warnings":["w"]})")) == 0);
  return printer.said() + printer.printed();
}

TEST_CASE("lists of keys") {
  const KeyList keys = keys_of({"b", "a<", "", "7"});
  const std::string warning = "WARNING! The following warnings were returned from Vault:\n\n  * w\n\n";
  CHECK(print_keys(Format::table, keys) == warning + "Keys\n----\nn/a\n7\na<\nb\n");
  CHECK(print_keys(Format::json, keys) == "[\n  \"b\",\n  \"a\\u003c\",\n  \"\",\n  \"7\"\n]\n");
  CHECK(print_keys(Format::yaml, keys) == "- b\n- a<\n- \"\"\n- \"7\"\n");
  CHECK(print_keys(Format::ndjson, keys) == "\"b\"\n\"a\\u003c\"\n\"\"\n\"7\"\n");
  CHECK(print_keys(Format::table, KeyList()) == warning);
  CHECK(print_keys(Format::json, KeyList()) == "[]\n");
  CHECK(print_keys(Format::yaml, KeyList()) == "[]\n");
  Printer pretty(Format::pretty);
  CHECK(pretty.output.keys(keys, Answer()) == 1);
}

std::string print_list(Format format, const char* data, bool detailed = true) {
  Printer printer(format);
  printer.output.options().detailed = detailed;
  const int status = printer.output.list(answer_of(data));
  return printer.said() + printer.printed() + (status == 0 ? "" : "failed");
}

TEST_CASE("lists with what the server tells about their keys") {
  const char* const data = R"({"data":{"keys":["b","a","c"],"key_info":
      {"a":{"ttl":60,"n":1},"b":{"x":"y"},"aa":{"hidden":1}}}})";
  CHECK(print_list(Format::table, data) ==
        "Keys    n      ttl    x\n----    -      ---    -\n"
        "a       1      1m     n/a\nb       n/a    n/a    y\nc\n");
  CHECK(print_list(Format::table, data, false) == "Keys\n----\na\nb\nc\n");
  CHECK(print_list(Format::yaml, data) == "- b\n- a\n- c\n");
  CHECK(print_list(Format::json, data).starts_with("{\n  \"request_id\": \"\",\n"));
  CHECK(print_list(Format::json, data, false) == "[\n  \"b\",\n  \"a\",\n  \"c\"\n]\n");
  CHECK(print_list(Format::table, R"({"data":{"keys":["a",1]}})") ==
        "Could not parse output: 1 is not a string\nfailed");
  CHECK(print_list(Format::table, R"({"data":{"keys":[]}})").empty());
}

TEST_CASE("other values") {
  Printer table;
  CHECK(table.output.data(Json({"b", "a"})) == 0);
  CHECK(table.printed() == "Keys\n----\na\nb\n");
  CHECK(table.output.data(Json({{"a", 1}})) == 0);
  CHECK(table.printed() == "Key    Value\n---    -----\na      1\n");
  for (const Json& odd : {Json(1), Json(), Json("x"), Json({1, 2})}) {
    CHECK(table.output.data(odd) == 1);
    CHECK(table.said() == "Could not parse output: cannot use the table formatter for this type\n");
  }
  CHECK(table.output.data(Json::object()) == 0);
  CHECK(table.output.data(Json::array()) == 0);
  CHECK(table.printed().empty());
  table.output.table({"a", "long name"}, {{"1", "2"}, {"only one"}, {"", "x"}});
  CHECK(table.printed() ==
        "a           long name\n-           ---------\n1           2\nonly one    n/a\nn/a         x\n");
}

}  // namespace
}  // namespace vtoken::cmd
