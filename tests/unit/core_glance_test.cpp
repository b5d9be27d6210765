#include "core/glance.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace vtoken;

namespace {

Response made(std::string body, int status = 200) { return {status, SecretString(body), {}}; }

constexpr const char* kService =
    R"({"request_id":"a-b","lease_id":"","renewable":false,"lease_duration":0,"data":null,"wrap_info":null,)"
    R"("warnings":null,"auth":{"client_token":"hvs.x","accessor":"acc","policies":["app"],)"
    R"("metadata":{"client_token":"no","k":"\"}\\"},"lease_duration":3600,"renewable":true,"mfa_requirement":null}})";

}  // namespace

TEST_CASE("a glance finds the token, its accessor and how long it lives") {
  const Response answer = made(std::string(kService) + "\n");
  const auto glance = glance_at_token(answer);
  REQUIRE(glance.has_value());
  CHECK(glance->token == "hvs.x");
  CHECK(glance->accessor == "acc");
  CHECK(glance->seconds == 3600);
  CHECK_FALSE(glance->wrapped);
}

TEST_CASE("a glance finds the wrapping token of a wrapped answer") {
  const Response answer = made(
      R"({"auth": null, "wrap_info": {"token": "hvs.w", "ttl": 60, "wrapped_accessor": "in", "accessor": "out"}})");
  const auto glance = glance_at_token(answer);
  REQUIRE(glance.has_value());
  CHECK(glance->token == "hvs.w");
  CHECK(glance->accessor == "out");
  CHECK(glance->seconds == 60);
  CHECK(glance->wrapped);
}

TEST_CASE("what has more to say is not taken at a glance") {
  const auto seen = [](const std::string& body, int status = 200) {
    const Response answer = made(body, status);
    return glance_at_token(answer).has_value();
  };
  CHECK(seen(R"({"auth":{"client_token":"t"}})"));
  CHECK_FALSE(seen(R"({"auth":{"client_token":"t"}})", 403));
  CHECK_FALSE(seen(R"({"auth":{"client_token":"t"},"warnings":["look"]})"));
  CHECK_FALSE(seen(R"({"auth":{"client_token":"t"},"errors":["no"]})"));
  CHECK_FALSE(seen(R"({"auth":{"client_token":"t"},"wrap_info":{"token":"w"}})"));
  CHECK_FALSE(seen(R"({"auth":{"client_token":"a\u0062"}})"));
  CHECK_FALSE(seen(R"({"auth":{"client_token":""}})"));
  CHECK_FALSE(seen(R"({"auth":{"client_token":7}})"));
  CHECK_FALSE(seen(R"({"auth":{"client_token":"t","lease_duration":1.5}})"));
  CHECK_FALSE(seen(R"({"auth":{"accessor":"a"}})"));
  CHECK_FALSE(seen(R"({"auth":["client_token","t"]})"));
  CHECK_FALSE(seen(R"({"auth":null})"));
  CHECK_FALSE(seen(R"({"auth":{"client_token":"t"}} and more)"));
  CHECK_FALSE(seen("<html>"));
  CHECK_FALSE(seen(""));
}

TEST_CASE("no beginning of an answer is taken for one") {
  const std::string whole = kService;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Response answer = made(whole.substr(0, size));
    CHECK_FALSE(glance_at_token(answer).has_value());
  }
}
