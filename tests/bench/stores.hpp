// Stores to measure on, made in one folder so that all numbers come from the same disk.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "core/backend.hpp"

namespace vtoken::bench {

/// What the command line says. Set once, before any benchmark runs.
struct Settings {
  std::string folder;            ///< where stores are made; must exist
  std::size_t many = 1'000'000;  ///< tokens in the large store
  std::size_t tree = 100'000;    ///< tokens in the tree that is revoked
};
[[nodiscard]] Settings& settings();

/// A store that is open, with its root token. Failures end the program: nothing could be measured.
struct OpenStore {
  std::unique_ptr<Backend> backend;
  SecretString root;
};

/// The store NAME.db in the folder, made if it is not there.
[[nodiscard]] OpenStore open_store(const std::string& name);

/// A request to make a token, as `caller`.
[[nodiscard]] Request create_request(const SecretString& caller, std::string_view body);

/// The `client_token` of an answer.
[[nodiscard]] SecretString token_of(const Response& response);

/// Makes `count` tokens in transactions of many, with their tokens given back for every `keep_every`th.
std::vector<SecretString> fill(OpenStore& store, const SecretString& caller, std::size_t count, std::size_t keep_every);

/// Ends the program when a request did not succeed.
Response must(Result<Response> answer);

}  // namespace vtoken::bench
