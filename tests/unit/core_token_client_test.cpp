// The requests of every call, in both styles, and what a failure says.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/json.hpp"
#include "core/token_client.hpp"

namespace vtoken {
namespace {

// Notes the requests and gives the same answer to each.
class NotingBackend final : public Backend {
 public:
  Result<Response> handle(const Request& request) override {
    requests.push_back(request);
    return answer;
  }
  std::string address() const override { return "test"; }

  std::vector<Request> requests;
  Result<Response> answer = Response{204, {}, {}};
};

struct Fixture {
  NotingBackend backend;
  TokenClient client{backend, {.token = "hvs.me"}};

  // "METHOD path body" of the latest request.
  std::string asked() const {
    const Request& request = backend.requests.back();
    std::string text = std::string(method_name(request.method)) + " " + request.path;
    if (!request.body.empty()) text += " " + std::string(request.body.view());
    return text;
  }
};

constexpr Nanoseconds kHour = 3600 * kSecond;

TEST_CASE_FIXTURE(Fixture, "create sends only what was given") {
  CHECK(client.create({}));
  CHECK(asked() == "POST auth/token/create {}");
  CreateOptions all;
  all.id = "my-id";
  all.role = "ci";
  all.policies = {"b", "a"};
  all.meta = {{"k", "v<"}, {"a", ""}};
  all.ttl = kHour;
  all.explicit_max_ttl = 2 * kHour;
  all.period = 0;
  all.orphan = true;
  all.no_default_policy = true;
  all.display_name = "";
  all.num_uses = 0;
  all.renewable = false;
  all.type = "batch";
  all.entity_alias = "e";
  CHECK(client.create(all));
  CHECK(asked() ==
        R"(POST auth/token/create/ci {"id":"my-id","policies":["b","a"],"meta":{"a":"","k":"v\u003c"},"ttl":"1h0m0s",)"
        R"("explicit_max_ttl":"2h0m0s","period":"0s","no_parent":true,"no_default_policy":true,"display_name":"",)"
        R"("num_uses":0,"renewable":false,"type":"batch","entity_alias":"e"})");
}

TEST_CASE_FIXTURE(Fixture, "create as the real command sends it") {
  client.options().style = BodyStyle::as_vault;
  CHECK(client.create({}));
  CHECK(asked() ==
        R"(POST auth/token/create {"ttl":"0s","explicit_max_ttl":"0s","period":"0s","display_name":"","num_uses":0,)"
        R"("renewable":true,"type":"service","entity_alias":""})");
  CreateOptions batch;
  batch.type = "batch";
  batch.renewable = true;
  CHECK(client.create(batch));
  CHECK(asked().find(R"("renewable":false,"type":"batch")") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "lookups") {
  CHECK(client.lookup_self());
  CHECK(asked() == "GET auth/token/lookup-self");
  CHECK(client.lookup("hvs.\"x"));
  CHECK(asked() == R"(POST auth/token/lookup {"token":"hvs.\"x"})");
  CHECK(client.lookup_accessor("a"));
  CHECK(asked() == R"(POST auth/token/lookup-accessor {"accessor":"a"})");
}

TEST_CASE_FIXTURE(Fixture, "renewals") {
  CHECK(client.renew_self());
  CHECK(asked() == "PUT auth/token/renew-self {}");
  CHECK(client.renew("t", 90 * kSecond + 1));
  CHECK(asked() == R"(PUT auth/token/renew {"increment":90,"token":"t"})");
  CHECK(client.renew_accessor("a"));
  CHECK(asked() == R"(POST auth/token/renew-accessor {"accessor":"a"})");
  client.options().style = BodyStyle::as_vault;
  CHECK(client.renew_self());
  CHECK(asked() == R"(PUT auth/token/renew-self {"increment":0})");
  CHECK(client.renew_accessor("a", kHour));
  CHECK(asked() == R"(POST auth/token/renew-accessor {"accessor":"a","increment":3600})");
}

TEST_CASE_FIXTURE(Fixture, "revocations") {
  CHECK(client.revoke_self());
  CHECK(asked() == "PUT auth/token/revoke-self");
  CHECK(client.revoke("t"));
  CHECK(asked() == R"(PUT auth/token/revoke {"token":"t"})");
  CHECK(client.revoke_orphan("t"));
  CHECK(asked() == R"(PUT auth/token/revoke-orphan {"token":"t"})");
  CHECK(client.revoke_accessor("a"));
  CHECK(asked() == R"(POST auth/token/revoke-accessor {"accessor":"a"})");
  CHECK(client.revoke_prefix("auth/userpass/"));
  CHECK(asked() == "PUT sys/leases/revoke-prefix/auth/userpass/");
}

TEST_CASE_FIXTURE(Fixture, "roles and plain paths") {
  CHECK(client.list_roles());
  CHECK(asked() == "LIST auth/token/roles");
  CHECK(client.read_role("r"));
  CHECK(asked() == "GET auth/token/roles/r");
  CHECK(client.write_role("r", Json({{"orphan", true}})));
  CHECK(asked() == R"(PUT auth/token/roles/r {"orphan":true})");
  CHECK(client.delete_role("r"));
  CHECK(asked() == "DELETE auth/token/roles/r");
  CHECK(client.list("/a/b/"));
  CHECK(asked() == "LIST a/b");
  CHECK(client.read(" a "));
  CHECK(asked() == "GET a");
  CHECK(client.write("//", Json::object()));
  CHECK(asked() == "PUT  {}");
  CHECK(client.remove("a/"));
  CHECK(asked() == "DELETE a");
}

TEST_CASE_FIXTURE(Fixture, "every request carries who asks, and how") {
  client.options() = {"hvs.me", "team", "60s", {"m:1"}, true, {{"x-a", "1"}}, BodyStyle::only_given};
  CHECK(client.revoke("t"));
  CHECK(client.list_accessors([](std::string_view) { return true; }));
  CHECK(client.ask({.path = "p", .token = "hvs.other", .headers = {{"x-b", "2"}}}));
  for (const Request& request : backend.requests) {
    CHECK(request.token == (request.path == "p" ? "hvs.other" : "hvs.me"));
    CHECK(request.namespace_path == "team");
    CHECK(request.wrap_ttl == "60s");
    CHECK(request.mfa == std::vector<std::string>{"m:1"});
    CHECK(request.policy_override);
    CHECK(request.headers.back().name == "x-a");
    CHECK(request.headers.size() == (request.path == "p" ? 2 : 1));
  }
}

TEST_CASE_FIXTURE(Fixture, "accessors are streamed") {
  backend.answer = Response{200, R"({"data":{"keys":["a","b","c"]},"warnings":["w"]})", {}};
  std::string seen;
  const auto whole = client.list_accessors([&](std::string_view key) {
    seen += key;
    return true;
  });
  REQUIRE(whole);
  CHECK(asked() == "LIST auth/token/accessors");
  CHECK(seen == "abc");
  CHECK(whole->warnings == std::vector<std::string>{"w"});
  seen.clear();
  CHECK(client.list_keys("/x/", [&](std::string_view key) {
    seen += key;
    return false;
  }));
  CHECK(asked() == "LIST x");
  CHECK(seen == "a");
}

TEST_CASE_FIXTURE(Fixture, "a failure says what was asked and what the server said") {
  backend.answer = Response{403, R"({"errors":["bad token","x"]})", {{"X-Vault-Namespace", "team/"}}};
  const auto answer = client.lookup("hvs.secret");
  REQUIRE_FALSE(answer);
  const ApiFailure& failure = answer.error();
  CHECK(failure.error.kind == ErrorKind::denied);
  CHECK(failure.method == Method::post);
  CHECK(failure.path == "auth/token/lookup");
  CHECK(failure.status == 403);
  CHECK(failure.texts == std::vector<std::string>{"bad token", "x"});
  CHECK_FALSE(failure.raw);
  CHECK(failure.namespace_path == "team/");
  backend.answer->headers = {{"x-vault-namespace", "team/a/"}};  // HTTP/2 writes names in lower case
  CHECK(client.lookup("hvs.secret").error().namespace_path == "team/a/");
  CHECK(failure.error.text().find("hvs.secret") == std::string::npos);

  backend.answer = Response{502, "<html>", {}};
  const auto html = client.lookup_self();
  REQUIRE_FALSE(html);
  CHECK(html.error().raw);
  CHECK(html.error().texts == std::vector<std::string>{"<html>"});

  const auto list = client.list_accessors([](std::string_view) { return true; });
  REQUIRE_FALSE(list);
  CHECK(list.error().method == Method::list);
  CHECK(list.error().status == 502);
}

TEST_CASE_FIXTURE(Fixture, "no answer, and one that cannot be read") {
  backend.answer = fail(ErrorKind::unreachable, "connection refused", "https://x");
  const auto lost = client.lookup_self();
  REQUIRE_FALSE(lost);
  CHECK(lost.error().status == 0);
  CHECK(lost.error().error.kind == ErrorKind::unreachable);
  CHECK(lost.error().path == "auth/token/lookup-self");
  CHECK_FALSE(client.list_accessors([](std::string_view) { return true; }));

  backend.answer = Response{200, "<html>", {}};
  const auto odd = client.lookup_self();
  REQUIRE_FALSE(odd);
  CHECK(odd.error().status == 0);
  CHECK(odd.error().error.kind == ErrorKind::damaged);
}

TEST_CASE_FIXTURE(Fixture, "a 404 is a failure that may have something to show") {
  backend.answer = Response{404, R"({"data":{"metadata":{}}})", {}};
  for (const auto& answer : {client.read("a"), client.list("a"), client.write("a", Json::object())}) {
    REQUIRE_FALSE(answer);
    CHECK(answer.error().error.kind == ErrorKind::not_found);
    REQUIRE(answer.error().rest);
    CHECK(answer.error().rest->data->contains("metadata"));
  }
  backend.answer = Response{404, R"({"errors":[]})", {}};
  const auto read = client.read_role("absent");
  REQUIRE_FALSE(read);
  CHECK(read.error().error.kind == ErrorKind::not_found);
  CHECK(read.error().status == 404);
  CHECK(read.error().rest == nullptr);
}

TEST_CASE_FIXTURE(Fixture, "an empty answer to a question is a failure, unless the server says that it is empty") {
  backend.answer = Response{200, {}, {}};
  for (const auto& answer : {client.create({}), client.lookup_self(), client.lookup("t"), client.renew_self(),
                             client.read("p"), client.list("p")}) {
    REQUIRE_FALSE(answer);
    CHECK(answer.error().error.kind == ErrorKind::damaged);
  }
  CHECK(client.revoke("t"));
  CHECK(client.write("p", Json::object()));
  CHECK(client.remove("p"));
  backend.answer = Response{204, {}, {}};
  CHECK(client.lookup_self());
  CHECK(client.read("p"));
}

}  // namespace
}  // namespace vtoken
