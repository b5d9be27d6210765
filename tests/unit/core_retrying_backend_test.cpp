#include <doctest/doctest.h>

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "core/retrying_backend.hpp"

namespace vtoken {
namespace {

// Gives prepared answers, one a request; notes the paths that were asked.
struct Script {
  std::deque<Result<Response>> answers;
  std::vector<std::string> asked;
  std::vector<Nanoseconds> waits;
  bool keep_waiting = true;
};

class ScriptedBackend final : public Backend {
 public:
  explicit ScriptedBackend(Script& script) : script_(script) {}
  Result<Response> handle(const Request& request) override {
    script_.asked.push_back(request.path);
    if (script_.answers.empty()) return Response{200, "done", {}};
    auto answer = std::move(script_.answers.front());
    script_.answers.pop_front();
    return answer;
  }
  std::string address() const override { return "test"; }

 private:
  Script& script_;
};

RetryingBackend retrying(Script& script, int retries = 2) {
  RetryPolicy policy;
  policy.retries = retries;
  policy.wait = [&script](Nanoseconds length) {
    script.waits.push_back(length);
    return script.keep_waiting;
  };
  policy.jitter = [] { return 0.5; };
  return {std::make_unique<ScriptedBackend>(script), policy};
}

Response status(int status) { return {status, "no", {}}; }

// How often a request is asked when each answer has this status.
std::size_t tries(Method method, int code) {
  Script script;
  for (int i = 0; i < 5; ++i) script.answers.emplace_back(status(code));
  auto backend = retrying(script);
  const auto answer = backend.handle({method, "p"});
  REQUIRE(answer);
  CHECK(answer->status == code);
  return script.asked.size();
}

TEST_CASE("what cannot have acted is asked again, reads after 5xx too") {
  for (const int code : {412, 429, 503}) {
    CAPTURE(code);
    CHECK(tries(Method::get, code) == 3);
    CHECK(tries(Method::post, code) == 3);
  }
  for (const int code : {500, 502, 504}) {
    CAPTURE(code);
    CHECK(tries(Method::get, code) == 3);
    CHECK(tries(Method::list, code) == 3);
    CHECK(tries(Method::put, code) == 1);
    CHECK(tries(Method::del, code) == 1);
  }
  for (const int code : {200, 204, 400, 403, 404, 501}) {
    CAPTURE(code);
    CHECK(tries(Method::get, code) == 1);
  }
}

TEST_CASE("waits grow, and a server may name them") {
  Script script;
  script.answers = {status(412), status(412)};
  CHECK(retrying(script).handle({Method::get, "p"})->status == 200);
  CHECK(script.waits == std::vector<Nanoseconds>{1'250'000'000, 2'500'000'000});
  script.waits.clear();
  script.answers = {Response{429, "", {{"retry-after", "7"}}}, Response{429, "", {{"Retry-After", "9999999"}}}};
  CHECK(retrying(script).handle({Method::get, "p"})->status == 200);
  CHECK(script.waits == std::vector<Nanoseconds>{7 * kSecond, 60 * kSecond});
}

TEST_CASE("no retries, and giving up while waiting") {
  Script script;
  script.answers = {status(412)};
  CHECK(retrying(script, 0).handle({Method::get, "p"})->status == 412);
  CHECK(script.asked.size() == 1);
  script.answers = {status(412), status(412)};
  script.keep_waiting = false;
  CHECK(retrying(script).handle({Method::get, "p"})->status == 412);
  CHECK(script.asked.size() == 2);
}

// How often a request is asked that has no answer, for this reason.
std::size_t tries(Method method, ErrorKind kind) {
  Script script;
  for (int i = 0; i < 5; ++i) script.answers.emplace_back(fail(kind, "no answer"));
  const auto answer = retrying(script).handle({method, "p"});
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == kind);
  return script.asked.size();
}

TEST_CASE("no connection: nothing was asked, so everything is asked again") {
  for (const Method method : {Method::get, Method::list, Method::post, Method::put, Method::del}) {
    CHECK(tries(method, ErrorKind::unreachable) == 3);
  }
}

TEST_CASE("no answer: only a read is asked again") {
  CHECK(tries(Method::get, ErrorKind::lost) == 3);
  CHECK(tries(Method::list, ErrorKind::lost) == 3);
  CHECK(tries(Method::post, ErrorKind::lost) == 1);
  CHECK(tries(Method::put, ErrorKind::lost) == 1);
  CHECK(tries(Method::del, ErrorKind::lost) == 1);
}

TEST_CASE("what another try cannot change is not asked again") {
  for (const ErrorKind kind : {ErrorKind::untrusted, ErrorKind::damaged, ErrorKind::usage, ErrorKind::io}) {
    CHECK(tries(Method::get, kind) == 1);
    CHECK(tries(Method::post, kind) == 1);
  }
}

Response no_leader() { return {500, R"({"errors":["local node not active but active cluster node not found"]})", {}}; }

TEST_CASE("a write is asked again after a 500 only when there is no leader") {
  Script script;
  script.answers = {no_leader(), Response{500, R"({"errors":["1 error occurred"]})", {}}};
  CHECK(retrying(script).handle({Method::post, "p"})->status == 500);
  CHECK(script.asked.size() == 2);
}

TEST_CASE("a question that is sent as a write is asked again like a read") {
  for (const char* path : {"auth/token/lookup", "auth/token/lookup-accessor", "sys/capabilities-self"}) {
    Script script;
    script.answers = {fail(ErrorKind::lost, "reset"), Response{502, "", {}}};
    CHECK(retrying(script).handle({Method::post, path})->status == 200);
    CHECK(script.asked.size() == 3);
  }
}

TEST_CASE("a question that has no answer is not asked again") {
  Script script;
  script.answers = {Response{500, R"({"errors":["no namespace"]})", {}}};
  CHECK(retrying(script).handle({Method::post, "auth/token/lookup-accessor"})->status == 500);
  CHECK(script.asked.size() == 1);
}

TEST_CASE("lost connections wait longer each time, too") {
  Script script;
  script.answers = {fail(ErrorKind::unreachable, "refused"), fail(ErrorKind::lost, "reset")};
  CHECK(retrying(script).handle({Method::get, "p"})->status == 200);
  CHECK(script.waits == std::vector<Nanoseconds>{1'250'000'000, 2'500'000'000});
}

struct Collector final : BodySink {
  void headers(const std::vector<Header>& headers) override {
    for (const Header& header : headers) text += header.name + "=" + header.value + " ";
  }
  bool begin(int code) override {
    text += std::to_string(code) + " ";
    return true;
  }
  bool piece(std::string_view bytes) override {
    text += bytes;
    return true;
  }
  std::string text;
};

TEST_CASE("a stream passes on the last answer only") {
  Script script;
  script.answers = {status(412), fail(ErrorKind::unreachable, "gone"), Response{200, "body", {}}};
  Collector sink;
  CHECK(retrying(script).stream({Method::list, "p"}, sink));
  CHECK(sink.text == "200 body");
  script.answers = {status(412), status(412), status(412)};
  Collector second;
  CHECK(retrying(script).stream({Method::list, "p"}, second));
  CHECK(second.text == "412 no");
}

TEST_CASE("a stream waits as it is told, and passes on the headers of what it passes on") {
  Script script;
  script.answers = {Response{429, "no", {{"Retry-After", "7"}}}, Response{200, "body", {{"X-Vault-Index", "i"}}}};
  Collector sink;
  CHECK(retrying(script).stream({Method::list, "p"}, sink));
  CHECK(sink.text == "X-Vault-Index=i 200 body");
  CHECK(script.waits == std::vector<Nanoseconds>{7 * kSecond});
}

// Breaks off after a part of the body, or before.
struct CutBackend final : Backend {
  explicit CutBackend(std::string_view first, int& count) : part(first), asked(count) {}
  Result<Response> handle(const Request& /*request*/) override {
    ++asked;
    return fail(ErrorKind::lost, "cut");
  }
  Result<void> stream(const Request& /*request*/, BodySink& sink) override {
    ++asked;
    if (!part.empty() && sink.begin(200)) sink.piece(part);
    return fail(ErrorKind::lost, "cut");
  }
  std::string address() const override { return "test"; }
  std::string_view part;
  int& asked;
};

int tries_of_stream(Method method, std::string_view part) {
  int asked = 0;
  RetryingBackend backend(std::make_unique<CutBackend>(part, asked), {2, [](Nanoseconds) { return true; }});
  Collector sink;
  const auto done = backend.stream({method, "p"}, sink);
  REQUIRE_FALSE(done);
  CHECK(done.error().kind == ErrorKind::lost);
  return asked;
}

TEST_CASE("a stream that was cut is asked for again only while nothing was passed on") {
  CHECK(tries_of_stream(Method::list, "") == 3);
  CHECK(tries_of_stream(Method::list, "{\"da") == 1);
  CHECK(tries_of_stream(Method::post, "") == 1);
}

TEST_CASE("a write's stream is asked again as by handle()") {
  Script script;
  script.answers = {no_leader(), fail(ErrorKind::unreachable, "refused"), Response{200, "body", {}}};
  Collector sink;
  CHECK(retrying(script).stream({Method::post, "p"}, sink));
  CHECK(sink.text == "200 body");
  script.answers = {Response{500, "broken", {}}};
  Collector second;
  CHECK(retrying(script).stream({Method::post, "p"}, second));
  CHECK(second.text == "500 broken");
}

// Asks "0" to "4" and returns the statuses by number; 0 for a failure.
std::map<std::size_t, int> submit(Script& script, int retries = 2) {
  auto backend = retrying(script, retries);
  int next = 0;
  std::map<std::size_t, int> statuses;
  const auto source = [&]() -> std::optional<Request> {
    if (next == 5) return std::nullopt;
    return Request{Method::post, std::to_string(next++)};
  };
  const auto done = backend.submit(source, [&](std::size_t index, Result<Response> answer) {
    CHECK(statuses.emplace(index, answer ? answer->status : 0).second);
    return true;
  });
  CHECK(done);
  return statuses;
}

TEST_CASE("a submit asks again for what is not settled, and each request is answered once") {
  Script script;
  script.answers = {status(200), status(412), status(200), status(503), fail(ErrorKind::lost, "gone"),
                    status(201), status(412), status(202)};
  CHECK(submit(script) == std::map<std::size_t, int>{{0, 200}, {1, 201}, {2, 200}, {3, 202}, {4, 0}});
  CHECK(script.asked == std::vector<std::string>{"0", "1", "2", "3", "4", "1", "3", "3"});
}

TEST_CASE("a submit asks again when nothing was asked, and for the longest wait") {
  Script script;
  script.answers = {no_leader(), fail(ErrorKind::unreachable, "refused"), Response{429, "", {{"Retry-After", "9"}}},
                    Response{503, "", {{"Retry-After", "30"}}}, Response{429, "", {{"Retry-After", "2"}}}};
  CHECK(submit(script) == std::map<std::size_t, int>{{0, 200}, {1, 200}, {2, 200}, {3, 200}, {4, 200}});
  CHECK(script.asked.size() == 10);
  CHECK(script.waits == std::vector<Nanoseconds>{30 * kSecond});
}

TEST_CASE("a submit's waits grow") {
  Script script;
  script.answers = {status(412), status(412), status(412), status(412), status(412), status(412)};
  CHECK(submit(script).size() == 5);
  CHECK(script.waits == std::vector<Nanoseconds>{1'250'000'000, 2'500'000'000});
}

TEST_CASE("a submit gives what it has when it is told to stop waiting") {
  Script script;
  script.keep_waiting = false;
  script.answers = {status(200), status(412), status(200), status(503), status(200)};
  CHECK(submit(script) == std::map<std::size_t, int>{{0, 200}, {1, 412}, {2, 200}, {3, 503}, {4, 200}});
}

TEST_CASE("a submit without retries hands on everything") {
  Script script;
  script.answers = {status(412), status(412), status(412), status(412), status(412)};
  CHECK(submit(script, 0).size() == 5);
  CHECK(script.asked.size() == 5);
}

}  // namespace
}  // namespace vtoken
