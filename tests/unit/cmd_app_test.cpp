// Whole command lines against a back end that notes what it is asked.
#include <doctest/doctest.h>

#include <deque>
#include <sstream>
#include <stdexcept>

#include "base/clock.hpp"
#include "cmd/app.hpp"
#include "cmd/target.hpp"
#include "core/backend.hpp"

namespace vtoken::cmd {
namespace {

constexpr const char* kCreated =
    R"({"auth":{"client_token":"hvs.new","accessor":"acc","policies":["root"],)"
    R"("token_policies":["root"],"lease_duration":0,"renewable":false,"token_type":"service"}})";

struct World {
  std::deque<Response> answers;
  std::vector<Request> asked;
  std::vector<Target> targets;
  std::vector<Nanoseconds> waits;
  bool throws = false;
};

class NotingBackend final : public Backend {
 public:
  explicit NotingBackend(World& world) : world_(world) {}

  Result<Response> handle(const Request& request) override {
    if (world_.throws) throw std::runtime_error("the sky fell");
    world_.asked.push_back(request);
    if (world_.answers.empty()) return Response{204, {}, {}};
    Response answer = std::move(world_.answers.front());
    world_.answers.pop_front();
    return answer;
  }
  [[nodiscard]] std::string address() const override { return "https://server"; }

