// How many tokens a second, through Backend::handle.
#include <benchmark/benchmark.h>

#include "tests/bench/stores.hpp"

namespace vtoken::bench {
namespace {

void create(benchmark::State& state, const char* parent_body, const char* body) {
  auto store = open_store("rates");
  const SecretString parent = token_of(must(store.backend->handle(create_request(store.root, parent_body))));
  const Request request = create_request(parent, body);
  for (auto _ : state) benchmark::DoNotOptimize(must(store.backend->handle(request)));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

constexpr const char* kParent = R"({"policies":["app"],"ttl":"24h"})";
BENCHMARK_CAPTURE(create, service, kParent, R"({"policies":["app"],"ttl":"1h"})")->UseRealTime();
BENCHMARK_CAPTURE(create, batch, kParent, R"({"type":"batch","policies":["app"],"ttl":"1h"})")->UseRealTime();

}  // namespace
}  // namespace vtoken::bench
