// The audit log of a store: a line for each request, nothing done that is not in it, no secret in it.
#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "store/audit.hpp"
#include "store_audit_world.hpp"

using namespace vtoken;
using namespace vtoken::store;
using namespace vtoken::store::test;

TEST_CASE("the first line says that auditing began") {
  const AuditedStore world;
  world.seen = 0;
  const Json line = world.line();
  CHECK(at(line, "type") == "response");
  CHECK(at(line, "auth/display_name") == "store key");
  CHECK(at(line, "request/path") == "sys/audit/file");
  CHECK(at(line, "request/operation") == "update");
  CHECK(at(line, "request/data/options/file_path") == world.hash(world.log()));
}

TEST_CASE("a line holds the request, its caller and the answer") {
  const AuditedStore world;
  const Json answer =
      world.ask(Method::post, "auth/token/create",
                R"({"policies":"default","ttl":"1h","display_name":"ci","num_uses":3,"meta":{"a":"b"}})");
  const Json line = world.line();
  CHECK(at(line, "time") == "2023-11-14T22:13:20Z");
  CHECK(at(line, "request/id") == at(answer, "request_id"));
  CHECK(at(line, "auth/client_token") == world.hash(world.root.view()));
  CHECK(at(line, "auth/policies") == R"(["root"])");
  CHECK(at(line, "auth/policy_results/allowed") == "true");
  CHECK(at(line, "request/client_token") == at(line, "auth/client_token"));
  CHECK(at(line, "request/client_token_accessor") == at(line, "auth/accessor"));
  CHECK(at(line, "request/path") == "auth/token/create");
  CHECK(at(line, "request/mount_point") == "auth/token/");
  CHECK(at(line, "request/data/policies") == world.hash("default"));
  CHECK(at(line, "request/data/num_uses") == "3");
  CHECK(at(line, "response/auth/client_token") == world.hash(at(answer, "auth/client_token")));
  CHECK(at(line, "response/auth/accessor") == world.hash(at(answer, "auth/accessor")));
  CHECK(at(line, "response/auth/display_name") == "token-ci");
  CHECK(at(line, "response/auth/metadata/a") == "b");
  CHECK(at(line, "response/auth/num_uses") == "3");
  CHECK(at(line, "response/auth/token_ttl") == "3600");
  CHECK(at(line, "error") == "(none)");
}

TEST_CASE("every request has one line, also the ones that were refused") {
  const AuditedStore world;
  SUBCASE("a read") {
    world.ask(Method::get, "auth/token/lookup-self");
    CHECK(at(world.line(), "request/operation") == "read");
  }
  SUBCASE("a list") {
    world.ask(Method::list, "auth/token/accessors");
    const Json line = world.line();
    CHECK(at(line, "request/operation") == "list");
    CHECK(at(line, "request/path") == "auth/token/accessors/");
  }
  SUBCASE("a write of what was not there, and of what was") {
    world.ask(Method::post, "cubbyhole/a", R"({"k":"v"})");
    CHECK(at(world.line(), "request/operation") == "create");
    world.ask(Method::post, "cubbyhole/a", R"({"k":"v"})");
    CHECK(at(world.line(), "request/operation") == "update");
    world.ask(Method::del, "cubbyhole/a");
    CHECK(at(world.line(), "request/operation") == "delete");
  }
  SUBCASE("a batch token, which writes nothing") {
    const Json answer = world.ask(Method::post, "auth/token/create", R"({"type":"batch","policies":["default"]})");
    const Json line = world.line();
    CHECK(at(line, "response/auth/client_token") == world.hash(at(answer, "auth/client_token")));
    CHECK(at(line, "response/auth/token_type") == "batch");
  }
  SUBCASE("nobody's token") {
    Request asked = world.request(Method::get, "auth/token/lookup-self");
    asked.token = "hvs.nobodys";
    world.ask(asked);
    CHECK(world.last_status == 403);
    const Json line = world.line();
    CHECK(at(line, "auth") == R"({"token_type":"default"})");
    CHECK(at(line, "request/client_token") == world.hash("hvs.nobodys"));
    CHECK(at(line, "response/data/error") == world.hash("permission denied"));
    CHECK(at(line, "error") == "1 error occurred:\n\t* permission denied\n\n");
  }
  SUBCASE("a body that is no JSON") {
    world.ask(Method::post, "auth/token/create", R"({"id":"secret-id)");
    CHECK(world.last_status == 400);
    CHECK(at(world.line(), "error") == "1 error occurred:\n\t* invalid request\n\n");
  }
  SUBCASE("a path that is none") {
    world.ask(Method::get, "no/such/path");
    CHECK(at(world.line(), "error") == "1 error occurred:\n\t* unsupported path\n\n");
  }
}