 private:
  World& world_;
};

struct Run {
  int status = 0;
  std::string out;
  std::string err;
};

Run run_line(World& world, std::vector<std::string> arguments, Environment environment = {},
             const std::string& input = {}) {
  const ManualClock clock(0);
  const Services services{clock,
                          [&](const Target& target) -> Result<std::unique_ptr<Backend>> {
                            world.targets.push_back(target);
                            return std::make_unique<NotingBackend>(world);
                          },
                          [&](Nanoseconds length) {
                            world.waits.push_back(length);
                            return true;
                          }};
  environment.try_emplace("VAULT_ADDR", "https://server");
  environment.try_emplace("VAULT_TOKEN", "mine");
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  Streams streams{in, out, err};
  const int status = run(arguments, environment, streams, services);
  return {status, out.str(), err.str()};
}

Response json(int status, const char* body) { return Response{status, SecretString(std::string(body)), {}}; }

TEST_CASE("vtoken sends what was given and no more") {
  World world;
  world.answers.push_back(json(200, kCreated));
  const Run run = run_line(world, {"vtoken", "create", "-q", "-ttl=1h", "-policy=a"});
  CHECK(run.status == 0);
  CHECK(run.err.empty());
  REQUIRE(world.asked.size() == 1);
  CHECK(world.asked[0].path == "auth/token/create");
  CHECK(world.asked[0].token.view() == "mine");
  const std::string_view body = world.asked[0].body.view();
  CHECK(body.find("\"ttl\":\"1h0m0s\"") != std::string_view::npos);
  CHECK(body.find("type") == std::string_view::npos);
  CHECK(body.find("renewable") == std::string_view::npos);
  CHECK(body.find("period") == std::string_view::npos);
}

TEST_CASE("namespace, wrapping, MFA, headers and override reach the request") {
  World world;
  world.answers.push_back(json(200, R"({"data":{}})"));
  const Run run = run_line(world, {"vtoken", "lookup", "-header=x-a=1", "-mfa=c", "-policy-override"},
                           {{"VAULT_NAMESPACE", "/team/a/"}, {"VAULT_WRAP_TTL", "90"}, {"VAULT_MFA", "a, b"}});
  CHECK(run.status == 0);
  REQUIRE(world.asked.size() == 1);
  const Request& request = world.asked[0];
  CHECK(request.namespace_path == "team/a");
  CHECK(request.wrap_ttl == "1m30s");
  CHECK(request.mfa == std::vector<std::string>{"a", "b", "c"});
  CHECK(request.policy_override);
  REQUIRE(request.headers.size() == 1);
  CHECK(request.headers[0].name == "x-a");
}

TEST_CASE("-ns goes before -namespace, and both before the environment") {
  World world;
  static_cast<void>(run_line(world, {"vtoken", "lookup", "-namespace=b"}, {{"VAULT_NAMESPACE", "a"}}));
  static_cast<void>(run_line(world, {"vtoken", "lookup", "-namespace=b", "-ns=c"}, {{"VAULT_NAMESPACE", "a"}}));
  static_cast<void>(run_line(world, {"vtoken", "lookup", "-namespace="}, {{"VAULT_NAMESPACE", "a"}}));
  REQUIRE(world.asked.size() == 3);
  CHECK(world.asked[0].namespace_path == "b");
  CHECK(world.asked[1].namespace_path == "c");
  CHECK(world.asked[2].namespace_path.empty());
}

TEST_CASE("a lagging node is asked again, with growing waits, as often as VAULT_MAX_RETRIES says") {
  constexpr const char* kStale = R"({"errors":["required index state not present"]})";
  World world;
  for (int i = 0; i < 2; ++i) world.answers.push_back(json(412, kStale));
  world.answers.push_back(json(200, kCreated));
  CHECK(run_line(world, {"vtoken", "create"}).status == 0);
  REQUIRE(world.waits.size() == 2);
  CHECK(world.waits[0] >= kSecond);
  CHECK(world.waits[1] > world.waits[0]);

  World none;
  none.answers.push_back(json(412, kStale));
  const Run run = run_line(none, {"vtoken", "create", "-exit-codes=detailed"}, {{"VAULT_MAX_RETRIES", "0"}});
  CHECK(run.status == 15);
  CHECK(none.waits.empty());
  CHECK(none.asked.size() == 1);
}

TEST_CASE("detailed statuses tell failures apart") {
  struct Case {
    int status;
    const char* text;
    int expected;
  };
  const Case cases[] = {{403, "permission denied", 10},
                        {403, "1 error occurred:\\n\\t* permission denied\\n\\n", 11},
                        {403, "2 errors occurred:\\n\\t* permission denied\\n\\t* invalid token\\n\\n", 10},
                        {403, "bad token", 10},
                        {404, "no handler", 16},
                        {412, "required index state not present", 15},
                        {429, "rate limit quota exceeded", 14},
                        {503, "Vault is sealed", 13},
                        {400, "lease is not renewable", 2}};
  for (const Case& each : cases) {
    const std::string body = std::string(R"({"errors":[")") + each.text + "\"]}";
    CAPTURE(body);
    const Environment no_retries{{"VAULT_MAX_RETRIES", "0"}};
    World plain;
    plain.answers.push_back(json(each.status, body.c_str()));
    CHECK(run_line(plain, {"vtoken", "renew", "-q"}, no_retries).status == 2);
    World detailed;
    detailed.answers.push_back(json(each.status, body.c_str()));
    CHECK(run_line(detailed, {"vtoken", "renew", "-q", "-exit-codes=detailed"}, no_retries).status == each.expected);
  }
}

TEST_CASE("wrong usage asks nothing and opens nothing") {
  const std::vector<std::vector<std::string>> lines = {{"vtoken", "create", "-nope"},
                                                       {"vtoken", "create", "x"},
                                                       {"vtoken", "lookup", "-accessor"},
                                                       {"vtoken", "revoke"},
                                                       {"vtoken", "renew", "a", "b"},
                                                       {"vtoken", "roles", "write", "r"},
                                                       {"vtoken", "list"},
                                                       {"vtoken", "lookup", "-format=x"},
                                                       {"vtoken", "frobnicate"},
                                                       {"vtoken", "accessors", "revoke"},
                                                       {"vault", "token", "lookup", "a", "b"}};
  for (const auto& line : lines) {
    World world;
    const Run run = run_line(world, line);
    CAPTURE(run.err);
    CHECK(run.status == 1);
    CHECK(run.out.empty());
    CHECK_FALSE(run.err.empty());
    CHECK(world.targets.empty());
  }
}

TEST_CASE("the target is what the flags and the environment name") {
  World world;
  static_cast<void>(run_line(world, {"vtoken", "lookup"}));
  static_cast<void>(run_line(world, {"vtoken", "lookup", "-address=http://other:1"}));
  static_cast<void>(run_line(world, {"vtoken", "lookup", "-store=/a/../b.db"}));
  static_cast<void>(run_line(world, {"vault", "token", "lookup"}, {{"VAULT_ADDR", ""}}));
  REQUIRE(world.targets.size() == 4);
  CHECK(world.targets[0].address == "https://server");
  CHECK(world.targets[1].address == "http://other:1");
  CHECK(world.targets[2].kind == Target::Kind::store);
  CHECK(world.targets[2].path == "/b.db");
  CHECK(world.targets[2].address == "file:///b.db");
  CHECK(world.targets[3].address == "https://127.0.0.1:8200");
}

TEST_CASE("tokens from standard input are asked one by one, and revoked in one go") {
  World world;
  CHECK(run_line(world, {"vtoken", "lookup", "-"}, {}, "one\n\n two \n").status == 0);
  REQUIRE(world.asked.size() == 2);
  CHECK(world.asked[1].body.view() == R"({"token":"two"})");
  world.asked.clear();
  const Run run = run_line(world, {"vtoken", "revoke", "-", "-mode=orphan"}, {}, "one\ntwo\n");
  CHECK(run.status == 0);
  REQUIRE(world.asked.size() == 2);
  CHECK(world.asked[0].path == "auth/token/revoke-orphan");
  CHECK(run.out.find("one") == std::string::npos);
}

TEST_CASE("headers are sent once, also with several tokens") {
  World world;
  static_cast<void>(run_line(world, {"vtoken", "revoke", "a", "b", "-header=x-a=1"}));
  static_cast<void>(run_line(world, {"vtoken", "revoke", "-mode=path", "auth/x", "-header=x-a=1"}));
  REQUIRE(world.asked.size() == 3);
  for (const Request& request : world.asked) CHECK(request.headers.size() == 1);
  CHECK(world.asked[2].path == "sys/leases/revoke-prefix/auth/x");
}

TEST_CASE("a mistake in the program is told, and holds no secret") {
  World world;
  world.throws = true;
  const Run run = run_line(world, {"vtoken", "lookup", "hvs.secret"});
  CHECK(run.status == 2);
  CHECK(run.err.find("the sky fell") != std::string::npos);
  CHECK(run.err.find("hvs.secret") == std::string::npos);
}

}  // namespace
}  // namespace vtoken::cmd
