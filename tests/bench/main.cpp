// vtoken_bench --folder=FOLDER [--many=N] [--tree=N] [Google Benchmark's flags]
#include <benchmark/benchmark.h>

#include <iostream>
#include <string>
#include <vector>

#include "tests/bench/stores.hpp"

int main(int argc, char** argv) {
  std::vector<char*> rest;
  for (char* word : std::vector<char*>(argv, argv + argc)) {
    const std::string text = word;
    auto& settings = vtoken::bench::settings();
    if (text.starts_with("--folder=")) {
      settings.folder = text.substr(9);
    } else if (text.starts_with("--many=")) {
      settings.many = std::stoul(text.substr(7));
    } else if (text.starts_with("--tree=")) {
      settings.tree = std::stoul(text.substr(7));
    } else {
      rest.push_back(word);
    }
  }
  if (vtoken::bench::settings().folder.empty()) {
    std::cerr << "usage: vtoken_bench --folder=FOLDER [--many=N] [--tree=N]\n";
    return 1;
  }
  int count = static_cast<int>(rest.size());
  benchmark::Initialize(&count, rest.data());
  if (benchmark::ReportUnrecognizedArguments(count, rest.data())) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
