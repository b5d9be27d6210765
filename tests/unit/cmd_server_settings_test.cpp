// What flags and variables make of a server's settings, without a server.
#include <doctest/doctest.h>

#include <sstream>
#include <string>

#include "base/clock.hpp"
#include "cmd/server_settings.hpp"

namespace vtoken::cmd {
namespace {

// A command line's context. Flags are set on `common` directly.
struct World {
  Persona persona = Persona::vtoken;
  Environment environment = {};
  CommonValues common = {};

  template <class Read>
  auto with(Read read) const {
    std::istringstream in;
    std::ostringstream out;
    Streams streams{in, out, out};
    const ManualClock clock(0);
    const Services services{clock, {}, {}};
    const Context context{persona, "program", environment, streams, services, common};
    return read(context);
  }
  [[nodiscard]] Result<remote::Settings> settings() const { return with(server_settings); }
  [[nodiscard]] remote::Tls tls() const {
    const auto found = settings();
    REQUIRE(found);
    return found->tls;
  }
};

std::string mistake(const World& world, ErrorKind kind) {
  const auto settings = world.settings();
  REQUIRE_FALSE(settings);
  CHECK(settings.error().kind == kind);
  return settings.error().text();
}

TEST_CASE("nothing set is the library's own settings") {
  const auto settings = World{}.settings();
  REQUIRE(settings);
  CHECK(settings->timeout == std::chrono::seconds(60));
  CHECK(settings->follow_redirects);
  CHECK_FALSE(settings->srv_lookup);
  CHECK_FALSE(settings->tls.skip_verify);
  CHECK(settings->tls.ca_file.empty());
  CHECK(settings->proxy.always.empty());
  CHECK_FALSE(*World{}.with(rate_limit));
  CHECK_FALSE(*World{}.with(max_retries));
}

TEST_CASE("the time for a request") {
  const auto timeout = [](Persona persona, const char* text) {
    return World{persona, {{"VAULT_CLIENT_TIMEOUT", text}}}.settings().map(
        [](const remote::Settings& settings) { return settings.timeout.count(); });
  };
  CHECK(*timeout(Persona::vtoken, "5") == 5000);
  CHECK(*timeout(Persona::vtoken, "1m30s") == 90'000);
  CHECK(*timeout(Persona::vtoken, "1500ms") == 1500);
  CHECK(*timeout(Persona::vtoken, "1ns") == 1);
  CHECK(*timeout(Persona::vtoken, "0") == 60'000);
  CHECK(*timeout(Persona::vault, "-1") == 0);
  CHECK_FALSE(timeout(Persona::vtoken, "-1"));
  CHECK_FALSE(timeout(Persona::bao, "x"));
}

TEST_CASE("BAO_ variables are bao's and vtoken's") {
  const auto file = [](Persona persona, Environment environment) {
    return World{persona, std::move(environment)}.settings().map(
        [](const remote::Settings& settings) { return settings.tls.ca_file; });
  };
  CHECK(*file(Persona::bao, {{"BAO_CACERT", "b"}, {"VAULT_CACERT", "v"}}) == "b");
  CHECK(*file(Persona::vault, {{"BAO_CACERT", "b"}, {"VAULT_CACERT", "v"}}) == "v");
  CHECK(*file(Persona::vtoken, {{"BAO_CACERT", "b"}}) == "b");
  CHECK(*file(Persona::vtoken, {{"BAO_CACERT", "b"}, {"VAULT_CACERT", "b"}}) == "b");
  CHECK(*file(Persona::vtoken, {{"BAO_CACERT", ""}, {"VAULT_CACERT", "v"}}) == "v");
  CHECK(file(Persona::bao, {{"BAO_CACERT", ""}, {"VAULT_CACERT", "v"}})->empty());
  const auto both = file(Persona::vtoken, {{"BAO_CACERT", "b"}, {"VAULT_CACERT", "v"}});
  REQUIRE_FALSE(both);
  CHECK(both.error().kind == ErrorKind::usage);
}

TEST_CASE("whom to trust") {
  World world;
  world.environment = {{"VAULT_CACERT", "file"}, {"VAULT_CACERT_BYTES", "bytes"}, {"VAULT_CAPATH", "folder"}};
  CHECK(world.tls().ca_file == "file");
  CHECK(world.tls().ca_bytes.empty());
  world.common.ca_path = "flag-folder";
  CHECK(world.tls().ca_file.empty());
  CHECK(world.tls().ca_bytes.empty());
  CHECK(world.tls().ca_folder == "flag-folder");
  world.persona = Persona::vault;
  CHECK(world.tls().ca_file == "file");
  world.persona = Persona::vtoken;
  world.common.ca_cert = "flag-file";
  CHECK(world.tls().ca_file == "flag-file");
  CHECK(world.tls().ca_folder.empty());
  world = World{Persona::vtoken, {{"VAULT_CACERT_BYTES", "bytes"}, {"VAULT_CAPATH", "folder"}}};
  CHECK(world.tls().ca_bytes == "bytes");
  CHECK(world.tls().ca_folder.empty());
  world = World{Persona::vtoken, {{"SSL_CERT_FILE", "f"}, {"SSL_CERT_DIR", "d"}}};
  CHECK(world.tls().system_ca_file == "f");
  CHECK(world.tls().system_ca_folder == "d");
}

TEST_CASE("a client's certificate needs its key") {
  World world;
  world.common.client_cert = "c";
  CHECK(mistake(world, ErrorKind::usage).starts_with("-client-cert is given without -client-key"));
  world.persona = Persona::vault;
  CHECK(mistake(world, ErrorKind::server).ends_with("both client cert and client key must be provided"));
  world.environment = {{"VAULT_CLIENT_KEY", "k"}};
  CHECK(world.tls().client_key == "k");
  world = World{Persona::bao, {{"BAO_CLIENT_CERT_BYTES", "cert"}, {"BAO_CLIENT_KEY_BYTES", "secret"}}};
  CHECK(world.tls().client_cert_bytes == "cert");
  CHECK(world.tls().client_key_bytes.view() == "secret");
  world.persona = Persona::vault;
  CHECK(world.tls().client_cert_bytes.empty());
  world = World{Persona::vtoken, {{"BAO_CLIENT_KEY_BYTES", "secret"}}};
  CHECK(mistake(world, ErrorKind::usage).find("secret") == std::string::npos);
}

TEST_CASE("switches take Go's words, and a flag beats its variable") {
  for (const char* yes : {"1", "t", "TRUE", "True"}) {
    CHECK(World{Persona::vtoken, {{"VAULT_SKIP_VERIFY", yes}}}.tls().skip_verify);
  }
  World world{Persona::vtoken,
              {{"VAULT_SKIP_VERIFY", "1"}, {"VAULT_DISABLE_REDIRECTS", "1"}, {"VAULT_SRV_LOOKUP", "1"}}};
  CHECK_FALSE(world.settings()->follow_redirects);
  CHECK(world.settings()->srv_lookup);
  world.common.tls_skip_verify = false;
  world.common.disable_redirects = false;
  CHECK_FALSE(world.tls().skip_verify);
  CHECK(world.settings()->follow_redirects);
  world.environment = {{"VAULT_SRV_LOOKUP", "yes"}};
  CHECK(mistake(world, ErrorKind::usage) == "VAULT_SRV_LOOKUP: \"yes\" is neither true nor false");
}

TEST_CASE("proxies") {
  const auto proxy = [](Environment environment) {
    const auto settings = World{Persona::vtoken, std::move(environment)}.settings();
    REQUIRE(settings);
    return settings->proxy;
  };
  CHECK(proxy({{"VAULT_PROXY_ADDR", "a"}, {"VAULT_HTTP_PROXY", "b"}, {"HTTP_PROXY", "c"}}).always == "a");
  CHECK(proxy({{"VAULT_HTTP_PROXY", "b"}, {"HTTP_PROXY", "c"}}).always == "b");
  const auto general = proxy({{"HTTP_PROXY", "c"}, {"https_proxy", "d"}, {"HTTPS_PROXY", "e"}, {"no_proxy", "f"}});
  CHECK(general.for_http == "c");
  CHECK(general.for_https == "e");
  CHECK(general.except == "f");
  CHECK(proxy({{"REQUEST_METHOD", "GET"}, {"HTTP_PROXY", "c"}}).for_http.empty());
}

TEST_CASE("rates and retries") {
  const World world{Persona::vtoken, {{"VAULT_RATE_LIMIT", "5:7"}, {"VAULT_MAX_RETRIES", "4000000000"}}};
  CHECK(world.with(rate_limit)->value().burst == 7);
  CHECK(world.with(max_retries)->value() == 1'000'000);
  for (const char* bad : {"-1", "x", "1.5", "1 ", "5000000000"}) {
    CAPTURE(bad);
    CHECK_FALSE(World{Persona::vault, {{"VAULT_MAX_RETRIES", bad}}}.with(max_retries));
  }
}

}  // namespace
}  // namespace vtoken::cmd
