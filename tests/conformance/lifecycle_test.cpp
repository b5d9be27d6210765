// Tokens from birth to death: families, expiry, periods, maxima, use limits, renewals.
#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "core/json.hpp"
#include "subject.hpp"

using namespace vtoken;
using namespace vtoken::conformance;

namespace {

constexpr Nanoseconds kHour = 3600 * kSecond;

Auth renewed(Bench& bench, std::string_view token, std::optional<Nanoseconds> increment = {}) {
  return auth_of(bench.as(token).renew_self(increment));
}

}  // namespace

TEST_CASE("a token ends at its TTL") {
  each_subject([](Bench& bench, const std::string&) {
    const Auth token = bench.create({.policies = {"default"}, .ttl = 2 * kSecond});
    CHECK(bench.alive(token.client_token));
    bench.subject().wait(3);
    CHECK_FALSE(bench.alive(token.client_token));
    check_refused(bench.root().lookup(token.client_token), 403, "bad token");
    check_refused(bench.root().renew(token.client_token), 400, "token not found");
    check_refused(bench.root().lookup_accessor(token.accessor), 400, "1 error occurred:\n\t* invalid accessor\n\n");
    check_refused(bench.as(token.client_token).lookup_self(), 403, "permission denied");
  });
}

TEST_CASE("descendants end with an ancestor that expires, whatever their own TTL") {
  each_subject([](Bench& bench, const std::string&) {
    const Auth parent = bench.create({.policies = {"default"}, .ttl = 2 * kSecond});
    const Auth child = bench.create({.ttl = kHour}, parent.client_token);
    const Auth grandchild = bench.create({.ttl = kHour}, child.client_token);
    CHECK(bench.alive(grandchild.client_token));
    bench.subject().wait(3);
    CHECK_FALSE(bench.alive(child.client_token));
    CHECK_FALSE(bench.alive(grandchild.client_token));
    std::vector<std::string> left;
    CHECK(bench.root().list_accessors([&left](std::string_view key) {
      left.emplace_back(key);
      return true;
    }));
    for (const auto& accessor : left) {
      CHECK(accessor != parent.accessor);
      CHECK(accessor != child.accessor);
      CHECK(accessor != grandchild.accessor);
    }
  });
}

TEST_CASE("a TTL below a second is short, not absent") {
  each_subject([](Bench& bench, const std::string&) {
    const auto answer = bench.root().ask({.method = Method::post,
                                          .path = "auth/token/create",
                                          .body = SecretString(R"({"policies":["default"],"ttl":"900ms"})")});
    const Auth token = auth_of(answer);
    CHECK(token.lease_duration == 0);
    CHECK_FALSE(bench.lookup(token.client_token)["expire_time"].is_null());
    bench.subject().wait(2);
    CHECK_FALSE(bench.alive(token.client_token));
  });
}

TEST_CASE("a batch token ends at its own TTL") {
  each_subject([](Bench& bench, const std::string&) {
    const Auth token = bench.create({.policies = {"default"}, .ttl = 2 * kSecond, .type = "batch"});
    CHECK(bench.alive(token.client_token));
    bench.subject().wait(3);
    CHECK_FALSE(bench.alive(token.client_token));
    check_refused(bench.root().lookup(token.client_token), 403, "bad token");
  });
}

TEST_CASE("a renewal starts the TTL again") {
  each_subject([](Bench& bench, const std::string&) {
    const Auth token = bench.create({.policies = {"default"}, .ttl = 3 * kSecond});
    for (int i = 0; i < 2; ++i) {
      bench.subject().wait(2);
      CHECK(renewed(bench, token.client_token).lease_duration == 3);
    }
    const Json data = bench.lookup(token.client_token);
    CHECK(data["renewable"] == true);
    CHECK(data.contains("last_renewal"));
    CHECK(data["last_renewal_time"].is_number_integer());
  });
}

TEST_CASE("renewing without an increment asks for what was granted last") {
  each_subject([](Bench& bench, const std::string&) {
    const Auth token = bench.create({.policies = {"default"}, .ttl = kHour});
    CHECK(renewed(bench, token.client_token, 2 * kHour).lease_duration == 7200);
    CHECK(renewed(bench, token.client_token).lease_duration == 7200);
  });
}

