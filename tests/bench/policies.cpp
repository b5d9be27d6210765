// How long a question to an ACL takes: ten policies of fifty rules each, with and without segments `+`.
#include <benchmark/benchmark.h>

#include <array>
#include <string>
#include <vector>

#include "core/json.hpp"
#include "policy/acl.hpp"

namespace vtoken::bench {
namespace {

constexpr int kPolicies = 10;
constexpr int kRules = 50;

enum Kind { kPlain, kSegments, kFirstSegment };

// Half of the rules have a `+` in their middle, or all of them at their start, which is the slowest there is.
std::string path_of(Kind kind, int policy, int rule) {
  const std::string team = "team-" + std::to_string(policy);
  const std::string app = "app-" + std::to_string(rule);
  if (kind == kFirstSegment) return "+/" + team + "/" + app + "/*";
  if (kind == kSegments && rule % 2 == 0) return "secret/" + team + "/+/" + app + "/*";
  return "secret/" + team + "/" + app + (rule % 3 == 0 ? "/config" : "/*");
}

std::vector<std::string> policy_texts(Kind kind) {
  std::vector<std::string> texts;
  for (int policy = 0; policy < kPolicies; ++policy) {
    std::string text;
    for (int rule = 0; rule < kRules; ++rule) {
      text += "path \"" + path_of(kind, policy, rule) + "\" {\n  capabilities = [\"create\", \"read\", \"update\"]\n" +
              (rule % 5 == 0 ? "  allowed_parameters = { \"a\" = [\"x*\"], \"b\" = [] }\n" : "") + "}\n";
    }
    texts.push_back(std::move(text));
  }
  return texts;
}

std::vector<policy::Policy> parsed(Kind kind) {
  std::vector<policy::Policy> policies;
  for (const auto& text : policy_texts(kind)) policies.push_back(policy::parse_policy("p", text).value());
  return policies;
}

std::vector<const policy::Policy*> all(const std::vector<policy::Policy>& policies) {
  std::vector<const policy::Policy*> pointers;
  pointers.reserve(policies.size());
  for (const auto& each : policies) pointers.push_back(&each);
  return pointers;
}

void ask(benchmark::State& state, Kind kind) {
  const auto policies = parsed(kind);
  const policy::Acl acl(all(policies), 0);
  std::vector<std::string> paths{"nothing/of/the/kind", "secret/team-3/none"};
  for (int i = 0; i < kPolicies * kRules; i += 7) {
    std::string path = path_of(kind, i / kRules, i % kRules);
    if (const auto plus = path.find('+'); plus != std::string::npos) path.replace(plus, 1, "any");
    if (path.ends_with('*')) path.replace(path.size() - 1, 1, "leaf/of/it");
    paths.push_back(std::move(path));
  }
  const Json data = {{"a", "xyz"}, {"b", 5}};
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(acl.ask({policy::Operation::update, paths[next], &data}));
    next = next + 1 == paths.size() ? 0 : next + 1;
  }
}
BENCHMARK_CAPTURE(ask, plain, kPlain);
BENCHMARK_CAPTURE(ask, segments, kSegments);
BENCHMARK_CAPTURE(ask, first_segment, kFirstSegment);

void build(benchmark::State& state, Kind kind) {
  const auto policies = parsed(kind);
  const auto pointers = all(policies);
  for (auto _ : state) benchmark::DoNotOptimize(policy::Acl(pointers, 0));
}
BENCHMARK_CAPTURE(build, plain, kPlain);
BENCHMARK_CAPTURE(build, segments, kSegments);
BENCHMARK_CAPTURE(build, first_segment, kFirstSegment);

void parse(benchmark::State& state) {
  const auto texts = policy_texts(kSegments);
  for (auto _ : state) benchmark::DoNotOptimize(policy::parse_policy("p", texts.front()));
}
BENCHMARK(parse);

}  // namespace
}  // namespace vtoken::bench
