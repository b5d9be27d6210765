// What is hashed in an audit log, and how. The hashes were made with Python's hmac.
#include <doctest/doctest.h>

#include <array>

#include "core/json.hpp"
#include "store/audit_hash.hpp"

using namespace vtoken;
using namespace vtoken::store;

namespace {

AuditHash hash() {
  std::array<unsigned char, kKeySize> key{};
  key.fill(7);
  return AuditHash(key);
}

std::string hashed(std::string_view json) {
  const auto value = parse_json(json);
  REQUIRE(value.has_value());
  SecretString out;
  hash().append(out, *value);
  return std::string(out.view());
}

// A text in quotes stays what it is when it is no secret.
bool stays(const std::string& json) { return hashed(json) == json; }

}  // namespace

TEST_CASE("a text becomes its HMAC") {
  CHECK(hash()("root") == "hmac-sha256:39cc5198c5251ad00ef6793e6ac6545e98bdbb27ca3e7acd64117c61465bcf8e");
  CHECK(hash()("") == "hmac-sha256:9dac6a74401b46ed9b489d0e19d68d1b13cc6b5090352fdcfa5bd74df4e69d87");
  CHECK(hash()("h\xc3\xa9") == "hmac-sha256:ec5e288a1224ce5a3c5a76a20a9498527bad144e493dc733ffd258de9a4ddca0");
}

TEST_CASE("bytes that are not UTF-8 are hashed as a server reads them") {
  CHECK(hash()("a\xff") == hash()("a\xef\xbf\xbd"));
  CHECK(hash()("a\xff\xfe") == hash()("a\xef\xbf\xbd\xef\xbf\xbd"));
  CHECK(hash()("\xff") != hash()("\xfe\x01"));
}

TEST_CASE("all texts in a value are hashed, and nothing else") {
  const std::string root = "\"" + hash()("root") + "\"";
  CHECK(hashed(R"("root")") == root);
  CHECK(hashed(R"(["root",["root"],{"root":"root"}])") == "[" + root + ",[" + root + "],{\"root\":" + root + "}]");
  CHECK(hashed(R"({"a":{"b":[]},"c":{},"d":null,"e":true,"f":false})") ==
        R"({"a":{"b":[]},"c":{},"d":null,"e":true,"f":false})");
  CHECK(hashed(R"("")") == "\"" + hash()("") + "\"");
}

TEST_CASE("names of members are kept, escaped") { CHECK(hashed("{\"<\\u0001\\\"\":1}") == R"({"\u003c\u0001\"":1})"); }

TEST_CASE("numbers are written as Go writes doubles") {
  CHECK(hashed("[0,1,-1,1.5,1e3,1.10]") == "[0,1,-1,1.5,1000,1.1]");
  CHECK(hashed("[12345678901234567890123,1e21,1e20]") == "[1.2345678901234568e+22,1e+21,100000000000000000000]");
  CHECK(hashed("[0.000001,0.0000001,1e-10,-1e-7]") == "[0.000001,1e-7,1e-10,-1e-7]");
  CHECK(hashed("[9007199254740993]") == "[9007199254740992]");
}

TEST_CASE("points of time are kept, and nothing that only looks like one") {
  for (const char* time : {"2026-11-22T11:06:25Z", "2026-11-22T11:06:25.123456789123+01:00", "0000-01-01T00:00:00Z",
                           "2024-02-29T23:59:59-23:59", "2000-02-29T00:00:00Z"}) {
    INFO(time);
    CHECK(stays("\"" + std::string(time) + "\""));
  }
  for (const char* text : {"2026-11-22",
                           "2026-11-22t11:06:25z",
                           "2026-11-22T11:06:25",
                           "2026-11-22T11:06:25z",
                           "2026-11-22 11:06:25Z",
                           "2026-11-22T11:06:25.Z",
                           "2026-11-22T11:06:25,5Z",
                           "2026-11-22T24:06:25Z",
                           "2026-11-22T11:60:25Z",
                           "2026-11-22T11:06:60Z",
                           "2026-13-22T11:06:25Z",
                           "2026-00-22T11:06:25Z",
                           "2026-11-31T11:06:25Z",
                           "2026-11-00T11:06:25Z",
                           "2023-02-29T11:06:25Z",
                           "1900-02-29T00:00:00Z",
                           "2026-11-22T11:06:25+24:00",
                           "2026-11-22T11:06:25+01:60",
                           "2026-11-22T11:06:25+0100",
                           "2026-11-22T11:06:25Zsecret",
                           "2026-11-22T11:06:25+01:00secret",
                           "2026-11-22T11:06:25Z ",
                           " 2026-11-22T11:06:25Z",
                           "2026-11-22T1:06:25Z",
                           "+026-11-22T11:06:25Z",
                           "2026-11-22T11:06:25.5",
                           "20261-1-22T11:06:25Z",
                           "2026-11-22T11:06:25Z2026-11-22T11:06:25Z"}) {
    INFO(text);
    CHECK_FALSE(stays("\"" + std::string(text) + "\""));
  }
}
