// Whole sweeps over a server in memory.
#include "sweep/sweep.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "sweep_world.hpp"

namespace vtoken::sweep {
namespace {

using Names = std::vector<std::string>;

struct Fixture {
  Fixture() {
    world.tokens["own"] = {"admin", "auth/token/root", "own", "", 500};
    for (const char* name : {"a", "b", "c"}) world.tokens[name] = {};
    world.tokens["other"] = {"web", "auth/userpass/login/ann", "ann", "", 1000};
    options.filter.policies = {"app"};
  }

  Summary run() {
    auto done = try_run();
    REQUIRE_MESSAGE(done, done.error().error.text());
    return *done;
  }

  ApiResult<Summary> try_run() {
    rows.clear();
    TokenClient client(world, {.token = SecretString("t")});
    SweepEvents events;
    events.confirm = [this](const Plan& given) -> Result<bool> {
      plans.push_back(given);
      return agrees;
    };
    events.settled = [this](const Settled& settled) {
      rows.emplace_back(std::string(settled.accessor) + " " + std::string(outcome_name(settled.outcome)));
    };
    events.interrupts = [this] { return interrupts; };
    return sweep(client, clock, options, events);
  }

  [[nodiscard]] Names left() const {
    Names names;
    for (const auto& [name, held] : world.tokens) names.push_back(name);
    return names;
  }

  [[nodiscard]] Names sorted_rows() const {
    Names sorted = rows;
    std::sort(sorted.begin(), sorted.end());
    return sorted;
  }

