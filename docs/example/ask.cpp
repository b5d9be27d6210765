// Asks a server or a store who it is talking to, makes a token for a minute, and ends it again.
//
//   VAULT_TOKEN=… ./ask https://vault.example.org:8200
//   VAULT_TOKEN=… ./ask file:///srv/team.db
#include <vtoken/base/clock.hpp>
#include <vtoken/core/json.hpp>
#include <vtoken/core/retrying_backend.hpp>
#include <vtoken/core/token_client.hpp>
#include <vtoken/remote/remote.hpp>
#include <vtoken/store/store.hpp>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

namespace {

// Whatever is behind it, it is asked alike. libcurl is loaded for a server only.
vtoken::Result<std::unique_ptr<vtoken::Backend>> open_backend(const std::string& address, const vtoken::Clock& clock) {
  const std::string scheme = "file://";
  if (address.starts_with(scheme)) return vtoken::store::open({.path = address.substr(scheme.size())}, clock);
  auto server = vtoken::remote::open({.addresses = {address}});
  if (!server) return server;
  return std::make_unique<vtoken::RetryingBackend>(std::move(*server), vtoken::RetryPolicy{});
}

int fail(const vtoken::Error& error) {
  std::cerr << "ask: " << error.text() << '\n';
  return 2;
}

// Failures are values: what was asked, the status, the server's own words.
int ask(vtoken::TokenClient& client) {
  const auto self = client.lookup_self();
  if (!self) return fail(self.error().error);
  std::cout << "asked by " << vtoken::text_member(*self->data, "display_name") << ", which has ";
  const auto left = vtoken::number_member(*self->data, "ttl");
  std::cout << (left == 0 ? "no end" : std::to_string(left) + " s left") << '\n';

  const auto made = client.create({.policies = {"default"}, .ttl = 60 * vtoken::kSecond});
  if (!made) return fail(made.error().error);
  if (!made->auth) return fail({vtoken::ErrorKind::damaged, "the answer holds no token"});
  std::cout << "made a token for " << made->auth->lease_duration << " s\n";

  const auto ended = client.revoke_accessor(made->auth->accessor);
  if (!ended) return fail(ended.error().error);
  std::cout << "and ended it\n";
  return 0;
}

}  // namespace

int main(int count, char** words) {
  const char* token = std::getenv("VAULT_TOKEN");
  if (count != 2 || token == nullptr) {
    std::cerr << "usage: VAULT_TOKEN=… ask ADDRESS\n";
    return 1;
  }
  const vtoken::SystemClock clock;
  const auto backend = open_backend(words[1], clock);
  if (!backend) return fail(backend.error());
  vtoken::TokenClient client(**backend, {.token = token});
  return ask(client);
}
