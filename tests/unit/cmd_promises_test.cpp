// What is told beside the answer: advice, surprises, states of a cluster. Answers are canned; what was asked is noted.
#include <doctest/doctest.h>

#include <deque>
#include <sstream>

#include "base/clock.hpp"
#include "cmd/app.hpp"
#include "cmd/target.hpp"
#include "core/backend.hpp"

namespace vtoken::cmd {
namespace {

class CannedBackend final : public Backend {
 public:
  CannedBackend(std::deque<Response>& answers, std::vector<Request>& asked) : answers_(answers), asked_(asked) {}

  Result<Response> handle(const Request& request) override {
    asked_.push_back(request);
    if (answers_.empty()) return Response{204, {}, {}};
    Response answer = std::move(answers_.front());
    answers_.pop_front();
    return answer;
  }
  [[nodiscard]] std::string address() const override { return "https://server"; }

 private:
  std::deque<Response>& answers_;
  std::vector<Request>& asked_;
};

Response json(int status, std::string_view body) { return Response{status, SecretString(body), {}}; }

struct World {
  std::deque<Response> answers = {};
  std::vector<Request> asked = {};
  std::string out = {};
  std::string err = {};

  int run(const std::vector<std::string>& arguments, Environment environment = {}) {
    const ManualClock clock(1'800'000'000 * kSecond);
    const Services services{clock,
                            [&](const Target&) -> Result<std::unique_ptr<Backend>> {
                              return std::make_unique<CannedBackend>(answers, asked);
                            },
                            [](Nanoseconds) { return true; }};
    environment.try_emplace("VAULT_ADDR", "https://server");
    environment.try_emplace("VAULT_TOKEN", "hvs.ABCDEFGHIJKLMNOPQRSTUVWX");
    environment.try_emplace("VAULT_MAX_RETRIES", "0");
    environment.try_emplace("HOME", "/nonexistent");
    std::istringstream in;
    std::ostringstream to_out;
    std::ostringstream to_err;
    Streams streams{in, to_out, to_err};
    const int status = cmd::run(arguments, environment, streams, services);
    out = to_out.str();
    err = to_err.str();
    return status;
  }

  // The last line of standard error.
  [[nodiscard]] std::string last() const {
    const std::string text = err.substr(0, err.find_last_not_of('\n') + 1);
    return text.substr(text.rfind('\n') + 1);
  }
};

constexpr std::string_view kBatch =
    R"({"auth":{"client_token":"hvb.new","accessor":"","policies":["a"],"token_policies":["a"],)"
    R"("lease_duration":14400,"renewable":false,"token_type":"batch","orphan":false}})";

TEST_CASE("each failure that a person can act on says how") {
  struct Row {
    int status;
    std::string_view body;
    std::string_view advice;  // a part of it
    int detailed;
  };
  const std::vector<Row> rows = {
      {503, R"({"errors":["Vault is sealed"]})", "unsealed", 13},
      {501, R"({"errors":["server is not yet initialized"]})", "operator init", 13},
      {500, R"({"errors":["local node not active but active cluster node not found"]})", "no leader", 12},
      {429, R"({"errors":["request path \"x\": rate limit quota exceeded"]})", "VAULT_RATE_LIMIT", 14},
      {412, R"({"errors":["required index state not present"]})", "-consistency=forward", 15},
      {400, R"({"errors":["forwarding via header X-Vault-Forward disabled in configuration"]})", "-consistency=retry",
       2},
      {403, R"({"errors":["permission denied"]})", "the token from VAULT_TOKEN", 10},
      {403, R"({"errors":["invalid token"]})", "the token from VAULT_TOKEN", 10},
      {403, R"({"errors":["1 error occurred:\n\t* permission denied\n\n"]})",
       R"(path "auth/token/lookup-self" { capabilities = ["read"] })", 11},
      {400, R"({"errors":["missing client token"]})", "-token-file=FILE", 2},
      {400, R"({"errors":["root or sudo privileges required to specify token id"]})", "\"sudo\"", 11},
      {400, R"({"errors":["child policies must be subset of parent"]})", "A role can give others", 11},
      {400, R"({"errors":["wrapping token is not valid or does not exist"]})", "works once", 10},
      {404, R"({"errors":["namespace not found"]})", "no such namespace", 16},
      {500, R"({"errors":["no namespace"]})", "no such namespace", 2},
      {400, "Client sent an HTTP request to an HTTPS server.\n", "https://", 2},
      {502, "<html>Bad Gateway</html>", "proxy", 12},
      {503, "<html>Service Unavailable</html>", "proxy", 12},
      {403, "<html>Forbidden</html>", "no answer of Vault", 2},
      {200, "<html>Welcome</html>", "no answer of Vault", 2}};
  for (const Row& row : rows) {
    CAPTURE(row.body);
    World plain{{json(row.status, row.body)}};
    CHECK(plain.run({"vtoken", "lookup"}) == 2);
    CAPTURE(plain.err);
    CHECK(plain.last().find(row.advice) != std::string::npos);
    World detailed{{json(row.status, row.body)}};
    CHECK(detailed.run({"vtoken", "lookup", "-exit-codes=detailed", "-q"}) == row.detailed);
    CHECK(detailed.last().find(row.advice) == std::string::npos);
  }
}

TEST_CASE("advice on single calls") {
  World role{
      {json(400, R"({"errors":["'token_type' cannot be 'batch' when role is set to generate non-orphan tokens"]})")}};
  CHECK(role.run({"vault", "write", "auth/token/roles/ci", "token_type=batch"}) == 2);
  CHECK(role.last().find("orphan=true renewable=false") != std::string::npos);
  World orphan{{json(400, R"({"errors":["root or sudo privileges required to create orphan token"]})")}};
  CHECK(orphan.run({"vault", "token", "create", "-orphan"}) == 2);
  CHECK(orphan.last().find("\"sudo\"") != std::string::npos);
  World nobody{{json(403, R"({"errors":["permission denied"]})")}};
  CHECK(nobody.run({"vault", "token", "lookup"}, {{"VAULT_TOKEN", ""}}) == 2);
  CHECK(nobody.last().find("No token was sent") == 0);
  World longest{{json(400, "")}};
  CHECK(longest.run({"vtoken", "lookup"}, {{"VAULT_TOKEN", "hvb." + std::string(9000, 'A')}}) == 2);
  CHECK(longest.last().find("9004 bytes") != std::string::npos);
  World slow{{json(429, R"({"errors":["rate limit quota exceeded"]})")}};
  slow.answers[0].headers = {{"Retry-After", "7"}};
  CHECK(slow.run({"vtoken", "lookup"}) == 2);
  CHECK(slow.last().find("wait 7 s") != std::string::npos);
}

TEST_CASE("a token that a proxy repeats is not printed") {
  World world{{json(400, "<pre>X-Vault-Token: hvs.ABCDEFGHIJKLMNOPQRSTUVWX</pre>")}};
  CHECK(world.run({"vtoken", "lookup"}) == 2);
  CHECK(world.err.find("hvs.ABCDEF") == std::string::npos);
  CHECK(world.err.find("hvs.****UVWX") != std::string::npos);
}

TEST_CASE("a left over accessor is told from one that may not be looked up") {
  const auto denied = [] { return json(403, R"({"errors":["1 error occurred:\n\t* permission denied\n\n"]})"); };
  World dangling{{denied(), json(200, R"({"data":{"capabilities":["update"]}})"), denied()}};
  CHECK(dangling.run({"vtoken", "lookup", "-accessor", "one", "two"}) == 2);
  REQUIRE(dangling.asked.size() == 3);
  CHECK(dangling.asked[1].path == "sys/capabilities-self");
  CHECK(dangling.last().find("auth/token/tidy") != std::string::npos);
  World may_not{{denied(), json(200, R"({"data":{"capabilities":["deny"]}})")}};
  CHECK(may_not.run({"vtoken", "lookup", "-accessor", "one"}) == 2);
  CHECK(may_not.last().find("needs a policy") != std::string::npos);
  World quiet{{denied()}};
  CHECK(quiet.run({"vtoken", "lookup", "-q", "-accessor", "one"}) == 2);
  CHECK(quiet.asked.size() == 1);
  World real{{denied()}};
  CHECK(real.run({"vault", "token", "lookup", "-accessor", "one"}) == 2);
  CHECK(real.asked.size() == 1);
}

TEST_CASE("refused parameters are told from a refused path") {
  const auto denied = [] { return json(403, R"({"errors":["1 error occurred:\n\t* permission denied\n\n"]})"); };
  const auto may = [](std::string_view names) {
    return json(200, R"({"data":{"capabilities":[)" + std::string(names) + "]}}");
  };
  struct Row {
    std::vector<std::string> line;
    std::string_view capabilities;
    bool parameters;
  };
  const std::vector<Row> rows = {{{"vtoken", "create", "-ttl=2h"}, R"("update")", true},
                                 {{"vtoken", "create", "-ttl=2h"}, R"("create")", false},
                                 {{"vtoken", "read", "secret/a"}, R"("read","list")", true},
                                 {{"vtoken", "read", "secret/a"}, R"("list")", false},
                                 {{"vtoken", "write", "secret/a", "b=c"}, R"("create","update")", true},
                                 {{"vtoken", "write", "secret/a", "b=c"}, R"("update")", false},
                                 {{"vtoken", "revoke", "-mode=orphan", "a"}, R"("update")", false},
                                 {{"vtoken", "revoke", "-mode=orphan", "a"}, R"("update","sudo")", true}};
  for (const Row& row : rows) {
    CAPTURE(row.line);
    CAPTURE(row.capabilities);
    World world{{denied(), may(row.capabilities)}};
    CHECK(world.run(row.line) == 2);
    REQUIRE(world.asked.size() == 2);
    CHECK(world.asked[1].path == "sys/capabilities-self");
    CHECK(world.last().find(row.parameters ? "allowed_parameters" : "needs a policy") != std::string::npos);
  }
  World listed{{denied()}};
  CHECK(listed.run({"vtoken", "list", "secret/a"}) == 2);
  CHECK(listed.asked.size() == 1);  // lists have no parameters
  World twice{{denied(), may(R"("deny")"), denied()}};
  CHECK(twice.run({"vtoken", "revoke", "a", "b"}) == 2);
  CHECK(twice.asked.size() == 3);
  World wrapped{{denied(), may(R"("update")")}};
  CHECK(wrapped.run({"vtoken", "create", "-wrap-ttl=60"}) == 2);
  REQUIRE(wrapped.asked.size() == 2);
  CHECK(wrapped.asked[1].wrap_ttl.empty());
  World real{{denied()}};
  CHECK(real.run({"vault", "token", "create", "-ttl=2h"}) == 2);
  CHECK(real.asked.size() == 1);
}

TEST_CASE("a batch token's parent is looked at by vtoken only, and never makes the command fail") {
  const std::vector<std::string> line = {"vtoken", "create", "-type=batch", "-ttl=4h", "-field=token"};
  World world{{json(200, kBatch), json(200, R"({"data":{"ttl":60,"expire_time":"2030-01-01T00:00:00Z"}})")}};
  CHECK(world.run(line) == 0);
  CHECK(world.out == "hvb.new");
  CHECK(world.err.find("2030-01-01T00:00:00Z") != std::string::npos);
  World denied{{json(200, kBatch), json(403, R"({"errors":["permission denied"]})")}};
  CHECK(denied.run(line) == 0);
  CHECK(denied.err.empty());
  World real{{json(200, kBatch)}};
  CHECK(real.run({"vault", "token", "create", "-type=batch", "-ttl=4h", "-field=token"}) == 0);
  CHECK(real.asked.size() == 1);
  CHECK(real.err.empty());
}

TEST_CASE("-require-policies makes no token with a policy that is not there") {
  constexpr std::string_view kMade =
      R"({"warnings":["Policy \"app\" does not exist"],"auth":{"client_token":"hvs.new","accessor":"a",)"
      R"("token_policies":["app"],"lease_duration":60,"renewable":true,"token_type":"service"}})";
  const std::vector<std::string> line = {"vtoken", "create", "-policy=app", "-require-policies"};
  World before{{json(404, R"({"errors":[]})")}};
  CHECK(before.run(line) == 1);
  REQUIRE(before.asked.size() == 1);
  CHECK(before.asked[0].path == "sys/policies/acl/app");
  World after{{json(403, R"({"errors":["permission denied"]})"), json(200, kMade)}};
  CHECK(after.run(line) == 2);
  REQUIRE(after.asked.size() == 3);
  CHECK(after.asked[2].path == "auth/token/revoke-self");
  CHECK(after.asked[2].token.view() == "hvs.new");
  CHECK(after.out.empty());
  CHECK(after.err.find("hvs.new") == std::string::npos);
  World there{{json(200, R"({"data":{"policy":""}})")}};
  there.answers.push_back(json(200, R"({"auth":{"client_token":"hvs.new","token_policies":["app"]}})"));
  CHECK(there.run(line) == 0);
  CHECK(there.asked.size() == 2);
  World real;
  CHECK(real.run({"vault", "token", "create", "-require-policies"}) == 1);
  CHECK(real.asked.empty());
}