TEST_CASE("a renewal never passes the explicit maximum") {
  each_subject([](Bench& bench, const std::string&) {
    const Auth token = bench.create({.policies = {"default"}, .ttl = 2 * kSecond, .explicit_max_ttl = 4 * kSecond});
    const auto answer = bench.as(token.client_token).renew_self(kHour);
    CHECK(auth_of(answer).lease_duration <= 4);
    REQUIRE(answer->warnings.has_value());
    CHECK(answer->warnings->at(0).starts_with("TTL of \"1h\" exceeded the effective max_ttl of \""));
    bench.subject().wait(5);
    CHECK_FALSE(bench.alive(token.client_token));
  });
}

TEST_CASE("a TTL beyond the explicit maximum is capped at creation") {
  each_subject([](Bench& bench, const std::string&) {
    const auto answer = bench.root().create({.policies = {"default"}, .ttl = 3 * kHour, .explicit_max_ttl = 2 * kHour});
    CHECK(auth_of(answer).lease_duration == 7200);
    CHECK(answer->warnings->at(0) ==
          "TTL of \"3h\" exceeded the effective max_ttl of \"2h\"; TTL value is capped accordingly");
  });
}

TEST_CASE("a TTL beyond the system's maximum is capped") {
  each_subject([](Bench& bench, const std::string&) {
    const auto answer = bench.root().create({.policies = {"default"}, .ttl = 90000 * kHour});
    CHECK(auth_of(answer).lease_duration == 2764800);
    CHECK(answer->warnings->at(0) ==
          "TTL of \"90000h\" exceeded the effective max_ttl of \"768h\"; TTL value is capped accordingly");
  });
}

TEST_CASE("a periodic token lives on past its period as long as it is renewed") {
  each_subject([](Bench& bench, const std::string&) {
    const Auth token = bench.create({.policies = {"default"}, .period = 3 * kSecond});
    for (int i = 0; i < 2; ++i) {
      bench.subject().wait(2);
      CHECK(renewed(bench, token.client_token, kHour).lease_duration == 3);
    }
    bench.subject().wait(4);
    CHECK_FALSE(bench.alive(token.client_token));
  });
}

TEST_CASE("a periodic token with an explicit maximum ends there") {
  each_subject([](Bench& bench, const std::string&) {
    const auto answer =
        bench.root().create({.policies = {"default"}, .explicit_max_ttl = 1800 * kSecond, .period = 3600 * kSecond});
    CHECK(auth_of(answer).lease_duration == 1800);
    CHECK(answer->warnings->at(0) ==
          "period of \"1h\" exceeded the effective max_ttl of \"30m\"; period value is capped accordingly");
  });
}

TEST_CASE("a non-renewable token is not renewed") {
  each_subject([](Bench& bench, const std::string&) {
    const Auth token = bench.create({.policies = {"default"}, .ttl = kHour, .renewable = false});
    CHECK_FALSE(token.renewable);
    check_refused(bench.as(token.client_token).renew_self(), 400, "lease is not renewable");
  });
}

TEST_CASE("a root token without a TTL never ends and is not renewable; with one it ends and renews") {
  each_subject([](Bench& bench, const std::string&) {
    check_refused(bench.root().renew_self(), 400, "lease is not renewable");
    const Auth expiring = bench.create({.ttl = kHour});
    CHECK(expiring.renewable);
    CHECK(renewed(bench, expiring.client_token, 2 * kHour).lease_duration == 7200);
    check_refused(bench.as(expiring.client_token).create({}), 400,
                  "expiring root tokens cannot create non-expiring root tokens");
    CHECK(bench.create({.ttl = 2 * kHour}, expiring.client_token).lease_duration == 7200);
    CHECK(bench.create({.explicit_max_ttl = kHour}).lease_duration == 3600);
  });
}

