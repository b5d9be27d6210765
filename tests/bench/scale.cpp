// What a store's size costs: the same calls with few tokens in it and with many, and a large tree revoked at once.
#include <benchmark/benchmark.h>

#include <chrono>
#include <map>
#include <random>
#include <string>

#include "tests/bench/stores.hpp"

namespace vtoken::bench {
namespace {

struct Filled {
  OpenStore store;
  std::vector<SecretString> some;  // tokens spread over all that are in it
};

// Filled once, then kept open: filling is not what is measured. range(0) is 0 for few and 1 for many.
Filled& filled(std::int64_t which) {
  static std::map<std::int64_t, Filled> stores;
  auto found = stores.find(which);
  if (found == stores.end()) {
    auto store = open_store(which == 0 ? "few" : "many");
    const std::size_t count = which == 0 ? 1'000 : settings().many;
    auto some = fill(store, store.root, count, count / 1'000);
    found = stores.emplace(which, Filled{std::move(store), std::move(some)}).first;
  }
  return found->second;
}

void lookup(benchmark::State& state) {
  Filled& all = filled(state.range(0));
  std::vector<Request> requests;
  for (const auto& token : all.some) {
    SecretString body(R"({"token":")");
    body.append(token).append(R"("})");
    requests.push_back(
        {.method = Method::post, .path = "auth/token/lookup", .body = std::move(body), .token = all.store.root});
  }
  std::minstd_rand chance(1);
  for (auto _ : state) {
    benchmark::DoNotOptimize(must(all.store.backend->handle(requests[chance() % requests.size()])));
  }
}
BENCHMARK(lookup)->Arg(0)->Arg(1)->UseRealTime();

void create_among(benchmark::State& state) {
  Filled& all = filled(state.range(0));
  const Request request = create_request(all.store.root, R"({"policies":["app"],"ttl":"1h"})");
  for (auto _ : state) benchmark::DoNotOptimize(must(all.store.backend->handle(request)));
}
BENCHMARK(create_among)->Arg(0)->Arg(1)->UseRealTime();

void revoke_tree(benchmark::State& state) {
  auto store = open_store("tree");
  const SecretString top =
      token_of(must(store.backend->handle(create_request(store.root, R"({"policies":["app"],"ttl":"24h"})"))));
  // Four levels: the top, ten below it, a hundred below each of those, and the rest below these.
  const auto second = fill(store, top, 10, 1);
  for (const auto& token : second) {
    const auto third = fill(store, token, 100, 1);
    for (const auto& parent : third) fill(store, parent, settings().tree / 1'000, settings().tree);
  }
  SecretString body(R"({"token":")");
  body.append(top).append(R"("})");
  for (auto _ : state) {
    const auto start = std::chrono::steady_clock::now();
    must(store.backend->handle(
        {.method = Method::post, .path = "auth/token/revoke", .body = body, .token = store.root}));
    state.SetIterationTime(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
}
BENCHMARK(revoke_tree)->Iterations(1)->UseManualTime()->Unit(benchmark::kSecond);

}  // namespace
}  // namespace vtoken::bench
