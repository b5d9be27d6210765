#include <doctest/doctest.h>

#include <deque>
#include <string>
#include <vector>

#include "cmd/run_revocation.hpp"

namespace vtoken::cmd {
namespace {

// Answers by the endpoint and who asks, and notes both.
class Server final : public Backend {
 public:
  Result<Response> handle(const Request& request) override {
    asked.push_back(request.path.substr(request.path.rfind('/') + 1) + " by " + std::string(request.token.view()));
    if (answers.empty()) return Response{204, {}, {}};
    const Answering next = answers.front();
    answers.pop_front();
    if (next.status == 0) return fail(ErrorKind::unreachable, "connection refused");
    return Response{next.status, SecretString(next.body), {}};
  }
  [[nodiscard]] std::string address() const override { return "test"; }

  struct Answering {
    int status = 204;  // 0: no connection
    std::string body = {};
  };
  std::deque<Answering> answers;
  std::vector<std::string> asked;
};

const Server::Answering kDenied{403, R"({"errors":["1 error occurred:\n\t* permission denied\n\n"]})"};
const Server::Answering kGone{403, R"({"errors":["permission denied"]})"};
const Server::Answering kNoAccessor{400, R"({"errors":["invalid accessor"]})"};
const Server::Answering kSealed{503, R"({"errors":["Vault is sealed"]})"};

struct World {
  std::optional<ApiFailure> revoke() {
    TokenClient client(server, {});
    return revoke_token(client, what, [&](Nanoseconds length) {
      waited.push_back(length);
      return static_cast<int>(waited.size()) < patience;
    });
  }

  Server server;
  Revocation what{SecretString("child"), "accessor", SecretString("parent"), false};
  std::vector<Nanoseconds> waited = {};
  int patience = 100;
};

using Asked = std::vector<std::string>;

TEST_CASE_FIXTURE(World, "a token revokes itself") {
  CHECK(!revoke());
  CHECK(server.asked == Asked{"revoke-self by child"});
}

TEST_CASE_FIXTURE(World, "one that may not is revoked by its maker") {
  server.answers = {kDenied};
  CHECK(!revoke());
  CHECK(server.asked == Asked{"revoke-self by child", "revoke-accessor by parent"});
}

TEST_CASE_FIXTURE(World, "one whose uses are few is revoked by its maker, or else itself") {
  what.has_few_uses = true;
  CHECK(!revoke());
  server.answers = {kDenied};
  CHECK(!revoke());
  CHECK(server.asked == Asked{"revoke-accessor by parent", "revoke-accessor by parent", "revoke-self by child"});
}

TEST_CASE_FIXTURE(World, "what is gone is as good as revoked") {
  server.answers = {kGone, kDenied};
  CHECK(!revoke());
  server.answers = {kGone, kNoAccessor};
  CHECK(!revoke());
  what.caller.clear();
  server.answers = {kGone};
  CHECK(!revoke());
}

TEST_CASE_FIXTURE(World, "denied to both, it is told as to the token itself") {
  server.answers = {kDenied, kGone};
  const auto failure = revoke();
  REQUIRE(failure);
  CHECK(failure->path == "auth/token/revoke-self");
  CHECK(waited.empty());
}

TEST_CASE_FIXTURE(World, "what may pass is tried again, at growing distances") {
  server.answers = {kSealed, {0}, kSealed};
  CHECK(!revoke());
  CHECK(server.asked.size() == 4);
  CHECK(waited == std::vector<Nanoseconds>{kSecond / 4, kSecond / 2, kSecond});
}

TEST_CASE_FIXTURE(World, "a wait that is ended ends it") {
  patience = 2;
  server.answers = {kSealed, kSealed, kSealed, kSealed};
  const auto failure = revoke();
  REQUIRE(failure);
  CHECK(failure->status == 503);
  CHECK(server.asked.size() == 2);
}

}  // namespace
}  // namespace vtoken::cmd