TEST_CASE("a use limit counts every request, and the last one revokes") {
  each_subject([](Bench& bench, const std::string&) {
    const Auth token = bench.create({.policies = {"default"}, .ttl = kHour, .num_uses = 3});
    CHECK(token.num_uses == 3);
    TokenClient client = bench.as(token.client_token);
    const auto uses = [&client] {
      const auto answer = client.lookup_self();
      REQUIRE(answer.has_value());
      return (*answer->data)["num_uses"].get<int>();
    };
    CHECK(uses() == 2);
    CHECK(bench.lookup(token.client_token)["num_uses"] == 2);  // root's look does not count
    CHECK(uses() == 1);
    CHECK(uses() == -1);
    CHECK_FALSE(bench.alive(token.client_token));
    // A server revokes it at some time after the last answer, and until then shows it to others.
    for (int tries = 0; tries < 100 && bench.root().lookup(token.client_token).has_value(); ++tries) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    check_refused(bench.root().lookup(token.client_token), 403, "bad token");
  });
}

TEST_CASE("a denied request counts as a use") {
  each_subject([](Bench& bench, const std::string&) {
    const Auth token = bench.create({.policies = {"default"}, .ttl = kHour, .num_uses = 1});
    check_refused(bench.as(token.client_token).list("auth/token/accessors"), 403,
                  "1 error occurred:\n\t* permission denied\n\n");
    CHECK_FALSE(bench.alive(token.client_token));
  });
}

TEST_CASE("a use-limited root token cannot create") {
  each_subject([](Bench& bench, const std::string&) {
    const Auth token = bench.create({.ttl = kHour, .num_uses = 5});
    check_refused(bench.as(token.client_token).create({.ttl = kHour}), 400,
                  "restricted use token cannot generate child tokens");
  });
}

TEST_CASE("revoke-orphan leaves the children, as orphans") {
  each_subject([](Bench& bench, const std::string&) {
    const Auth parent = bench.create({.policies = {"default"}, .ttl = kHour});
    const Auth child = bench.create({}, parent.client_token);
    const Auth grandchild = bench.create({}, child.client_token);
    CHECK(bench.root().revoke_orphan(parent.client_token).has_value());
    CHECK_FALSE(bench.alive(parent.client_token));
    CHECK(bench.alive(child.client_token));
    CHECK(bench.alive(grandchild.client_token));
    CHECK(bench.lookup(child.client_token)["orphan"] == true);
    CHECK(bench.lookup(grandchild.client_token)["orphan"] == false);
    check_refused(bench.root().revoke_orphan(parent.client_token), 400, "token to revoke not found");
  });
}

TEST_CASE("revoke-self, and tokens and accessors that are not there") {
  each_subject([](Bench& bench, const std::string&) {
    const Auth token = bench.create({.policies = {"default"}, .ttl = kHour});
    CHECK(bench.as(token.client_token).revoke_self().has_value());
    CHECK_FALSE(bench.alive(token.client_token));
    CHECK(bench.root().revoke(token.client_token).has_value());
    const auto gone = bench.root().revoke_accessor(token.accessor);
    REQUIRE(gone.has_value());
    REQUIRE(gone->warnings.has_value());
    CHECK(gone->warnings->at(0) == "No token found with this accessor");
    check_refused(bench.root().renew_accessor(token.accessor), 400, "1 error occurred:\n\t* invalid accessor\n\n");
  });
}

TEST_CASE("revoking by a path's prefix takes what was made there") {
  each_subject([](Bench& bench, const std::string&) {
    CreateOptions apart{.policies = {"default"}, .ttl = kHour};
    apart.orphan = true;
    REQUIRE(bench.root().write_role("swept", Json{{"orphan", true}, {"allowed_policies", "default"}}).has_value());
    const Auth by_role = auth_of(bench.root().create({.role = "swept", .ttl = kHour}));
    const Auth other = bench.create(apart);
    CHECK(bench.root().revoke_prefix("auth/token/create/swept").has_value());
    CHECK_FALSE(bench.alive(by_role.client_token));
    CHECK(bench.alive(other.client_token));
  });
}

TEST_CASE("tidy is accepted") {
  each_subject([](Bench& bench, const std::string&) {
    (void)bench.create({.policies = {"default"}, .ttl = kSecond});
    bench.subject().wait(2);
    const auto answer = bench.root().ask({.method = Method::post, .path = "auth/token/tidy"});
    REQUIRE(answer.has_value());
    CHECK(answer->status == 202);
    CHECK(answer->warnings.has_value());
  });
}