TEST_CASE("a role is read back by vtoken only") {
  World world{{json(204, ""), json(200, R"({"data":{"orphan":false,"token_type":"default-service"}})")}};
  CHECK(world.run({"vtoken", "roles", "write", "ci", "token_ttl=30m", "orphan=true"}) == 0);
  REQUIRE(world.asked.size() == 2);
  CHECK(world.asked[1].method == Method::get);
  CHECK(world.err.find("does not keep token_ttl") != std::string::npos);
  CHECK(world.err.find("keeps orphan=false, not true") != std::string::npos);
  World real{{json(204, "")}};
  CHECK(real.run({"vault", "write", "auth/token/roles/ci", "token_ttl=30m"}) == 0);
  CHECK(real.asked.size() == 1);
  CHECK(real.err.find("does not keep token_ttl") != std::string::npos);
  World elsewhere{{json(204, "")}};
  CHECK(elsewhere.run({"vault", "write", "secret/x", "token_ttl=30m"}) == 0);
  CHECK(elsewhere.err.empty());
}

TEST_CASE("a renewal is compared with what was before, and a batch token is not even asked for") {
  constexpr std::string_view kRenewed = R"({"auth":{"client_token":"hvs.x","lease_duration":100,"renewable":true}})";
  World world{{json(200, R"({"data":{"ttl":100,"creation_ttl":3600}})"), json(200, kRenewed)}};
  CHECK(world.run({"vtoken", "renew", "-fail-on-warning"}) == 3);
  CHECK(world.asked.size() == 2);
  CHECK(world.err == "Warning: The renewal did not extend the token: it has 1m40s to live.\n");
  World batch;
  CHECK(batch.run({"vtoken", "renew", "b.AAAAAQ"}) == 1);
  CHECK(batch.asked.empty());
  World real{{json(200, kRenewed)}};
  CHECK(real.run({"vault", "token", "renew"}) == 0);
  CHECK(real.asked.size() == 1);
}

