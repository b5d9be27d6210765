// The rows of the comparison tables in documents 000, 001 and 002, each under its name. Rows about several servers
// (replication, standby nodes) and about other engines' leases are not a single store's; the cubbyhole row has its own
// file.
#include <doctest/doctest.h>

#include "core/json.hpp"
#include "subject.hpp"

using namespace vtoken;
using namespace vtoken::conformance;

namespace {

CreateOptions service() { return {.policies = {"default"}, .ttl = 3600 * kSecond}; }
CreateOptions batch() { return {.policies = {"default"}, .ttl = 3600 * kSecond, .type = "batch"}; }

std::size_t count_accessors(Bench& bench) {
  std::size_t count = 0;
  const auto listed = bench.root().list_accessors([&count](std::string_view) { return ++count != 0; });
  REQUIRE(listed.has_value());
  return count;
}

}  // namespace

TEST_CASE("000: Storage persistence") {
  each_subject([](Bench& bench, const std::string&) {
    const std::size_t before = count_accessors(bench);
    const Auth stored = bench.create(service());
    CHECK(count_accessors(bench) == before + 1);
    const Auth not_stored = bench.create(batch());
    CHECK(count_accessors(bench) == before + 1);
    // Another connection knows both: one from the file, the other from what it carries.
    const auto other = bench.subject().connect();
    CHECK(TokenClient(*other, {.token = stored.client_token}).lookup_self().has_value());
    CHECK(TokenClient(*other, {.token = not_stored.client_token}).lookup_self().has_value());
  });
}

TEST_CASE("000: Renewability; 001: Renewable; 002: Renewal") {
  each_subject([](Bench& bench, const std::string&) {
    const Auth one = bench.create(service());
    CHECK(one.renewable);
    CHECK(auth_of(bench.as(one.client_token).renew_self()).lease_duration == 3600);
    const Auth two = bench.create(batch());
    CHECK_FALSE(two.renewable);
    check_refused(bench.as(two.client_token).renew_self(), 400, "batch tokens cannot be renewed");
    check_refused(bench.root().renew(two.client_token), 400, "batch tokens cannot be renewed");
  });
}

TEST_CASE("000: Revocability; 002: Revocation") {
  each_subject([](Bench& bench, const std::string&) {
    const Auth one = bench.create(service());
    CHECK(bench.root().revoke(one.client_token).has_value());
    CHECK_FALSE(bench.alive(one.client_token));

    const Auth parent = bench.create(service());
    const Auth child = bench.create({.type = "batch"}, parent.client_token);
    check_refused(bench.root().revoke(child.client_token), 400, "batch tokens cannot be revoked");
    check_refused(bench.root().revoke_orphan(child.client_token), 400, "batch tokens cannot be revoked");
    check_refused(bench.as(child.client_token).revoke_self(), 400, "batch tokens cannot be revoked");
    CHECK(bench.alive(child.client_token));
    CHECK(bench.root().revoke(parent.client_token).has_value());
    CHECK_FALSE(bench.alive(child.client_token));
  });
}

TEST_CASE("000: Token size") {
  each_subject([](Bench& bench, const std::string&) {
    CHECK(bench.create(batch()).client_token.size() > bench.create(service()).client_token.size());
  });
}

TEST_CASE("000: Child tokens; 001: Can create child tokens") {
  each_subject([](Bench& bench, const std::string&) {
    const Auth parent = bench.create(service());
    const Auth child = bench.create({}, parent.client_token);
    CHECK(bench.alive(child.client_token));
    CHECK_FALSE(child.orphan);
    const Auth light = bench.create(batch());
    const auto refused = bench.as(light.client_token).create({});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().status >= 400);
  });
}

TEST_CASE("000: Root/orphan capable (001 holds: a batch token may be an orphan)") {
  each_subject([](Bench& bench, const std::string&) {
    CreateOptions orphan = batch();
    orphan.orphan = true;
    const Auth light = bench.create(orphan);
    CHECK(light.orphan);
    CHECK(bench.alive(light.client_token));

    CreateOptions root;
    root.type = "batch";
    check_refused(bench.root().create(root), 400, "batch tokens cannot be root tokens");
  });
}

