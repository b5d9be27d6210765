#include "tests/bench/stores.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "core/json.hpp"
#include "store/admin.hpp"
#include "store/store.hpp"

namespace vtoken::bench {
namespace {

[[noreturn]] void give_up(const std::string& why) {
  std::cerr << "vtoken_bench: " << why << "\n";
  std::exit(2);
}

const SystemClock& system_clock() {
  static const SystemClock clock;
  return clock;
}

}  // namespace

Settings& settings() {
  static Settings instance;
  return instance;
}

OpenStore open_store(const std::string& name) {
  const std::string path = settings().folder + "/" + name + ".db";
  const bool fresh = !std::filesystem::exists(path);
  if (fresh) {
    const auto made = store::init({.path = path}, system_clock());
    if (!made) give_up(made.error().text());
  }
  auto backend = store::open({.path = path}, system_clock());
  if (!backend) give_up(backend.error().text());
  std::ifstream file(store::token_file(path));
  SecretString root;
  for (char c = '\0'; file.get(c) && c != '\n';) root.push_back(c);
  // Parents that are not root are measured too: they need a policy for it.
  if (fresh) {
    (void)must((*backend)->handle(
        {.method = Method::post,
         .path = "sys/policies/acl/app",
         .body = SecretString(R"({"policy":"path \"auth/token/create\" {capabilities = [\"update\"]}"})"),
         .token = root}));
  }
  return {std::move(*backend), std::move(root)};
}

Request create_request(const SecretString& caller, std::string_view body) {
  return {.method = Method::post,
          .path = "auth/token/create",
          .body = SecretString(body.data(), body.size()),
          .token = caller};
}

SecretString token_of(const Response& response) {
  const auto json = parse_json(response.body.view());
  const Json* auth = json ? find_member(*json, "auth") : nullptr;
  if (auth == nullptr) give_up("no token in an answer");
  const auto token = text_member(*auth, "client_token");
  return {token.data(), token.size()};
}

Response must(Result<Response> answer) {
  if (!answer) give_up(answer.error().text());
  if (answer->status >= 400) give_up(std::string(answer->body.view()));
  return std::move(*answer);
}

std::vector<SecretString> fill(OpenStore& store, const SecretString& caller, std::size_t count,
                               std::size_t keep_every) {
  constexpr std::size_t kTransaction = 10'000;
  std::vector<SecretString> kept;
  for (std::size_t done = 0; done < count;) {
    const std::size_t batch = std::min(kTransaction, count - done);
    std::size_t asked = 0;
    const auto source = [&]() -> std::optional<Request> {
      if (asked++ == batch) return std::nullopt;
      return create_request(caller, R"({"policies":["app"],"ttl":"24h"})");
    };
    const auto sink = [&](std::size_t index, Result<Response> answer) {
      const Response response = must(std::move(answer));
      if ((done + index) % keep_every == 0) kept.push_back(token_of(response));
      return true;
    };
    const auto submitted = store.backend->submit(source, sink);
    if (!submitted) give_up(submitted.error().text());
    done += batch;
  }
  return kept;
}

}  // namespace vtoken::bench