  World world;
  SystemClock clock;
  SweepOptions options;
  std::vector<Plan> plans;
  Names rows;
  bool agrees = true;
  int interrupts = 0;
};

TEST_CASE("exactly what matches is revoked, and it is looked for once more") {
  Fixture it;
  const Summary summary = it.run();
  CHECK(it.left() == Names{"other", "own"});
  CHECK(it.sorted_rows() == Names{"a revoked", "b revoked", "c revoked"});
  CHECK(it.world.lists == 2);
  CHECK(it.world.lookups == 5);  // what did not match is not looked up again
  CHECK(summary.complete);
  CHECK(summary.left == 0);
  CHECK(summary.count(Outcome::revoked) == 3);
  CHECK(summary.matched == 3);
  CHECK(summary.rounds == 1);
  REQUIRE(it.plans.size() == 1);
  CHECK(it.plans[0].total == 3);
  CHECK(it.plans[0].by_policy == std::map<std::string, std::size_t>{{"app", 3}});
  CHECK(it.plans[0].by_path == std::map<std::string, std::size_t>{{"auth/token/create", 3}});
}

TEST_CASE("nothing is revoked when it is declined, or when there are too many") {
  Fixture it;
  it.agrees = false;
  auto done = it.try_run();
  REQUIRE(!done);
  CHECK(done.error().error.kind == ErrorKind::refused);
  it.agrees = true;
  it.options.max = 2;
  done = it.try_run();
  REQUIRE(!done);
  CHECK(done.error().error.kind == ErrorKind::refused);
  CHECK(it.world.revoked.empty());
  it.options.max = 3;
  CHECK(it.run().complete);
}

TEST_CASE("a dry run shows what would be revoked") {
  Fixture it;
  it.options.dry_run = true;
  const Summary summary = it.run();
  CHECK(it.world.revoked.empty());
  CHECK(it.plans.empty());
  CHECK(it.sorted_rows() == Names{"a would-revoke", "b would-revoke", "c would-revoke"});
  CHECK(summary.left == 0);
}

TEST_CASE("tokens that are made meanwhile are found in later rounds") {
  Fixture it;
  int made = 0;
  it.world.before = [&](const Request& request) -> std::optional<Result<Response>> {
    // Whoever made them goes on until it is revoked: "c" is the last.
    if (request.path == "auth/token/revoke-accessor" && it.world.tokens.contains("c") && made < 3) {
      it.world.tokens["z" + std::to_string(made++)] = {};
    }
    return std::nullopt;
  };
  const Summary summary = it.run();
  CHECK(summary.complete);
  CHECK(summary.rounds == 2);
  CHECK(summary.count(Outcome::revoked) == 6);
  CHECK(it.left() == Names{"other", "own"});
  CHECK(it.plans.size() == 1);
}

TEST_CASE("when the rounds are used up it says what is left") {
  Fixture it;
  int made = 0;
  it.world.before = [&](const Request& request) -> std::optional<Result<Response>> {
    if (request.path == "auth/token/revoke-accessor") it.world.tokens["z" + std::to_string(made++)] = {};
    return std::nullopt;
  };
  it.options.rounds = 2;
  const Summary summary = it.run();
  CHECK(!summary.complete);
  CHECK(summary.left == 3);
  CHECK(summary.matched == 9);
  CHECK(summary.ended.find("after 2 rounds") != std::string::npos);
}

TEST_CASE("the caller's own token and root tokens are spared, or come last") {
  Fixture it;
  it.world.tokens["own"].policy = "app";
  it.world.tokens["0root"].policy = "root";
  it.options.filter = {};
  it.options.filter.all = true;
  Summary summary = it.run();
  CHECK(it.left() == Names{"0root", "own"});
  CHECK(summary.count(Outcome::spared) == 2);
  CHECK(summary.complete);
  CHECK(summary.left == 0);
  REQUIRE(it.plans.size() == 1);
  CHECK(it.plans[0].spared_roots == 1);
  CHECK(it.plans[0].spared_selves == 1);

  it.world.tokens["1late"] = {};
  it.options.include_self = it.options.include_root = true;
  it.world.revoked.clear();
  summary = it.run();
  CHECK(it.world.revoked == Names{"1late", "0root", "own"});
  CHECK(summary.complete);
  CHECK(summary.left == 0);
}

TEST_CASE("a root token that waits for the end is left when the end does not come") {
  Fixture it;
  it.world.tokens["0root"].policy = "root";
  it.options.filter = {};
  it.options.filter.all = true;
  it.options.include_root = true;
  int made = 0;
  it.world.before = [&](const Request& request) -> std::optional<Result<Response>> {
    if (request.path == "auth/token/revoke-accessor") it.world.tokens["z" + std::to_string(made++)] = {};
    return std::nullopt;
  };
  it.options.rounds = 1;
  const Summary summary = it.run();
  CHECK(!summary.complete);
  CHECK(summary.unseen == 0);
  CHECK(summary.left == static_cast<std::size_t>(made) + 1);
  CHECK(it.world.tokens.contains("0root"));
}

TEST_CASE("what an older run left for the end is asked about, too") {
  Fixture it;
  it.world.tokens["0root"].policy = "root";
  JournalPast past;
  past.plan_complete = true;
  past.entries = {{{"0root", "token", "auth/token/create", {"root"}}, false, {}}};
  it.options.past = &past;
  it.options.only_past = it.options.include_root = true;
  it.agrees = false;
  CHECK(!it.try_run());
  CHECK(it.world.tokens.contains("0root"));
  it.agrees = true;
  CHECK(it.run().complete);
  CHECK(!it.world.tokens.contains("0root"));
}

TEST_CASE("what may be the caller's ancestor is revoked after all others") {
  Fixture it;
  it.world.tokens["own"] = {"admin", "auth/token/create", "own", "a", 2000};
  it.world.tokens["b"].created = it.world.tokens["c"].created = 3000;
  const Summary summary = it.run();
  CHECK(it.world.revoked == Names{"b", "c", "a"});
  CHECK(it.plans.at(0).has_parent);
  // Its parent was among them: the list afterwards says so.
  CHECK(!summary.complete);
  CHECK(!summary.ended.empty());
}

TEST_CASE("a token whose revocation never came to its end is not revoked for ever") {
  Fixture it;
  it.world.before = [&](const Request& request) -> std::optional<Result<Response>> {
    if (request.body.view().find("\"b\"") == std::string_view::npos) return std::nullopt;
    if (request.path == "auth/token/revoke-accessor") return World::error(400, "token not found");
    return Response{200, SecretString(R"({"data":{"accessor":"b","policies":["app"],"num_uses":-1}})"), {}};
  };
  const Summary summary = it.run();
  CHECK(summary.complete);
  CHECK(summary.left == 0);
  CHECK(it.sorted_rows() == Names{"a revoked", "b dangling", "c revoked"});
}

TEST_CASE("dangling accessors and wrong records are told, and do not count as left") {
  Fixture it;
  it.world.dangling = {"d1", "d2"};
  it.world.mislead = {{"w", "other"}};
  const Summary summary = it.run();
  CHECK(summary.complete);
  CHECK(summary.left == 0);
  CHECK(summary.count(Outcome::dangling) == 3);
  CHECK(it.sorted_rows() == Names{"a revoked", "b revoked", "c revoked", "d1 dangling", "d2 dangling", "w dangling"});
}

TEST_CASE("who may not look up gets told what is needed, at once") {
  Fixture it;
  it.world.denied = {"auth/token/lookup-accessor"};
  const Summary summary = it.run();
  CHECK(!summary.complete);
  CHECK(summary.ended.find("looked up") != std::string::npos);
  CHECK(summary.advice.find("auth/token/lookup-accessor") != std::string::npos);
  CHECK(it.world.revoked.empty());
}

TEST_CASE("who may not revoke gets told for each") {
  Fixture it;
  it.world.denied = {"auth/token/revoke-accessor"};
  const Summary summary = it.run();
  CHECK(summary.left == 3);
  CHECK(summary.count(Outcome::denied) == 3);
  CHECK(it.sorted_rows() == Names{"a denied", "b denied", "c denied"});
}

TEST_CASE("who may not list gets told what is needed") {
  Fixture it;
  it.world.denied = {"auth/token/accessors"};
  const Summary summary = it.run();
  CHECK(!summary.complete);
  CHECK(summary.advice.find("sudo") != std::string::npos);
}

TEST_CASE("an answer that is no list is not taken for an empty one") {
  for (const char* body :
       {R"({"data":{"keys":"x"}})", R"({"data":{"keys":7}})", R"({"data":null})", "{}", R"({"data":{"keys":["a"])"}) {
    Fixture it;
    it.world.before = [&](const Request& request) -> std::optional<Result<Response>> {
      if (request.path != "auth/token/accessors") return std::nullopt;
      return Response{200, SecretString(body), {}};
    };
    const Summary summary = it.run();
    CHECK_MESSAGE(!summary.complete, body);
    CHECK(it.world.revoked.empty());
  }
}

TEST_CASE("an accessor that a server calls an invalid request is asked about a few times") {
  Fixture it;
  int asked = 0;
  it.world.before = [&](const Request& request) -> std::optional<Result<Response>> {
    if (request.path != "auth/token/lookup-accessor") return std::nullopt;
    if (request.body.view().find("\"b\"") == std::string_view::npos) return std::nullopt;
    if (++asked > 4) return std::nullopt;
    return World::error(400, "invalid request");
  };
  const Summary summary = it.run();
  CHECK(asked == 5);
  CHECK(summary.complete);
  CHECK(summary.count(Outcome::revoked) == 3);  // it was dangling in the first round
}

TEST_CASE("a name that looks like root is no reason to spare a token") {
  Fixture it;
  it.world.tokens["a"].name = std::string("x\0root", 6);
  CHECK(it.run().count(Outcome::revoked) == 3);
}

TEST_CASE("a sealed server ends it at once") {
  Fixture it;
  int asked = 0;
  it.world.before = [&](const Request& request) -> std::optional<Result<Response>> {
    if (request.path != "auth/token/revoke-accessor") return std::nullopt;
    if (asked++ == 0) return std::nullopt;
    return World::error(503, "Vault is sealed");
  };
  const Summary summary = it.run();
  CHECK(asked == 2);
  CHECK(summary.ended.find("sealed") != std::string::npos);
  CHECK(summary.left == 2);
  CHECK(!summary.complete);
}

TEST_CASE("a token that stays though it was revoked is revoked once more, then told as failed") {
  Fixture it;
  std::size_t asked = 0;
  it.world.before = [&](const Request& request) -> std::optional<Result<Response>> {
    if (request.path != "auth/token/revoke-accessor") return std::nullopt;
    ++asked;
    return Response{204, {}, {}};
  };
  Summary summary = it.run();
  CHECK(asked == 6);
  CHECK(summary.ended.empty());
  CHECK(summary.left == 3);
  CHECK(summary.matched == 3);
  CHECK(summary.examples.size() == 3);
  CHECK(it.sorted_rows() == Names{"a failed", "a revoked", "b failed", "b revoked", "c failed", "c revoked"});
  it.options.rounds = 1;
  summary = it.run();
  CHECK(asked == 9);
  CHECK(summary.left == 3);
}

TEST_CASE("what was revoked stays so when it is listed once more") {
  Fixture it;
  it.world.before = [&](const Request& request) -> std::optional<Result<Response>> {
    if (request.path != "auth/token/accessors" || it.world.lists++ == 0) return std::nullopt;
    return Response{200, SecretString(R"({"data":{"keys":["a","b","own","other"]}})"), {}};
  };
  const Summary summary = it.run();
  CHECK(summary.complete);
  CHECK(summary.count(Outcome::revoked) == 3);
  CHECK(it.sorted_rows() == Names{"a revoked", "b revoked", "c revoked"});
}

TEST_CASE("an interrupt ends it with the truth") {
  Fixture it;
  it.world.before = [&](const Request& request) -> std::optional<Result<Response>> {
    if (request.path == "auth/token/revoke-accessor") it.interrupts = 1;
    return std::nullopt;
  };
  const Summary summary = it.run();
  CHECK(it.world.revoked.size() == 1);
  CHECK(summary.count(Outcome::revoked) == 1);
  CHECK(summary.left == 2);
  CHECK(summary.ended == "it was interrupted");
}

TEST_CASE("accessors that were given are looked up once, and nothing is listed") {
  Fixture it;
  KeyList given;
  for (const char* each : {"a", "other", "nobody", "a"}) given.add(each);
  it.options.accessors = &given;
  const Summary summary = it.run();
  CHECK(it.world.lists == 0);
  CHECK(it.left() == Names{"b", "c", "other", "own"});
  CHECK(it.sorted_rows() == Names{"a revoked", "nobody gone"});
  CHECK(summary.complete);
}

TEST_CASE("verifying looks the revoked up again") {
  Fixture it;
  it.options.verify = true;
  const Summary summary = it.run();
  CHECK(summary.complete);
  CHECK(it.world.lookups == 8);
}

TEST_CASE("verifying takes a standby's word for what is half revoked, and asks again first") {
  Fixture it;
  it.options.verify = true;
  int asked = 0;
  it.world.before = [&](const Request& request) -> std::optional<Result<Response>> {
    const bool of_revoked = it.world.revoked.size() == 3 && request.body.view().find("\"b\"") != std::string_view::npos;
    if (request.path != "auth/token/lookup-accessor" || !of_revoked) return std::nullopt;
    ++asked;
    return World::error(400, "1 error occurred:\n\t* invalid request\n\n");
  };
  const Summary summary = it.run();
  CHECK(asked == 4);
  CHECK(summary.complete);
  CHECK(summary.left == 0);
}

TEST_CASE("an older run's plan is done first") {
  Fixture it;
  JournalPast past;
  past.plan_complete = true;
  past.entries = {{{"a", "token", "auth/token/create", {"app"}}, true, {}},
                  {{"x", "token", "auth/token/create", {"app"}}, true, {}},
                  {{"y", "token", "auth/token/create", {"app"}}, false, {}},
                  {{"q", "token", "auth/token/create", {"app"}}, true, Outcome::revoked},
                  {{"own", "token", "auth/token/create", {"app"}}, false, {}}};
  it.options.past = &past;
  const Summary summary = it.run();
  CHECK(summary.complete);
  CHECK(it.left() == Names{"other", "own"});
  // "x" was being revoked when the older run ended, and is gone; "y" ended by itself.
  CHECK(it.sorted_rows() == Names{"a revoked", "b revoked", "c revoked", "own spared", "x revoked", "y gone"});
  CHECK(summary.count(Outcome::revoked) == 5);
  CHECK(it.plans.size() == 1);
}

}  // namespace
}  // namespace vtoken::sweep
