#include <doctest/doctest.h>
#include <fmt/format.h>
#include <malloc.h>

#include <map>
#include <string>
#include <vector>

#include "sweep/book.hpp"
#include "sweep/outcome.hpp"

namespace vtoken::sweep {
namespace {

TEST_CASE("each text has a number, in the order of adding") {
  Pool pool;
  CHECK(pool.size() == 0);
  CHECK(!pool.find("a"));
  CHECK(!pool.find(""));
  const auto a = pool.add("a");
  CHECK(a.number == 0);
  CHECK(a.is_new);
  CHECK(pool.add("b").number == 1);
  const auto again = pool.add("a");
  CHECK(again.number == 0);
  CHECK(!again.is_new);
  CHECK(pool.add("").is_new);
  CHECK(pool.find("") == 2U);
  CHECK(pool.size() == 3);
  CHECK(pool.text(1) == "b");
  CHECK(!pool.find("c"));
}

TEST_CASE("texts may hold any bytes, and too long ones are cut wherever they are given") {
  Pool pool;
  const std::string nul("a\0b", 3);
  CHECK(pool.add(nul).is_new);
  CHECK(pool.add("a").is_new);
  CHECK(pool.text(0) == nul);
  const std::string longest(KeyList::kLongest, 'x');
  CHECK(pool.add(longest + "1").is_new);
  CHECK(!pool.add(longest + "2").is_new);
  CHECK(!pool.add(longest).is_new);
  CHECK(pool.find(longest + "3") == 2U);
  CHECK(pool.text(2) == longest);
}

TEST_CASE("it does as a map does") {
  Pool pool;
  std::map<std::string, std::uint32_t> model;
  std::vector<std::string_view> texts;
  std::uint64_t state = 1;
  for (int i = 0; i < 50'000; ++i) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    const std::string text = fmt::format("{:x}", (state >> 33U) % 20'000);
    const auto added = pool.add(text);
    const auto [known, is_new] = model.emplace(text, static_cast<std::uint32_t>(model.size()));
    if (is_new) texts.push_back(pool.text(added.number));
    const bool same = added.is_new == is_new && added.number == known->second;
    if (!same) FAIL(text);
  }
  CHECK(pool.size() == model.size());
  for (const auto& [text, number] : model) {
    if (pool.find(text) != number || pool.text(number) != text) FAIL(text);
    // Borrowed texts stay where they are.
    if (pool.text(number).data() != texts[number].data()) FAIL(text);
  }
  CHECK(!pool.find("none"));
}

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

TEST_CASE("a million accessors take less than 40 MB, also while it grows") {
  const auto used = [] {
    const auto info = ::mallinfo2();
    return info.uordblks + info.hblkhd;
  };
  const std::size_t before = used();
  std::size_t most = 0;
  Pool pool;
  std::string text(24, 'a');
  for (std::uint32_t i = 0; i < 1'000'000; ++i) {
    std::uint64_t rest = (i + 1) * 0x9e3779b97f4a7c15U;
    for (std::size_t at = 0; at < 12; ++at, rest >>= 5U) text[at] = static_cast<char>('A' + rest % 32);
    text.replace(16, 8, fmt::format("{:08}", i));
    pool.add(text);
    if (i % 1024 == 0) most = std::max(most, used() - before);
  }
  most = std::max(most, used() - before);
  CHECK(pool.size() == 1'000'000);
  if (!kSanitized) CHECK(most < 40'000'000);
}

TEST_CASE("outcomes and their names") {
  for (int i = 0; i < 7; ++i) {
    const auto outcome = static_cast<Outcome>(i);
    CHECK(outcome_named(outcome_name(outcome)) == outcome);
  }
  CHECK(outcome_name(Outcome::revoked) == "revoked");
  CHECK(outcome_name(Outcome::gone) == "gone");
  CHECK(outcome_name(Outcome::dangling) == "dangling");
  CHECK(outcome_name(Outcome::denied) == "denied");
  CHECK(outcome_name(Outcome::failed) == "failed");
  CHECK(outcome_name(Outcome::spared) == "spared");
  CHECK(outcome_name(Outcome::would_revoke) == "would-revoke");
  CHECK(!outcome_named(""));
  CHECK(!outcome_named("Revoked"));
  CHECK(!outcome_named("revoke"));
  CHECK(!is_settled_well(Outcome::denied));
  CHECK(!is_settled_well(Outcome::failed));
  for (const auto outcome :
       {Outcome::revoked, Outcome::gone, Outcome::dangling, Outcome::spared, Outcome::would_revoke}) {
    CHECK(is_settled_well(outcome));
  }
}

}  // namespace
}  // namespace vtoken::sweep
