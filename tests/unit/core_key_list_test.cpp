#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "core/key_list.hpp"

namespace vtoken {
namespace {

std::vector<std::string> in_order(const KeyList& keys) {
  std::vector<std::string> texts;
  keys.for_each([&](std::string_view key) {
    texts.emplace_back(key);
    return true;
  });
  return texts;
}

std::vector<std::string> sorted(const KeyList& keys) {
  std::vector<std::string> texts;
  keys.for_each_sorted([&](std::string_view key) {
    texts.emplace_back(key);
    return true;
  });
  return texts;
}

TEST_CASE("keys come back in their order, and sorted") {
  KeyList keys;
  CHECK(keys.empty());
  CHECK(in_order(keys).empty());
  CHECK(sorted(keys).empty());
  std::vector<std::string> expected;
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    expected.push_back(std::string(random() % 40, static_cast<char>('a' + random() % 26)) + std::to_string(random()));
    keys.add(expected.back());
  }
  expected.emplace_back();
  keys.add("");
  CHECK(keys.size() == expected.size());
  CHECK(in_order(keys) == expected);
  std::sort(expected.begin(), expected.end());
  CHECK(sorted(keys) == expected);
}

TEST_CASE("a walk ends when it is told to") {
  KeyList keys;
  for (const char* key : {"c", "a", "b"}) keys.add(key);
  std::string seen;
  keys.for_each([&](std::string_view key) {
    seen += key;
    return key != "a";
  });
  keys.for_each_sorted([&](std::string_view key) {
    seen += key;
    return key != "b";
  });
  CHECK(seen == "caab");
}

TEST_CASE("long keys are kept, longer ones are cut") {
  KeyList keys;
  keys.add(std::string(65'535, 'x'));
  keys.add(std::string(70'000, 'y'));
  keys.add("z");
  const auto texts = in_order(keys);
  REQUIRE(texts.size() == 3);
  CHECK(texts[0] == std::string(65'535, 'x'));
  CHECK(texts[1] == std::string(65'535, 'y'));
  CHECK(texts[2] == "z");
}

}  // namespace
}  // namespace vtoken
