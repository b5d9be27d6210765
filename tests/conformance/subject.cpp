#include "subject.hpp"

#include <doctest/doctest.h>
#include <cstdlib>

#include <filesystem>

#include "core/json.hpp"
#include "server_subject.hpp"
#include "store/admin.hpp"
#include "store/store.hpp"

namespace vtoken::conformance {
namespace {

// The embedded store in a folder of its own, with a clock that the test moves.
class StoreSubject final : public Subject {
 public:
  StoreSubject() {
    std::string folder = std::filesystem::temp_directory_path() / "vtoken-conformance-XXXXXX";
    REQUIRE(mkdtemp(folder.data()) != nullptr);
    folder_ = folder;
    store::InitOptions options;
    options.path = path();
    auto report = store::init(options, clock_);
    REQUIRE_MESSAGE(report.has_value(), (report ? "" : report.error().text()));
    root_ = report->root_token;
  }
  ~StoreSubject() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<Backend> connect() override {
    auto backend = store::open({path(), {}}, clock_);
    REQUIRE_MESSAGE(backend.has_value(), (backend ? "" : backend.error().text()));
    return std::move(*backend);
  }
  SecretString root() const override { return root_; }
  void wait(int seconds) override { clock_.advance(seconds * kSecond); }
  bool keeps_promises() const override { return true; }

 private:
  std::string path() const { return folder_ / "store.db"; }

  std::filesystem::path folder_;
  // Not on a whole second, so that rounding shows.
  ManualClock clock_{1'795'000'000 * kSecond + 123'456'789};
  SecretString root_;
};

// Lets tokens make tokens, which the policy `default` as it is shipped does not.
std::unique_ptr<Subject> generous(std::unique_ptr<Subject> subject) {
  const auto backend = subject->connect();
  TokenClient client(*backend, {.token = subject->root()});
  const auto answer = client.read("sys/policies/acl/default");
  REQUIRE(answer.has_value());
  const std::string rules((*answer->data)["policy"].get<SecretString>());
  const auto written = client.write(
      "sys/policies/acl/default",
      {{"policy", SecretString(rules + "\npath \"auth/token/create\" { capabilities = [\"create\", \"update\"] }\n")}});
  REQUIRE(written.has_value());
  return subject;
}

}  // namespace

std::vector<SubjectMaker> subjects() {
  return {{"store", [] { return generous(std::make_unique<StoreSubject>()); }},
          {"server", [] { return generous(start_server()); }}};
}

Bench::Bench(const SubjectMaker& maker)
    : subject_(maker.make()), backend_(subject_->connect()), root_(*backend_, {.token = subject_->root()}) {}

TokenClient Bench::as(std::string_view token) { return TokenClient(*backend_, {.token = SecretString(token)}); }

Auth auth_of(const ApiResult<Answer>& answer) {
  REQUIRE_MESSAGE(answer.has_value(), (answer ? "" : answer.error().error.text()));
  REQUIRE(answer->auth.has_value());
  return *answer->auth;
}

Auth Bench::create(const CreateOptions& options) { return auth_of(root_.create(options)); }

Auth Bench::create(const CreateOptions& options, std::string_view parent) {
  return auth_of(as(parent).create(options));
}

Json Bench::lookup(std::string_view token) {
  const auto answer = root_.lookup(token);
  REQUIRE_MESSAGE(answer.has_value(), (answer ? "" : answer.error().error.text()));
  REQUIRE(answer->data != nullptr);
  return *answer->data;
}

bool Bench::alive(std::string_view token) { return as(token).lookup_self().has_value(); }

void check_refused(const ApiResult<Answer>& answer, int status, const std::string& text) {
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().status == status);
  std::string texts;
  for (const auto& one : answer.error().texts) texts += one;
  CHECK(texts == text);
}

}  // namespace vtoken::conformance
