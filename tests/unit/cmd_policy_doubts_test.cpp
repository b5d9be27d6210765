#include "cmd/policy_doubts.hpp"

#include <doctest/doctest.h>

using vtoken::cmd::only_updates;
using vtoken::cmd::policy_doubts;
using vtoken::cmd::policy_fault;

namespace {

// The one doubt about a policy of one path on one line; empty when there is none.
std::string doubt(const std::string& path, const std::string& body) {
  const auto lines = policy_doubts("path \"" + path + "\" { " + body + " }");
  REQUIRE(lines.size() <= 1);
  if (lines.empty()) return {};
  const std::string before = "line 1, column 1: path \"" + path + "\": ";
  REQUIRE(lines.front().substr(0, before.size()) == before);
  return lines.front().substr(before.size());
}

const std::string kRead = "capabilities = [\"read\"]";

}  // namespace

TEST_CASE("a path that looks like more than it is") {
  CHECK(doubt("secret/*", kRead).empty());
  CHECK(doubt("+/a/+", kRead).empty());
  CHECK(doubt("", kRead).empty());
  CHECK(doubt("c++/x", kRead).empty());
  CHECK(doubt("v1", kRead).empty());
  CHECK(doubt("/a", kRead) == "a path begins without a slash; it is taken for \"a\"");
  CHECK(doubt("//a", kRead) == "it matches nothing, because no path begins with a slash");
  CHECK(doubt("v1/a", kRead) == "the v1/ of a URL is no part of a path: \"a\" is meant");
  CHECK(doubt("/v1/a", kRead) == "the v1/ of a URL is no part of a path: \"a\" is meant");
  CHECK(doubt("a/*/b", kRead).starts_with("a * is a wildcard at the end only"));
  CHECK(doubt("a/**", kRead).starts_with("a * is a wildcard at the end only"));
  CHECK(policy_doubts("path \"/a\\u001b[1m\\n\" { " + kRead + " }").front() ==
        R"(line 1, column 1: path "/a\x1b[1m\n": a path begins without a slash; it is taken for "a\x1b[1m\n")");
  CHECK(doubt("a/+b", kRead) == "a + is a wildcard only when it is a whole segment, which \"+b\" is not");
}

TEST_CASE("capabilities that allow less than they seem to") {
  CHECK(doubt("a", "") == "it allows nothing, because it has no capabilities");
  CHECK(doubt("a", "capabilities = []") == "it allows nothing, because it has no capabilities");
  CHECK(doubt("a", "policy = \"read\"").empty());
  CHECK(doubt("a", "capabilities = [\"deny\"]").empty());
  CHECK(doubt("a", "capabilities = [\"deny\", \"deny\"]").empty());
  CHECK(doubt("a", "capabilities = [\"read\", \"deny\"]").starts_with("deny takes away"));
  CHECK(doubt("a", "capabilities = [\"sudo\"]").starts_with("sudo alone"));
  CHECK(doubt("a", "capabilities = [\"sudo\", \"read\"]").empty());
}

TEST_CASE("what well-known paths need") {
  CHECK(doubt("auth/token/create", "capabilities = [\"create\"]") == "requests there need update, not create");
  CHECK(doubt("auth/token/create/ci", "capabilities = [\"create\"]") == "requests there need update, not create");
  CHECK(doubt("auth/token/create", "capabilities = [\"create\", \"update\"]").empty());
  CHECK(doubt("auth/token/roles/ci", "capabilities = [\"create\"]").empty());
  CHECK(doubt("auth/token/accessors", "capabilities = [\"list\"]") == "listing accessors needs both list and sudo");
  CHECK(doubt("auth/token/accessors/", "capabilities = [\"read\", \"sudo\"]") ==
        "listing accessors needs both list and sudo");
  CHECK(doubt("auth/token/accessors", "capabilities = [\"list\", \"sudo\"]").empty());
  CHECK(doubt("auth/token/accessors", "capabilities = [\"deny\"]").empty());
  CHECK(doubt("auth/token/revoke-orphan", "capabilities = [\"update\"]") ==
        "requests there need sudo as well as update");
  CHECK(doubt("sys/leases/revoke-prefix/auth/token/create", "capabilities = [\"update\", \"sudo\"]").empty());
  CHECK(only_updates("auth/token/create"));
  CHECK(only_updates("auth/token/create/ci"));
  CHECK_FALSE(only_updates("auth/token/create/"));
  CHECK_FALSE(only_updates("auth/token/roles/ci"));
}

TEST_CASE("times are compared as they are sent") {
  const std::string update = "capabilities = [\"update\"]\n";
  CHECK(doubt("auth/token/create", update + R"(allowed_parameters = { "ttl" = ["1h"] })") ==
        R"(commands send ttl "1h" as "1h0m0s", which allowed_parameters does not name)");
  CHECK(doubt("auth/token/create", update + R"(denied_parameters = { period = ["3600"] })") ==
        R"(commands send period "3600" as "1h0m0s", which denied_parameters does not name)");
  CHECK(doubt("auth/token/create", update + R"(allowed_parameters = { "ttl" = ["1h", "1h0m0s"], "*" = [] })").empty());
  CHECK(doubt("auth/token/create", update + R"(allowed_parameters = { "ttl" = ["1*", "*"] })").empty());
  CHECK(doubt("secret/a", update + R"(allowed_parameters = { "ttl" = ["1h"] })").empty());
}

TEST_CASE("every rule is looked at, in JSON and base64 too, and nothing is said of what is no policy") {
  CHECK(policy_doubts("path \"/a\" {}\n\n  path \"b\" {}").size() == 3);
  CHECK(policy_doubts("path \"/a\" {}\n\n  path \"b\" {}").back().starts_with("line 3, column 3: path \"b\": "));
  CHECK(policy_doubts(R"({"path": {"/a": {"capabilities": ["read"]}}})").size() == 1);
  CHECK(policy_doubts("cGF0aCAiYSIge30=") == policy_doubts("path \"a\" {}"));
  CHECK(policy_doubts("").empty());
  CHECK(policy_doubts("path \"/a\" {").empty());
  CHECK(policy_doubts("path = 5").empty());
  CHECK(policy_doubts(std::string("\0\xff path \"/a\" {}", 14)).empty());
}

TEST_CASE("a fault is told with its place, unless only a store minds") {
  CHECK(policy_fault("a", "path \"a\" { capabilities = [\"read\"] }").empty());
  CHECK(policy_fault("a", "path \"a\" {\n  capabilites = []\n}").starts_with("line 2, column 3: "));
  CHECK(policy_fault("a", "path \"a\" { capabilities = [\"reed\"] }").find("\"reed\"") != std::string::npos);
  CHECK(policy_fault("a", "path \"a\xff\" {}").find("UTF-8") != std::string::npos);
  CHECK(policy_fault("a", "#" + std::string(2'000'000, '\n')).empty());
  CHECK(policy_fault("a", "path \"a\" { mfa_methods = [\"x\"] }").empty());
  CHECK(policy_fault("a", "path \"a\" { control_group = {} }").empty());
  CHECK(policy_fault("a", "path \"a\" { capabilities = [\"subscribe\"] }").empty());
}