TEST_CASE("a token of few uses has one line a request, with the uses it had") {
  const AuditedStore world;
  const Json made = world.ask(Method::post, "auth/token/create", R"({"policies":"default","num_uses":2})");
  world.lines();
  Request asked = world.request(Method::get, "auth/token/lookup-self");
  asked.token = at(made, "auth/client_token");
  world.ask(asked);
  CHECK(at(world.line(), "auth/remaining_uses") == "2");
  asked.path = "auth/token/accessors";
  asked.method = Method::list;
  world.ask(asked);
  CHECK(world.last_status == 403);
  const Json line = world.line();
  CHECK(at(line, "auth/remaining_uses") == "1");
  CHECK(at(line, "auth/policy_results/allowed") == "false");
  world.ask(asked);
  CHECK(at(world.line(), "auth/token_type") == "default");
}

TEST_CASE("a wrapped answer shows the wrapping alone") {
  const AuditedStore world;
  Request asked = world.request(Method::post, "auth/token/create", R"({"policies":"default"})");
  asked.wrap_ttl = "90s";
  const Json answer = world.ask(asked);
  const Json line = world.line();
  CHECK(at(line, "request/wrap_ttl") == "90");
  CHECK(at(line, "response/wrap_info/token") == world.hash(at(answer, "wrap_info/token")));
  CHECK(at(line, "response/wrap_info/accessor") == world.hash(at(answer, "wrap_info/accessor")));
  CHECK(at(line, "response/wrap_info/wrapped_accessor") == world.hash(at(answer, "wrap_info/wrapped_accessor")));
  CHECK(at(line, "response/wrap_info/creation_path") == "auth/token/create");
  CHECK(at(line, "response/auth") == "(none)");
}

TEST_CASE("a long list is noted before it is given, by its length") {
  const AuditedStore world;
  for (int i = 0; i < 3; ++i) world.ask(Method::post, "auth/token/create", R"({"policies":"default"})");
  world.lines();
  Pieces pieces;
  must(world.backend->stream(world.request(Method::list, "auth/token/accessors"), pieces));
  const Json line = world.line();
  CHECK(at(line, "response/data/keys") == "4");
  CHECK(at(line, "request/id") == text_of(pieces.body, "request_id"));

  world.log_to("/dev/full");
  Pieces none;
  CHECK(!world.backend->stream(world.request(Method::list, "auth/token/accessors"), none));
  CHECK(none.body.empty());
}

TEST_CASE("many requests in one transaction have a line each") {
  const AuditedStore world;
  int next = 0;
  const auto source = [&]() -> std::optional<Request> {
    if (next == 5) return std::nullopt;
    return world.request(Method::post, "auth/token/create",
                         R"({"policies":"default","display_name":"n)" + std::to_string(next++) + R"("})");
  };
  std::size_t answers = 0;
  must(world.backend->submit(source, [&](std::size_t, Result<Response>) { return ++answers > 0; }));
  CHECK(answers == 5);
  const auto lines = world.lines();
  REQUIRE(lines.size() == 5);
  for (std::size_t i = 0; i < 5; ++i)
    CHECK(at(lines[i], "response/auth/display_name") == "token-n" + std::to_string(i));
}

TEST_CASE("a long transaction's lines are written before its end, and withdrawn when it comes to nothing") {
  const AuditedStore world;
  constexpr std::size_t kMany = 1500;  // lines of more than a MiB
  const auto make = [&](bool stops) {
    std::size_t next = 0;
    std::size_t answers = 0;
    const auto source = [&]() -> Offer {
      if (next++ < kMany) return world.request(Method::post, "auth/token/create", R"({"policies":"default"})");
      return stops ? Offer::stop() : Offer(std::nullopt);
    };
    must(world.backend->submit(source, [&](std::size_t, Result<Response>) { return ++answers > 0; }));
    return answers;
  };
  CHECK(make(false) == kMany);
  CHECK(world.lines().size() == kMany);
  CHECK(make(true) == 0);
  std::map<std::string, int> said;
  for (const Json& line : world.lines()) ++said[at(line, "request/id")];
  CHECK(said.size() > 100);
  CHECK(said.size() < kMany);  // the last were never written
  CHECK(std::all_of(said.begin(), said.end(), [](const auto& each) { return each.second == 2; }));
  CHECK(count_tokens(world.path()) == 1 + static_cast<std::int64_t>(kMany));
}