TEST_CASE("000: TTL limits") {
  each_subject([](Bench& bench, const std::string&) {
    if (!bench.subject().keeps_promises()) return;
    const Auth parent = bench.create({.policies = {"default"}, .ttl = 7200 * kSecond});
    CreateOptions longer = batch();
    longer.ttl = 4 * 3600 * kSecond;
    const auto answer = bench.as(parent.client_token).create(longer);
    CHECK(auth_of(answer).lease_duration == 7200);
    REQUIRE(answer->warnings.has_value());
    CHECK(answer->warnings->at(0) ==
          "TTL of \"4h\" exceeded the effective max_ttl of \"2h\"; TTL value is capped accordingly");
    // A service token is not capped: it dies with its parent all the same.
    CHECK(bench.create({.ttl = 4 * 3600 * kSecond}, parent.client_token).lease_duration == 4 * 3600);
  });
}

TEST_CASE("001: Can be root tokens") {
  each_subject([](Bench& bench, const std::string&) {
    const Auth root = bench.create({});
    CHECK(root.policies == std::vector<std::string>{"root"});
    CHECK(root.lease_duration == 0);
    CHECK_FALSE(root.renewable);
    check_refused(bench.root().create({.type = "batch"}), 400, "batch tokens cannot be root tokens");
  });
}

TEST_CASE("001: Can be periodic") {
  each_subject([](Bench& bench, const std::string&) {
    const Auth periodic = bench.create({.policies = {"default"}, .period = 3600 * kSecond});
    CHECK(periodic.lease_duration == 3600);
    CHECK(bench.lookup(periodic.client_token)["period"] == 3600);
    CreateOptions light = batch();
    light.period = 3600 * kSecond;
    check_refused(bench.root().create(light), 400, "batch tokens cannot have \"period\" set");
  });
}

TEST_CASE("001: Can have explicit Max TTL") {
  each_subject([](Bench& bench, const std::string&) {
    CreateOptions limited = service();
    limited.explicit_max_ttl = 7200 * kSecond;
    const Auth one = bench.create(limited);
    CHECK(bench.lookup(one.client_token)["explicit_max_ttl"] == 7200);
    CreateOptions light = batch();
    light.explicit_max_ttl = 7200 * kSecond;
    check_refused(bench.root().create(light), 400, "batch tokens cannot have \"explicit_max_ttl\" set");
  });
}

TEST_CASE("001: Has accessors") {
  each_subject([](Bench& bench, const std::string&) {
    const Auth one = bench.create(service());
    CHECK(one.accessor.size() == 24);
    CHECK(bench.root().lookup_accessor(one.accessor).has_value());
    const Auth light = bench.create(batch());
    CHECK(light.accessor.empty());
    CHECK(bench.lookup(light.client_token)["accessor"] == "");
  });
}

TEST_CASE("001: Revoked with parent (if not orphan)") {
  each_subject([](Bench& bench, const std::string&) {
    const Auth parent = bench.create({.ttl = 3600 * kSecond});  // a root token, so that it may make orphans
    const Auth child = bench.create(service(), parent.client_token);
    const Auth grandchild = bench.create({}, child.client_token);
    const Auth light = bench.create(batch(), parent.client_token);
    CreateOptions apart = service();
    apart.orphan = true;
    const Auth orphan = bench.create(apart, parent.client_token);
    CreateOptions light_apart = batch();
    light_apart.orphan = true;
    const Auth light_orphan = bench.create(light_apart, parent.client_token);

    CHECK(bench.root().revoke_accessor(parent.accessor).has_value());
    CHECK_FALSE(bench.alive(parent.client_token));
    CHECK_FALSE(bench.alive(child.client_token));
    CHECK_FALSE(bench.alive(grandchild.client_token));
    CHECK_FALSE(bench.alive(light.client_token));  // stops working
    CHECK(bench.alive(orphan.client_token));
    CHECK(bench.alive(light_orphan.client_token));
  });
}

TEST_CASE("001: Cost; 002: Storage") {
  each_subject([](Bench& bench, const std::string&) {
    const std::size_t before = count_accessors(bench);
    for (int i = 0; i < 100; ++i) (void)bench.create(batch());
    CHECK(count_accessors(bench) == before);
    for (int i = 0; i < 10; ++i) (void)bench.create(service());
    CHECK(count_accessors(bench) == before + 10);
  });
}
