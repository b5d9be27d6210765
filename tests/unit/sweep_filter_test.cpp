#include "sweep/filter.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <limits>
#include <string>

namespace vtoken::sweep {
namespace {

using Texts = std::vector<std::string>;
using Pairs = std::vector<std::pair<std::string, std::string>>;

constexpr Nanoseconds kNow = 1'800'000'000 * kSecond + 700'000'000;

// Few letters, so that filters and tokens meet.
rc::Gen<std::string> word() { return rc::gen::element<std::string>("a", "b", "ab", "A", "", "\u00e9", "a=b", "a,b"); }
rc::Gen<std::string> pattern() {
  return rc::gen::element<std::string>("a", "b", "*", "a*", "*b", "a*b", "**", "x", "A");
}
rc::Gen<Texts> words() { return rc::gen::resize(3, rc::gen::container<Texts>(word())); }
rc::Gen<Texts> patterns() {
  return rc::gen::weightedOneOf<Texts>(
      {{8, rc::gen::just(Texts{})}, {1, rc::gen::resize(3, rc::gen::container<Texts>(pattern()))}});
}
rc::Gen<Pairs> pairs() { return rc::gen::resize(3, rc::gen::container<Pairs>(rc::gen::pair(word(), pattern()))); }

template <class T>
rc::Gen<std::optional<T>> maybe(rc::Gen<T> gen) {
  return rc::gen::weightedOneOf<std::optional<T>>(
      {{8, rc::gen::just(std::optional<T>())},
       {1, rc::gen::map(std::move(gen), [](T value) { return std::optional<T>(std::move(value)); })}});
}
rc::Gen<std::optional<std::int64_t>> number() { return maybe(rc::gen::inRange<std::int64_t>(-3, 10)); }

rc::Gen<Filter> filters() {
  return rc::gen::build<Filter>(
      rc::gen::set(&Filter::policies, patterns()), rc::gen::set(&Filter::roles, patterns()),
      rc::gen::set(&Filter::paths, patterns()), rc::gen::set(&Filter::display_names, patterns()),
      rc::gen::set(&Filter::metadata, pairs()), rc::gen::set(&Filter::entity_ids, patterns()),
      rc::gen::set(&Filter::type, maybe(rc::gen::element<std::string>("service", "batch"))),
      rc::gen::set(&Filter::orphan, maybe(rc::gen::arbitrary<bool>())), rc::gen::set(&Filter::created_before, number()),
      rc::gen::set(&Filter::created_after, number()), rc::gen::set(&Filter::ttl_less_than, number()),
      rc::gen::set(&Filter::ttl_greater_than, number()), rc::gen::set(&Filter::all, rc::gen::arbitrary<bool>()));
}

rc::Gen<TokenFacts> tokens() {
  return rc::gen::build<TokenFacts>(
      rc::gen::set(&TokenFacts::display_name, word()), rc::gen::set(&TokenFacts::path, word()),
      rc::gen::set(&TokenFacts::role, word()),
      rc::gen::set(&TokenFacts::type, rc::gen::element<std::string>("service", "batch", "")),
      rc::gen::set(&TokenFacts::entity_id, word()), rc::gen::set(&TokenFacts::policies, words()),
      rc::gen::set(&TokenFacts::identity_policies, words()), rc::gen::set(&TokenFacts::metadata, pairs()),
      rc::gen::set(&TokenFacts::orphan, rc::gen::arbitrary<bool>()),
      rc::gen::set(&TokenFacts::endless, rc::gen::arbitrary<bool>()),
      rc::gen::set(&TokenFacts::creation_time, number()), rc::gen::set(&TokenFacts::ttl, number()));
}

TokenFacts ann() {
  TokenFacts token;
  token.accessor = "a1";
  token.display_name = "userpass-ann";
  token.path = "auth/userpass/login/ann";
  token.role = "ops";
  token.type = "service";
  token.entity_id = "e1";
  token.policies = {"app", "default"};
  token.identity_policies = {"staff"};
  token.metadata = {{"username", "ann"}, {"q", "x=y"}};
  token.orphan = true;
  token.creation_time = 1000;
  token.ttl = 60;
  return token;
}

TEST_CASE("each kind by itself") {
  const TokenFacts token = ann();
  CHECK(Filter{.policies = {"app"}}.matches(token));
  CHECK(Filter{.policies = {"staff"}}.matches(token));
  CHECK(Filter{.policies = {"x", "st*f"}}.matches(token));
  CHECK(Filter{.policies = {"APP"}}.matches(token));
  CHECK_FALSE(Filter{.policies = {"ap"}}.matches(token));
  CHECK_FALSE(Filter{.policies = {"app,default"}}.matches(token));
  CHECK(Filter{.roles = {"ops"}}.matches(token));
  CHECK_FALSE(Filter{.roles = {"OPS"}}.matches(token));
  CHECK(Filter{.paths = {"auth/userpass/*"}}.matches(token));
  CHECK_FALSE(Filter{.paths = {"auth/userpass/"}}.matches(token));
  CHECK(Filter{.display_names = {"*-ann"}}.matches(token));
  CHECK_FALSE(Filter{.display_names = {"ann"}}.matches(token));
  CHECK(Filter{.metadata = {{"username", "a*"}, {"q", "x=y"}}}.matches(token));
  CHECK_FALSE(Filter{.metadata = {{"username", "ann"}, {"q", "z"}}}.matches(token));
  CHECK_FALSE(Filter{.metadata = {{"user*", "ann"}}}.matches(token));
  CHECK(Filter{.entity_ids = {"e0", "e1"}}.matches(token));
  CHECK_FALSE(Filter{.entity_ids = {"e*"}}.matches(token));
  CHECK(Filter{.type = "service"}.matches(token));
  CHECK_FALSE(Filter{.type = "batch"}.matches(token));
  CHECK(Filter{.orphan = true}.matches(token));
  CHECK_FALSE(Filter{.orphan = false}.matches(token));
}

TEST_CASE("bounds: before and less are strict, after is not, more is") {
  const TokenFacts token = ann();
  CHECK(Filter{.created_before = 1001}.matches(token));
  CHECK_FALSE(Filter{.created_before = 1000}.matches(token));
  CHECK(Filter{.created_after = 1000}.matches(token));
  CHECK_FALSE(Filter{.created_after = 1001}.matches(token));
  CHECK(Filter{.ttl_less_than = 61}.matches(token));
  CHECK_FALSE(Filter{.ttl_less_than = 60}.matches(token));
  CHECK(Filter{.ttl_greater_than = 59}.matches(token));
  CHECK_FALSE(Filter{.ttl_greater_than = 60}.matches(token));
}

TEST_CASE("what a token does not have, no pattern matches") {
  TokenFacts token = ann();
  CHECK(Filter{.roles = {"*"}}.matches(token));
  token.role.clear();
  CHECK_FALSE(Filter{.roles = {"*"}}.matches(token));
  token.policies.clear();
  token.identity_policies.clear();
  CHECK_FALSE(Filter{.policies = {"*"}}.matches(token));
}

TEST_CASE("an endless token has more to live than any number, and an untold number is within no bound") {
  TokenFacts token = ann();
  token.ttl = 0;
  token.endless = true;
  CHECK_FALSE(Filter{.ttl_less_than = 1'000'000'000}.matches(token));
  CHECK(Filter{.ttl_greater_than = 1'000'000'000}.matches(token));
  token = {};
  CHECK_FALSE(Filter{.created_before = 1}.matches(token));
  CHECK_FALSE(Filter{.created_after = 0}.matches(token));
  CHECK_FALSE(Filter{.ttl_less_than = 1}.matches(token));
  CHECK_FALSE(Filter{.ttl_greater_than = -1}.matches(token));
}

TEST_CASE("no kind, or all, asks nothing") {
  CHECK(Filter{}.empty());
  CHECK_FALSE(Filter{.all = true}.empty());
  CHECK_FALSE(Filter{.orphan = false}.empty());
  CHECK(rc::check([] {
    const TokenFacts token = *tokens();
    RC_ASSERT(Filter{}.matches(token));
    RC_ASSERT(Filter{.all = true}.matches(token));
  }));
}

// A filter's kinds, one a filter.
std::vector<Filter> kinds(const Filter& filter) {
  return {{.policies = filter.policies},
          {.roles = filter.roles},
          {.paths = filter.paths},
          {.display_names = filter.display_names},
          {.metadata = filter.metadata},
          {.entity_ids = filter.entity_ids},
          {.type = filter.type},
          {.orphan = filter.orphan},
          {.created_before = filter.created_before},
          {.created_after = filter.created_after},
          {.ttl_less_than = filter.ttl_less_than},
          {.ttl_greater_than = filter.ttl_greater_than}};
}

TEST_CASE("kinds are joined by and, and members of a kind by or") {
  CHECK(rc::check([] {
    const Filter filter = *filters();
    const TokenFacts token = *tokens();
    const auto single = kinds(filter);
    const bool each = std::all_of(single.begin(), single.end(), [&](const Filter& one) { return one.matches(token); });
    RC_CLASSIFY(each);
    RC_ASSERT(filter.matches(token) == each);
    const bool any = filter.policies.empty() ||
                     std::any_of(filter.policies.begin(), filter.policies.end(),
                                 [&](const std::string& one) { return Filter{.policies = {one}}.matches(token); });
    RC_ASSERT(single.front().matches(token) == any);
  }));
}

TEST_CASE("the canonical text is read again, and means the same") {
  CHECK(rc::check([] {
    const Filter filter = *filters();
    const std::string text = filter.canonical();
    RC_ASSERT(text.find('\n') == std::string::npos);
    const auto again = read_filter(text);
    RC_ASSERT(again.has_value());
    RC_ASSERT(again->canonical() == text);
    RC_ASSERT(read_filter(again->canonical()) == *again);
    RC_ASSERT(again->empty() == filter.empty());
    const TokenFacts token = *tokens();
    RC_ASSERT(again->matches(token) == filter.matches(token));
  }));
}

TEST_CASE("order and repetition do not change the canonical text; all else does") {
  const Filter one{.policies = {"b", "a", "b"}, .metadata = {{"k", "w"}, {"k", "v"}}};
  const Filter other{.policies = {"a", "b"}, .metadata = {{"k", "v"}, {"k", "w"}}};
  CHECK(one.canonical() == other.canonical());
  CHECK(one.canonical() == R"({"metadata":[["k","v"],["k","w"]],"policies":["a","b"]})");
  CHECK(Filter{.orphan = false}.canonical() != Filter{}.canonical());
  CHECK(Filter{.metadata = {{"a", "b=c"}}}.canonical() != Filter{.metadata = {{"a=b", "c"}}}.canonical());
}

TEST_CASE("what canonical() does not write is no filter") {
  for (const char* text :
       {"", "null", "[]", "{", R"({"policies":["b","a"]})", R"({"policies":[]})", R"({"policies":[1]})",
        R"({"orphan":"x"})", R"({"all":false})", R"({"other":1})", R"({"metadata":[["a"]]})", R"({ "all":true})",
        R"({"type":1})", R"({"created_before":1.5})", "{} "}) {
    CAPTURE(text);
    const auto filter = read_filter(text);
    REQUIRE_FALSE(filter.has_value());
    CHECK(filter.error().kind == ErrorKind::damaged);
  }
  CHECK(read_filter("{}") == Filter{});
}

TEST_CASE("a filter in words") {
  CHECK(Filter{}.described() == "no filter");
  CHECK(Filter{.all = true}.described() == "every token");
  CHECK(Filter{.policies = {"app", "ci-*"}, .paths = {"auth/userpass/*"}, .created_before = 1767323045}.described() ==
        "policy app or ci-*, and path auth/userpass/*, and created before 2026-01-02T03:04:05Z");
  CHECK(Filter{.metadata = {{"team", "a"}, {"env", "b c"}}, .type = "batch", .orphan = false}.described() ==
        "metadata team=a and \"env=b c\", and type batch, and not orphan");
  CHECK(Filter{.roles = {"a", "b", "c"}, .ttl_less_than = 3600, .ttl_greater_than = 90}.described() ==
        "role a, b or c, and less than 1h to live, and more than 1m30s to live");
  CHECK(Filter{.policies = {"a,b"}, .display_names = {"\x1b[2J", ""}, .created_after = 0}.described() ==
        "policy \"a,b\", and display name \"\\u001b[2J\" or \"\", and created at or after 1970-01-01T00:00:00Z");
}

TEST_CASE("numbers beyond any calendar have words too") {
  const Filter filter{.created_before = std::numeric_limits<std::int64_t>::max(),
                      .created_after = std::numeric_limits<std::int64_t>::min(),
                      .ttl_less_than = std::numeric_limits<std::int64_t>::max()};
  CHECK(filter.described().starts_with("created before 2262-"));
  CHECK(read_filter(filter.canonical()) == filter);
}

TEST_CASE("moments") {
  CHECK(parse_moment("2026-01-02T03:04:05Z", kNow) == 1767323045);
  CHECK(parse_moment("2026-01-02T03:04:05.9+01:00", kNow) == 1767319445);
  CHECK(parse_moment("2h", kNow) == 1'800'000'000 - 7200);
  CHECK(parse_moment("1d12h", kNow) == 1'800'000'000 - 129'600);
  CHECK(parse_moment("0s", kNow) == 1'800'000'000);
  CHECK(parse_moment("800ms", kNow) == 1'799'999'999);
  CHECK(parse_moment("1000000h", kNow) == 0);
  for (const char* bad : {"", "0", "90", "1767323045", "-2h", "+2h", "2", "2x", "2026-01-02", "2026-02-30T00:00:00Z",
                          "yesterday", "2h ", "300000000000000h"}) {
    CAPTURE(bad);
    const auto moment = parse_moment(bad, kNow);
    REQUIRE_FALSE(moment.has_value());
    CHECK(moment.error().kind == ErrorKind::usage);
  }
}

}  // namespace
}  // namespace vtoken::sweep
