#include "sweep/ledger.hpp"

#include <doctest/doctest.h>

#include <string>

namespace vtoken::sweep {
namespace {

using namespace std::string_literals;

TEST_CASE("names may hold any byte, and come back as they were") {
  Ledger ledger;
  TokenFacts facts;
  facts.display_name = "x\0root"s;
  facts.path = "\0"s;
  facts.policies = {"", "a\0b"s, "\xff\n"};
  facts.identity_policies = {"", "id"};
  const JournalRow row = ledger.row(ledger.match(ledger.add("acc").value(), facts));
  CHECK(row.accessor == "acc");
  CHECK(row.display_name == facts.display_name);
  CHECK(row.path == facts.path);
  CHECK(row.policies == std::vector<std::string>{"", "a\0b"s, "\xff\n", "id"});
}

TEST_CASE("details beyond the pool's limit are cut, not read past their end") {
  Ledger ledger;
  TokenFacts facts;
  facts.display_name = std::string(40'000, 'n');
  facts.policies = {std::string(40'000, 'p'), "last"};
  const JournalRow row = ledger.row(ledger.match(ledger.add("acc").value(), facts));
  CHECK(row.display_name == facts.display_name);
  REQUIRE(row.policies.size() == 1);
  CHECK(facts.policies[0].starts_with(row.policies[0]));
}

TEST_CASE("an accessor is given once a round, and not at all when it is known not to be meant") {
  Ledger ledger;
  const auto one = ledger.add("one");
  REQUIRE(one);
  CHECK(!ledger.add("one"));
  const auto two = ledger.add("two").value();
  const auto three = ledger.add("three").value();
  ledger.stand(two, Standing::unmatched);
  ledger.settle(three, Outcome::spared);
  ledger.settle(*one, Outcome::revoked);
  ledger.next_round();
  CHECK(ledger.add("one") == one);
  CHECK(!ledger.add("one"));
  CHECK(!ledger.add("two"));
  CHECK(!ledger.add("three"));
  CHECK(ledger.add("four"));
  CHECK(ledger.was_listed(two));
  CHECK(ledger.count(Outcome::revoked) == 1);
  CHECK(ledger.count(Standing::listed) == 1);
}

TEST_CASE("what has ended is known to have, whatever is asked later") {
  Ledger ledger;
  const auto number = ledger.add("one").value();
  CHECK(!ledger.ended(number));
  ledger.settle(number, Outcome::denied);
  CHECK(!ledger.ended(number));
  ledger.settle(number, Outcome::gone);
  CHECK(ledger.ended(number) == Outcome::gone);
  ledger.stand(number, Standing::asked);
  CHECK(!ledger.outcome(number));
  CHECK(ledger.ended(number) == Outcome::gone);
  ledger.settle(number, Outcome::failed);
  CHECK(ledger.ended(number) == Outcome::revoked);
}

}  // namespace
}  // namespace vtoken::sweep