TEST_CASE("a request that cannot be noted is refused and changes nothing") {
  const AuditedStore world;
  world.ask(Method::post, "cubbyhole/a", R"({"k":"v"})");
  world.log_to("/dev/full");
  const auto before = count_tokens(world.path());
  const auto check = [&](const Request& asked) {
    const auto answer = world.backend->handle(asked);
    REQUIRE(!answer);
    check_one_line(answer.error());
    CHECK(answer.error().kind == ErrorKind::io);
    CHECK(answer.error().text().find("/dev/full") != std::string::npos);
  };
  check(world.request(Method::get, "auth/token/lookup-self"));
  check(world.request(Method::post, "auth/token/create", R"({"policies":"default"})"));
  check(world.request(Method::post, "auth/token/create", R"({"type":"batch","policies":["default"]})"));
  check(world.request(Method::post, "auth/token/revoke-self"));
  check(world.request(Method::del, "cubbyhole/a"));
  check(world.request(Method::get, "no/such/path"));
  Request nobody = world.request(Method::get, "auth/token/lookup-self");
  nobody.token = "hvs.nobodys";
  check(nobody);
  bool given = false;
  const auto once = [&]() -> std::optional<Request> {
    if (std::exchange(given, true)) return std::nullopt;
    return world.request(Method::post, "auth/token/revoke-self");
  };
  CHECK(!world.backend->submit(once, [](std::size_t, Result<Response>) { return true; }));

  world.log_to(world.log());
  CHECK(count_tokens(world.path()) == before);
  world.ask(Method::get, "cubbyhole/a");
  CHECK(world.last_status == 200);
  check_sound(world.path());
}

TEST_CASE("a use that could not be noted does not count") {
  const AuditedStore world;
  const Json made = world.ask(Method::post, "auth/token/create", R"({"policies":"default","num_uses":1})");
  Request asked = world.request(Method::get, "auth/token/lookup-self");
  asked.token = at(made, "auth/client_token");
  world.log_to("/dev/full");
  CHECK(!world.backend->handle(asked));
  world.log_to(world.log());
  world.ask(asked);
  CHECK(world.last_status == 200);
}

TEST_CASE("what fails inside is noted as failed, and what it undid is not noted as done") {
  const AuditedStore world;
  world.ask(Method::post, "auth/token/roles/broken", R"({"orphan":true})");
  world.lines();
  {
    auto file = open_store(world.path());
    must(file.database().exec("UPDATE roles SET sealed = x'00'"));
  }
  CHECK(!world.backend->handle(world.request(Method::get, "auth/token/roles/broken")));
  const Json line = world.line();
  CHECK(at(line, "request/path") == "auth/token/roles/broken");
  CHECK(at(line, "error") == "1 error occurred:\n\t* internal error\n\n");

  int next = 0;
  const auto source = [&]() -> std::optional<Request> {
    if (next == 2) return std::nullopt;
    return ++next == 1 ? world.request(Method::post, "auth/token/create", R"({"policies":"default"})")
                       : world.request(Method::post, "auth/token/create/broken", "{}");
  };
  CHECK(!world.backend->submit(source, [](std::size_t, Result<Response>) { return true; }));
  CHECK(at(world.line(), "request/path") == "auth/token/create/broken");
  CHECK(count_tokens(world.path()) == 1);
}

TEST_CASE("a request whose transaction cannot be finished is not noted as done") {
  const AuditedStore world;
  auto other = open_store(world.path());
  must(other.database().exec("CREATE TRIGGER refuse BEFORE UPDATE ON state BEGIN SELECT RAISE(ABORT, 'no'); END"));
  CHECK(!world.backend->handle(world.request(Method::post, "auth/token/create", R"({"policies":"default"})")));
  must(other.database().exec("DROP TRIGGER refuse"));
  CHECK(count_tokens(world.path()) == 1);
  CHECK(at(world.line(), "error") == "1 error occurred:\n\t* internal error\n\n");
  world.ask(Method::get, "auth/token/lookup-self");
  CHECK(at(world.line(), "request/path") == "auth/token/lookup-self");
}

TEST_CASE("what was noted and then not committed is taken back, by its id") {
  const AuditedStore world;
  AuditLog log;
  auto file = open_store(world.path());
  log.configure(must(read_audit_config(file.database(), file.keyring())));
  const Request asked = world.request(Method::post, "auth/token/create");
  const Response answer{204, {}, {}};
  for (int i = 0; i < 2; ++i) log.note({.request = asked, .response = answer, .now = kStart});
  must(log.write(true));
  log.withdraw(kStart);
  log.withdraw(kStart);
  const auto lines = world.lines();
  REQUIRE(lines.size() == 4);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(at(lines[2 + i], "request/id") == at(lines[i], "request/id"));
    CHECK(at(lines[2 + i], "error") == "1 error occurred:\n\t* internal error\n\n");
  }
}

