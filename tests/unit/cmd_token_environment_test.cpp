// What is handed to a shell or a child with a token.
#include <doctest/doctest.h>

#include <map>
#include <sstream>

#include "cmd/token_environment.hpp"

namespace vtoken::cmd {
namespace {

// The variables that a command leaves behind, as a shell would have them.
struct World {
  Environment environment = {};
  CommonValues flags = {};
  Target target = {};

  World() {
    target.kind = Target::Kind::remote;
    target.server.addresses = {"https://a:8200", "https://b:8200"};
  }

  [[nodiscard]] TokenEnvironment made(std::string_view namespace_path = "") const {
    std::istringstream in;
    std::ostringstream out;
    Streams streams{in, out, out};
    const SystemClock clock;
    const Services services{clock, {}};
    const Context context{Persona::vtoken, "vtoken", environment, streams, services, flags};
    return token_environment(context, target, namespace_path, "t'1");
  }

  [[nodiscard]] Environment after(std::string_view namespace_path = "") const {
    Environment changed = environment;
    const TokenEnvironment changes = made(namespace_path);
    for (const auto& [name, value] : changes.set) changed[name] = std::string(value.view());
    for (const std::string& name : changes.unset) {
      CHECK(environment.count(name) == 1);
      changed.erase(name);
    }
    return changed;
  }
};

TEST_CASE("a server's token") {
  World world;
  CHECK(world.after() == Environment{{"VAULT_TOKEN", "t'1"}, {"VAULT_ADDR", "https://a:8200,https://b:8200"}});
  CHECK(world.after("team/").at("VAULT_NAMESPACE") == "team/");
  CHECK(shell_commands(world.made()).view() ==
        "export VAULT_TOKEN='t'\\''1'\nexport VAULT_ADDR='https://a:8200,https://b:8200'\n");
}

TEST_CASE("what leads elsewhere is taken away") {
  World world;
  world.environment = {{"VTOKEN_STORE", "s.db"},       {"VAULT_AGENT_ADDR", "http://agent"},
                       {"BAO_ADDR", "http://c"},       {"BAO_TOKEN", ""},
                       {"VAULT_NAMESPACE", "old"},     {"BAO_NAMESPACE", ""},
                       {"BAO_AGENT_ADDR", "http://d"}, {"OTHER", "x"}};
  const std::string addresses = "https://a:8200,https://b:8200";
  CHECK(world.after() == Environment{{"VAULT_TOKEN", "t'1"},
                                     {"BAO_TOKEN", "t'1"},
                                     {"VAULT_ADDR", addresses},
                                     {"BAO_ADDR", addresses},
                                     {"OTHER", "x"}});
  CHECK(world.after("new").at("BAO_NAMESPACE") == "new");
}

TEST_CASE("what flags said of the server goes along") {
  World world;
  world.flags.ca_cert = "/etc/ca.pem";
  world.flags.client_key = "key.pem";
  world.flags.tls_skip_verify = true;
  world.flags.tls_server_name = "vault.example";
  world.environment = {{"VAULT_CACERT_BYTES", "x"}};
  const Environment changed = world.after();
  CHECK(changed.at("VAULT_CACERT") == "/etc/ca.pem");
  CHECK(changed.at("VAULT_CLIENT_KEY").starts_with('/'));
  CHECK(changed.at("VAULT_SKIP_VERIFY") == "true");
  CHECK(changed.at("VAULT_TLS_SERVER_NAME") == "vault.example");
  CHECK(changed.count("VAULT_CACERT_BYTES") == 0);
}

TEST_CASE("a store's token, and its key") {
  World world;
  world.target = {};
  world.target.address = "file:///s.db";
  world.flags.key_file = "/key";
  world.environment = {{"VTOKEN_STORE", "/s.db"}, {"VTOKEN_STORE_PASSPHRASE_FILE", "/p"}};
  CHECK(world.after() ==
        Environment{{"VAULT_TOKEN", "t'1"}, {"VAULT_ADDR", "file:///s.db"}, {"VTOKEN_STORE_KEY_FILE", "/key"}});
}

}  // namespace
}  // namespace vtoken::cmd
