// Random requests to a store and to a real server, whose answers have to be the same but for what differences.json
// names. A plan that shows a difference is made as small as it gets, and printed.
//
// Environment, set by scripts/differential: VTOKEN_DIFFERENTIAL_REQUESTS (how many), _SEED, _ONLY (the number of one
// plan) and _FAILURES (how many failing plans are shrunk before it gives up).
#include <doctest/doctest.h>

#include <cstdlib>
#include <iostream>
#include <set>

#include "author.hpp"
#include "shrink.hpp"
#include "twins.hpp"

using namespace vtoken;
using namespace vtoken::differential;

namespace {

constexpr std::size_t kPlanLength = 60;
constexpr std::size_t kMostReplays = 1000;

std::size_t setting(const char* name, std::size_t otherwise) {
  const char* text = std::getenv((std::string("VTOKEN_DIFFERENTIAL_") + name).c_str());
  return text == nullptr || *text == '\0' ? otherwise : std::strtoull(text, nullptr, 10);
}

Plan write_plan(std::size_t seed, std::size_t number) {
  return Author(rc::Random(rc::Random::Key{seed, number, 0, 0})).write(kPlanLength);
}

struct Found {
  Plan plan;
  Failure failure;
};

// The smallest plan that still fails.
Found shrunk(Twins& twins, Plan plan, Failure failure) {
  plan.resize(failure.index + 1);
  Found best{plan, std::move(failure)};
  rc::Shrinkable<Plan> at = shrinkable(std::move(plan));
  std::size_t replays = 0;
  for (bool smaller = true; smaller && replays < kMostReplays;) {
    smaller = false;
    auto simpler_plans = at.shrinks();
    for (auto next = simpler_plans.next(); next && replays < kMostReplays; next = simpler_plans.next()) {
      ++replays;
      Plan candidate = next->value();
      if (candidate.empty()) continue;
      auto again = twins.play(candidate);
      if (!again) continue;
      candidate.resize(again->index + 1);
      best = {candidate, std::move(*again)};
      at = shrinkable(std::move(candidate));
      smaller = true;
      break;
    }
  }
  return best;
}

std::string report(const Found& found, std::size_t seed, std::size_t number) {
  std::string text = "store and server differ; the requests that show it:\n";
  for (std::size_t i = 0; i < found.plan.size(); ++i) {
    text += "  " + std::to_string(i + 1) + ". " + show(found.plan[i]) + "\n";
  }
  text += "to the last the store says\n  " + show(found.failure.store) + "\nand the server\n  " +
          show(found.failure.server) + "\n";
  for (const auto& one : found.failure.differences)
    text += "  at " + one.where + ": " + one.store + " | " + one.server + "\n";
  text += "again: scripts/differential -seed " + std::to_string(seed) + " -only " + std::to_string(number) + "\n";
  return text;
}

// What makes two failures the same one, roughly.
std::string kind_of(const Found& found) {
  const Operation& last = found.plan.back();
  const auto& first = found.failure.differences.front();
  const auto folder = last.path.substr(0, last.path.find('/', last.path.starts_with("auth/token/") ? 11
                                                              : last.path.starts_with("sys/")      ? 4
                                                                                                   : 0));
  return folder + " " + first.where + " " + first.store.substr(0, 40) + " " + first.server.substr(0, 40);
}

}  // namespace

TEST_CASE("a store answers as a server") {
  const std::size_t wanted = setting("REQUESTS", 2500);
  const std::size_t seed = setting("SEED", 1);
  const std::size_t only = setting("ONLY", 0);
  const std::size_t most_failures = setting("FAILURES", 1);
  const Differences differences(std::string(VTOKEN_SOURCE_DIR) + "/tests/differential/differences.json");
  Twins twins(differences);
  std::set<std::string> kinds;
  std::size_t failed = 0;
  std::size_t unsteady = 0;
  std::size_t compared = 0;
  for (std::size_t number = only == 0 ? 1 : only; compared < wanted && kinds.size() < most_failures; ++number) {
    const std::size_t before = twins.compared();
    const Plan plan = write_plan(seed, number);
    auto failure = twins.play(plan);
    compared += twins.compared() - before;
    if (failure) {
      // A server revokes and tidies when it finds the time: what does not show again is not counted, but for its
      // number.
      if (auto again = twins.play(plan)) {
        failure = std::move(again);
      } else {
        ++unsteady;
        MESSAGE("plan ", number, " differed once and not again");
        continue;
      }
      ++failed;
      const Found found = shrunk(twins, plan, std::move(*failure));
      if (kinds.insert(kind_of(found)).second) MESSAGE(report(found, seed, number));
    }
    if (only != 0) break;
  }
  std::cout << "differential: " << compared << " requests compared, seed " << seed << ", " << failed
            << " plans failed\n";
  for (const auto& entry : differences.all()) std::cout << "  met " << entry.met << " times: " << entry.why << "\n";
  CHECK(failed == 0);
  CHECK(unsteady <= 1 + compared / 5000);
}