TEST_CASE("no token, accessor, wrapped or kept value is in the log in clear") {
  const AuditedStore world;
  std::set<std::string> secrets{std::string(world.root.view())};
  const auto keep = [&secrets](const Json& answer) {
    for (const char* place : {"auth/client_token", "auth/accessor", "wrap_info/token", "wrap_info/accessor",
                              "wrap_info/wrapped_accessor", "data/id", "data/accessor", "data/hash"}) {
      const std::string text = at(answer, place);
      if (text != "(none)" && text.size() > 8 && !text.starts_with("hmac-")) secrets.insert(text);
    }
    return answer;
  };
  secrets.insert("kept-value");
  secrets.insert("wrapped-value");
  secrets.insert("chosen-id");
  for (int round = 0; round < 3; ++round) {
    const std::string tail = std::to_string(round);
    const Json made = keep(world.ask(Method::post, "auth/token/create", R"({"policies":"default","period":"1h"})"));
    const std::string token = at(made, "auth/client_token");
    const std::string accessor = at(made, "auth/accessor");
    const std::string body = R"({"token":")" + token + R"("})";
    keep(world.ask(Method::post, "auth/token/create", R"({"id":"chosen-id)" + tail + R"(","policies":"default"})"));
    keep(world.ask(Method::post, "auth/token/create", R"({"type":"batch","policies":["default"]})"));
    keep(world.ask(Method::post, "auth/token/lookup", body));
    keep(world.ask(Method::get, "auth/token/lookup-self"));
    keep(world.ask(Method::post, "auth/token/renew", body));
    keep(world.ask(Method::post, "auth/token/lookup-accessor", R"({"accessor":")" + accessor + R"("})"));
    world.ask(Method::post, "sys/capabilities", R"({"path":"x","token":")" + token + R"("})");
    world.ask(Method::list, "auth/token/accessors");
    world.ask(Method::post, "cubbyhole/c" + tail, R"({"key":"kept-value","deep":[{"x":"kept-value"}]})");
    world.ask(Method::get, "cubbyhole/c" + tail);
    Request wrap = world.request(Method::post, "sys/wrapping/wrap", R"({"v":"wrapped-value"})");
    wrap.wrap_ttl = "60";
    const Json wrapped = keep(world.ask(wrap));
    const std::string named = R"({"token":")" + at(wrapped, "wrap_info/token") + R"("})";
    world.ask(Method::post, "sys/wrapping/lookup", named);
    const Json again = keep(world.ask(Method::post, "sys/wrapping/rewrap", named));
    world.ask(Method::post, "sys/wrapping/unwrap", R"({"token":")" + at(again, "wrap_info/token") + R"("})");
    world.ask(Method::post, "sys/wrapping/unwrap", named);
    world.ask(Method::get, "cubbyhole/response");
    Request query = world.request(Method::get, "auth/token/lookup-self");
    query.query = {{"token", token}, {"token", "kept-value"}};
    world.ask(query);
    world.ask(Method::post, "sys/audit-hash/file", R"({"input":"kept-value"})");
    world.ask(Method::post, "auth/token/revoke-accessor", R"({"accessor":")" + accessor + R"("})");
    world.ask(Method::post, "auth/token/revoke", body);
    world.ask(Method::post, "auth/token/create", R"({"token":"kept-value)");
  }
  CHECK(secrets.size() > 20);
  const std::string log = bytes_of(world.log());
  for (const auto& secret : secrets) {
    INFO(secret.substr(0, 6));
    CHECK(log.find(secret) == std::string::npos);
    if (secret.starts_with("hvs.")) CHECK(log.find(secret.substr(4)) == std::string::npos);
  }
  CHECK(log.find("hvs.") == std::string::npos);
  CHECK(log.find("hvb.") == std::string::npos);
}

TEST_CASE("odd bytes leave every line whole") {
  const AuditedStore world;
  std::string path = "cubbyhole/";
  for (int byte = 1; byte < 256; ++byte) path += static_cast<char>(byte);
  world.ask(Method::post, path, "{\"<\\u0000\\n\xff\":\"\\ud800 \xfe\"}");
  world.ask(Method::get, path);
  Request odd = world.request(Method::get, "auth/token/lookup-self");
  odd.token = "a\nb\xff";
  odd.query = {{"q\n\"", "\x01\x7f"}};
  world.ask(odd);
  CHECK(world.lines().size() == 3);
}