TEST_CASE("consistency: headers, and the state of an answer") {
  World forward{{json(200, R"({"data":{}})")}};
  forward.answers[0].headers = {{"x-vault-index", "v1:abc"}};
  CHECK(forward.run({"vtoken", "lookup", "-consistency=forward", "-require-index=one", "-require-index=two", "-v"}) ==
        0);
  REQUIRE(forward.asked.size() == 1);
  const auto& headers = forward.asked[0].headers;
  REQUIRE(headers.size() == 3);
  CHECK(headers[0].name + "=" + headers[0].value == "X-Vault-Inconsistent=forward-active-node");
  CHECK(headers[1].name + "=" + headers[1].value == "X-Vault-Index=one");
  CHECK(headers[2].value == "two");
  CHECK(forward.err.find("X-Vault-Index: v1:abc\n") != std::string::npos);

  World always;
  CHECK(always.run({"vtoken", "lookup"}, {{"VTOKEN_CONSISTENCY", "forward-always"}}) == 0);
  CHECK(always.asked.at(0).headers.at(0).name == "X-Vault-Forward");
  World retry;
  CHECK(retry.run({"vtoken", "lookup", "-consistency=retry"}, {{"VTOKEN_CONSISTENCY", "forward"}}) == 0);
  CHECK(retry.asked.at(0).headers.empty());
  World real;
  CHECK(real.run({"vault", "token", "lookup"}, {{"VTOKEN_CONSISTENCY", "forward"}}) == 0);
  CHECK(real.asked.at(0).headers.empty());

  for (const auto& line :
       std::vector<std::vector<std::string>>{{"vault", "token", "lookup", "-consistency=forward"},
                                             {"vtoken", "lookup", "-consistency=perhaps"},
                                             {"vtoken", "lookup", "-require-index=a b"},
                                             {"vtoken", "lookup", "-require-index=a\r\nX: y"},
                                             {"vtoken", "lookup", "-address=file:///tmp/s.db", "-consistency=forward"},
                                             {"vtoken", "lookup", "-address=file:///tmp/s.db", "-require-index=a"}}) {
    World wrong;
    CHECK(wrong.run(line) == 1);
    CHECK(wrong.asked.empty());
    CHECK_FALSE(wrong.err.empty());
  }
}

}  // namespace
}  // namespace vtoken::cmd
