// The rules that need no storage: TTLs, policy names, globs, entries.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "core/json.hpp"
#include "store/addresses.hpp"
#include "store/entry.hpp"
#include "store/limits.hpp"
#include "store/policies.hpp"
#include "store/role.hpp"
#include "store/routes.hpp"
#include "store/ttl.hpp"

using namespace vtoken;
using namespace vtoken::store;

namespace {

constexpr Nanoseconds kHour = 3600 * kSecond;

Nanoseconds seconds(int most) { return *rc::gen::inRange(0, most) * kSecond; }

}  // namespace

TEST_CASE("a TTL is never above any limit, and a warning says when it was lowered") {
  CHECK(rc::check([] {
    TtlQuestion question;
    question.start = 1'000'000 * kSecond + *rc::gen::inRange(0, 1'000'000'000);
    question.now = question.start + seconds(4'000'000);
    question.wanted = seconds(4'000'000);
    question.increment = seconds(4'000'000);
    question.period = seconds(100'000);
    question.max_ttl = seconds(4'000'000);
    question.explicit_max_ttl = seconds(4'000'000);
    Warnings warnings;
    const auto ttl = calculate_ttl(question, warnings);
    const Nanoseconds age = question.now / kSecond * kSecond - question.start / kSecond * kSecond;
    if (!ttl) {
      RC_ASSERT(question.period == 0 || question.explicit_max_ttl > 0);
      return;
    }
    RC_ASSERT(*ttl > 0);
    RC_ASSERT(*ttl <= kMaxTtl);
    if (question.explicit_max_ttl > 0) RC_ASSERT(age + *ttl <= question.explicit_max_ttl);
    if (question.period == 0) {
      RC_ASSERT(age + *ttl <= kMaxTtl);
      if (question.max_ttl > 0) RC_ASSERT(age + *ttl <= question.max_ttl);
    }
    const Nanoseconds asked = question.period > 0      ? question.period
                              : question.increment > 0 ? question.increment
                              : question.wanted > 0    ? question.wanted
                                                       : kDefaultTtl;
    RC_ASSERT(*ttl <= asked);
    RC_ASSERT((*ttl < asked) == !warnings.empty());
  }));
}

TEST_CASE("the default TTL is 768 hours") {
  Warnings warnings;
  CHECK(calculate_ttl({.now = kHour, .start = kHour}, warnings) == 768 * kHour);
  CHECK(warnings.empty());
}

TEST_CASE("policy names are put in order") {
  CHECK(sanitize_policies({" B", "a", "b", "", "A "}, false) == Names{"a", "b"});
  CHECK(sanitize_policies({}, true) == Names{"default"});
  CHECK(sanitize_policies({"z", "a"}, true) == Names{"a", "default", "z"});
  CHECK(sanitize_policies({"a", "ROOT"}, true) == Names{"root"});
}

TEST_CASE("globs: one of several patterns") {
  CHECK(matches_any_glob({"x", "a*"}, "abc"));
  CHECK_FALSE(matches_any_glob({"x", "b*"}, "abc"));
  CHECK_FALSE(matches_any_glob({}, ""));
}

TEST_CASE("addresses") {
  for (const char* good : {"127.0.0.1", "10.0.0.0/8", "::1", "fe80::/10", "/run/socket"})
    CHECK(is_address_or_block(good));
  for (const char* bad : {"", "abc", "10.0.0.0/33", "10.0.0/8", "::/129", "1.2.3.4/", "1.2.3.4/x", "1.2.3.4/-1"})
    CHECK_FALSE(is_address_or_block(bad));
}

TEST_CASE("names of roles") {
  for (const char* good : {"a", "ab", "ci-batch", "v1.2", "_x_", "UP"}) CHECK(is_role_name(good));
  for (const char* bad : {"", "-a", "a-", ".a", "a b", "a/b", "a*"}) CHECK_FALSE(is_role_name(bad));
}

TEST_CASE("an entry reads back as it was written") {
  CHECK(rc::check([] {
    TokenEntry entry;
    entry.accessor = *rc::gen::arbitrary<std::string>();
    entry.policies = *rc::gen::arbitrary<std::vector<std::string>>();
    entry.path = *rc::gen::arbitrary<std::string>();
    if (*rc::gen::arbitrary<bool>()) entry.meta = *rc::gen::arbitrary<StringMap>();
    entry.display_name = *rc::gen::arbitrary<std::string>();
    entry.role = *rc::gen::arbitrary<std::string>();
    entry.bound_cidrs = *rc::gen::arbitrary<std::vector<std::string>>();
    entry.creation_time = *rc::gen::arbitrary<std::int64_t>();
    entry.ttl = *rc::gen::arbitrary<std::int64_t>();
    entry.lease_ttl = *rc::gen::arbitrary<std::int64_t>();
    entry.num_uses = *rc::gen::arbitrary<std::int64_t>();
    entry.renewable = *rc::gen::arbitrary<bool>();
    const auto back = decode_entry(encode_entry(entry).view());
    RC_ASSERT(back.has_value());
    RC_ASSERT(back->accessor == entry.accessor);
    RC_ASSERT(back->policies == entry.policies);
    RC_ASSERT(back->path == entry.path);
    RC_ASSERT(back->meta == entry.meta);
    RC_ASSERT(back->display_name == entry.display_name);
    RC_ASSERT(back->role == entry.role);
    RC_ASSERT(back->bound_cidrs == entry.bound_cidrs);
    RC_ASSERT(back->creation_time == entry.creation_time);
    RC_ASSERT(back->ttl == entry.ttl);
    RC_ASSERT(back->lease_ttl == entry.lease_ttl);
    RC_ASSERT(back->num_uses == entry.num_uses);
    RC_ASSERT(back->renewable == entry.renewable);
  }));
}

TEST_CASE("bytes that are no entry, no role, are refused and crash nothing") {
  CHECK(rc::check([] {
    const auto bytes = *rc::gen::arbitrary<std::string>();
    (void)decode_entry(bytes);
    (void)decode_role(bytes);
  }));
  CHECK_FALSE(decode_role("[]").has_value());
  CHECK_FALSE(decode_entry("\xff\xff\xff").has_value());
}

TEST_CASE("a role reads back from its stored form") {
  Role role;
  role.name = "r";
  role.allowed_policies = {"a", "b"};
  role.bound_cidrs = {"10.0.0.0/8"};
  role.bound_cidrs_by_old_name = true;
  role.period = 2 * kHour;
  role.old_period = 2 * kHour;
  role.explicit_max_ttl = 3 * kHour;
  role.ttl = kHour;
  role.max_ttl = 2 * kHour;
  role.num_uses = 3;
  role.renewable = false;
  role.token_type = "default-batch";
  const auto back = decode_role(encode_role(role).view());
  REQUIRE(back.has_value());
  CHECK(role_data(*back) == role_data(role));
  CHECK(back->old_explicit_max_ttl == 0);
  CHECK(back->bound_cidrs_by_old_name);
  CHECK_FALSE(back->allowed_entity_aliases.has_value());
}

TEST_CASE("routes: the longest way to say no") {
  CHECK_FALSE(find_route(Method::put, "auth/token/create").problem.has_value());
  CHECK(find_route(Method::post, "auth/token/roles/a").route.argument == "a");
  CHECK(find_route(Method::post, "sys/leases/revoke-prefix/auth/token/create/x").route.argument ==
        "auth/token/create/x");
  CHECK(find_route(Method::list, "auth/token/accessors/").problem == std::nullopt);
  CHECK(find_route(Method::list, "auth/token/accessors").route.sudo);
  CHECK(find_route(Method::post, "sys/leases/revoke-prefix/a").route.sudo);
  CHECK(find_route(Method::list, "auth/token/create").problem == RouteProblem::no_path);
  CHECK(find_route(Method::list, "sys/leases/revoke-prefix/a").problem == RouteProblem::no_operation);
  CHECK(find_route(Method::del, "auth/token/roles").problem == RouteProblem::no_operation);
  CHECK(find_route(Method::get, "auth/token/roles/a/b").problem == RouteProblem::no_path);
  CHECK(find_route(Method::get, "auth/userpass/login").problem == RouteProblem::no_mount);
  CHECK(find_route(Method::get, "").problem == RouteProblem::no_mount);
}
