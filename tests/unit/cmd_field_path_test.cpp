#include <doctest/doctest.h>

#include "cmd/field_path.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

// The value at a path, as JSON; "none" when it leads nowhere, "no path" when it is none.
std::string at(std::string_view path) {
  static const Json kTree = *parse_json(R"({"auth":{"policies":["p",{"q":[1,2]}],"meta":{"a.b":"dots","c]d":"bracket"}},
    "none":null,"":"empty"})");
  const auto steps = parse_field_path(path);
  if (!steps) return "no path";
  const Json* found = follow_path(kTree, *steps);
  return found == nullptr ? "none" : std::string(dump_json(*found).view());
}

TEST_CASE("paths lead through names, elements and quoted names") {
  CHECK(at("none") == "null");
  CHECK(at("auth.policies[0]") == "\"p\"");
  CHECK(at("auth.policies[1].q[1]") == "2");
  CHECK(at("auth[\"policies\"][1][\"q\"][0]") == "1");
  CHECK(at("auth.meta[\"a.b\"]") == "\"dots\"");
  CHECK(at("auth.meta[\"c]d\"]") == "\"bracket\"");
}

TEST_CASE("paths that lead nowhere") {
  for (const char* path : {"nope", "auth.nope", "auth.policies[2]", "auth.policies.p", "auth[0]", "none.x", "none[0]",
                           "auth.policies[99999999999]", "auth.meta[\"\"]"}) {
    CAPTURE(path);
    CHECK(at(path) == "none");
  }
}

TEST_CASE("texts that are no paths") {
  for (const char* path :
       {"", ".", ".auth", "auth.", "auth..x", "auth[", "auth[]", "auth[0", "auth[-1]", "auth[+1]", "auth[0x1]",
        "auth[ 1]", "auth[\"x]", "auth[\"x\"", "auth[0]x", "[0]", "auth[99999999999999999999999]"}) {
    CAPTURE(path);
    CHECK(at(path) == "no path");
  }
}

}  // namespace
}  // namespace vtoken::cmd
