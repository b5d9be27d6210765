// Taking tokens to pieces, one core.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <vector>

#include "token/base62.hpp"
#include "token/decode.hpp"
#include "token/mint.hpp"

namespace vtoken::bench {
namespace {

// More than fit the fastest cache together with what decoding uses, and no two alike.
constexpr std::size_t kTokens = 1024;

std::vector<SecretString> tokens_of(MintSettings settings) {
  Key key{};
  random_bytes(key);
  std::vector<SecretString> tokens;
  for (std::size_t i = 0; i < kTokens; ++i) tokens.push_back(mint_token(settings, key).value_or(SecretString()));
  return tokens;
}

void decode(benchmark::State& state, const MintSettings& settings) {
  const std::vector<SecretString> tokens = tokens_of(settings);
  std::size_t next = 0;
  for (auto _ : state) {
    const DecodedToken token = decode_token(tokens[next].view());
    if (token.fault || token.format != settings.format) state.SkipWithError("a token that was minted is damaged");
    next = (next + 1) % kTokens;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

MintSettings ssc() { return {}; }

MintSettings ssc_with_index() {
  MintSettings settings;
  settings.local_index = 123'456'789;
  settings.index_epoch = 3;
  settings.namespace_id = "q1W2e";
  return settings;
}

MintSettings of_format(TokenFormat format) {
  MintSettings settings;
  settings.format = format;
  return settings;
}

// What a server writes into one.
MintSettings batch() {
  MintSettings settings = of_format(TokenFormat::batch);
  settings.entry.parent = random_base62(28);
  settings.entry.policies = {"ci", "default"};
  settings.entry.path = "auth/token/create";
  settings.entry.display_name = "token-ci";
  settings.entry.creation_time = 1'700'000'000;
  settings.entry.ttl = 3600 * kSecond;
  settings.entry.namespace_id = "root";
  return settings;
}

BENCHMARK_CAPTURE(decode, ssc, ssc());
BENCHMARK_CAPTURE(decode, ssc_with_index, ssc_with_index());
BENCHMARK_CAPTURE(decode, batch, batch());
BENCHMARK_CAPTURE(decode, inner, of_format(TokenFormat::inner));
BENCHMARK_CAPTURE(decode, legacy, of_format(TokenFormat::legacy));
BENCHMARK_CAPTURE(decode, accessor, of_format(TokenFormat::accessor));

}  // namespace
}  // namespace vtoken::bench
