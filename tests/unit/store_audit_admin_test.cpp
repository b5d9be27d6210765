// Auditing turned on and off, and what becomes of it when a store is copied or tampered with.
#include "store_audit_world.hpp"

using namespace vtoken;
using namespace vtoken::store;
using namespace vtoken::store::test;

TEST_CASE("auditing that another process begins or ends counts at once") {
  const AuditedStore world;
  auto file = open_store(world.path());
  const auto report = must(disable_audit(file, world.clock));
  CHECK(report.file == world.log());
  CHECK(!report.unsaid);
  CHECK(at(world.line(), "request/operation") == "delete");
  world.ask(Method::get, "auth/token/lookup-self");
  CHECK(world.lines().empty());
  CHECK(must(audit_file(file)) == std::nullopt);
  CHECK(disable_audit(file, world.clock).error().kind == ErrorKind::refused);
  CHECK(audit_hash(file, "x").error().kind == ErrorKind::refused);
  must(enable_audit(file, world.log(), world.clock));
  world.ask(Method::get, "auth/token/lookup-self");
  CHECK(world.lines().size() == 2);
  CHECK(enable_audit(file, world.log(), world.clock).error().kind == ErrorKind::refused);
}

TEST_CASE("auditing that cannot begin leaves the store as it is, and one that cannot be written can end") {
  const AuditedStore world;
  auto file = open_store(world.path());
  must(disable_audit(file, world.clock));
  CHECK(!enable_audit(file, "/dev/full", world.clock));
  CHECK(must(audit_file(file)) == std::nullopt);
  must(enable_audit(file, world.log(), world.clock));
  world.log_to("/dev/full");
  const auto report = must(disable_audit(file, world.clock));
  REQUIRE(report.unsaid.has_value());
  check_one_line(*report.unsaid);
  CHECK(must(audit_file(file)) == std::nullopt);
}

TEST_CASE("each time auditing begins it hashes with another key") {
  const AuditedStore world;
  const std::string before = world.hash("x");
  auto file = open_store(world.path());
  must(disable_audit(file, world.clock));
  must(enable_audit(file, world.log(), world.clock));
  CHECK(world.hash("x") != before);
}

TEST_CASE("sys/audit-hash tells what is in the log") {
  const AuditedStore world;
  const Json answer = world.ask(Method::post, "sys/audit-hash/file", R"({"input":"x"})");
  CHECK(at(answer, "data/hash") == world.hash("x"));
  CHECK(at(answer, "hash") == world.hash("x"));
  CHECK(at(world.ask(Method::post, "sys/audit-hash/file/", R"({"input":"x"})"), "errors/0") ==
        "cannot write to a path ending in '/'");
  CHECK(at(world.ask(Method::post, "sys/audit-hash/other", R"({"input":"x"})"), "errors/0") ==
        "unknown audit backend \"other/\"");
  CHECK(at(world.ask(Method::post, "sys/audit-hash/file", "{}"), "errors/0") == "the \"input\" parameter is empty");
}

TEST_CASE("a configuration from another store, or a changed one, is damage") {
  const AuditedStore world;
  const AuditedStore other;
  std::string sealed;
  {
    auto file = open_store(other.path());
    sealed = must(read_meta(file.database(), kMetaAudit));
  }
  auto file = open_store(world.path());
  must(write_meta(file.database(), kMetaAudit, sealed));
  const auto answer = world.backend->handle(world.request(Method::get, "auth/token/lookup-self"));
  REQUIRE(!answer);
  CHECK(answer.error().kind == ErrorKind::damaged);
  check_one_line(answer.error());
  CHECK(must(verify(file)).findings.size() == 1);
}

TEST_CASE("what is sealed elsewhere in the store is no configuration") {
  const AuditedStore world;
  auto file = open_store(world.path());
  const std::string sealed = must(read_meta(file.database(), kMetaAudit));
  const auto plain = file.keyring().open(sealed, row_aad("meta", kMetaAudit));
  REQUIRE(plain.has_value());
  for (const std::string& other : {row_aad("meta", "other"), row_aad("roles", kMetaAudit), std::string()}) {
    const auto moved = file.keyring().seal(as_text(*plain), other);
    must(write_meta(file.database(), kMetaAudit, as_text(moved)));
    CHECK(audit_file(file).error().kind == ErrorKind::damaged);
  }
}

TEST_CASE("a restored store goes on in the same log") {
  const AuditedStore world;
  auto file = open_store(world.path());
  const std::string hash = world.hash("x");
  must(backup(file, world.folder / "with.db"));
  must(disable_audit(file, world.clock));
  must(backup(file, world.folder / "without.db"));
  world.lines();

  SUBCASE("one that its backup had") {
    must(restore({.path = world.path(), .from = world.folder / "with.db"}));
    world.ask(Method::get, "auth/token/lookup-self");
    CHECK(world.lines().size() == 1);
    CHECK(world.hash("x") == hash);
  }
  SUBCASE("one that began after its backup was made") {
    must(enable_audit(file, world.log(), world.clock));
    const std::string later = world.hash("x");
    must(rotate(file, world.clock.now()));
    must(restore({.path = world.path(), .from = world.folder / "without.db"}));
    world.lines();
    world.ask(Method::get, "auth/token/lookup-self");
    CHECK(world.lines().size() == 1);
    CHECK(world.hash("x") == later);
  }
  check_sound(world.path());
}

TEST_CASE("a store whose log cannot be made is not made") {
  const Folder folder;
  const ManualClock clock(kStart);
  InitOptions options;
  options.path = folder / "store.db";
  options.audit = folder / "none/audit.log";
  const auto made = init(options, clock);
  REQUIRE(!made);
  check_one_line(made.error());
  CHECK(folder.contents().empty());
}
