// Good answers with one member made into something else, given to every command: it fails with words or goes on, and
// does not crash.
#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "../golden/records.hpp"
#include "base/clock.hpp"
#include "cmd/app.hpp"
#include "core/json.hpp"

namespace vtoken {
namespace {

constexpr const char* kToken = "hvs.CAESIOnlyTheCallerKnowsThisToken";

// Answers by the request's path; every answer is a server's good one until a test changes it.
using Answers = std::map<std::string, std::string>;

class Answering final : public Backend {
 public:
  explicit Answering(const Answers& answers) : answers_(answers) {}
  Result<Response> handle(const Request& request) override {
    const std::string name = std::string(method_name(request.method)) + " " + request.path;
    for (const auto& [start, body] : answers_) {
      if (name.starts_with(start)) return Response{200, SecretString(body), {{"X-Vault-Index", "v1:a:1:2"}}};
    }
    return Response{204, "", {}};
  }
  std::string address() const override { return golden::kAddress; }

 private:
  const Answers& answers_;
};

struct Outcome {
  int status = 0;
  std::string out;
  std::string err;
};

Outcome run(const std::vector<std::string>& words, const cmd::Environment& environment, const std::string& input,
            const Answers& answers) {
  const ManualClock clock(1'700'000'000 * kSecond);
  cmd::Services services{clock, [&](const cmd::Target&) -> Result<std::unique_ptr<Backend>> {
                           return std::make_unique<Answering>(answers);
                         }};
  services.wait = [](Nanoseconds) { return true; };
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  cmd::Streams streams{in, out, err};
  Outcome outcome;
  outcome.status = cmd::run(words, environment, streams, services);
  outcome.out = out.str();
  outcome.err = err.str();
  return outcome;
}

// A sanitized run takes 15 times as long: each place then has every third of the odd values, the next place the next
// ones. Other builds leave none out.
#ifdef __SANITIZE_ADDRESS__
constexpr int kEach = 3;
#else
constexpr int kEach = 1;
#endif

const std::vector<std::string>& odd_values() {
  static const std::vector<std::string> kValues = {"null",
                                                   "true",
                                                   "-1",
                                                   "18446744073709551615",
                                                   "1e300",
                                                   "\"\\u001b[31m \\u0000\"",
                                                   "[]",
                                                   "{}",
                                                   "[null,1,[],{\"a\":\"b\"}]",
                                                   "{\"\":[{}],\"ttl\":{},\"b\":null}"};
  return kValues;
}

// Calls `visit` for every value inside `root`, the root included, while it has each of the odd values in its place.
// `turn` counts the values, from one answer to the next.
void spoil_each(Json& root, Json& value, int& turn, const std::function<void()>& visit) {
  if (value.is_structured()) {
    for (Json& inner : value) spoil_each(root, inner, turn, visit);
  }
  Json good = value;
  for (const std::string& odd : odd_values()) {
    if (turn++ % kEach != 0) continue;
    value = *parse_json(odd);
    visit();
  }
  value = std::move(good);
}

std::string line_of(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += word + " ";
  return line;
}

// Runs a command line with each answer spoiled in each place; returns how many runs that were.
int run_spoiled(const std::vector<std::string>& words, const cmd::Environment& environment, const std::string& input,
                const Answers& good, int& turn) {
  int runs = 0;
  Answers answers = good;
  for (auto& [name, text] : answers) {
    auto body = parse_json(text);
    if (!body) continue;
    const std::string before = text;
    spoil_each(*body, *body, turn, [&] {
      text = std::string(dump_json(*body).view());
      const Outcome outcome = run(words, environment, input, answers);
      ++runs;
      // An empty list in JSON has no words in the real command either.
      const bool spoken = outcome.status == 0 || !outcome.err.empty() || outcome.out == "{}\n";
      const bool fine =
          outcome.status >= 0 && outcome.status <= 2 && spoken && outcome.err.find(kToken) == std::string::npos;
      CHECK_MESSAGE(fine, line_of(words), "\n", name, ": ", text, "\nstatus ", outcome.status, "\n", outcome.err);
    });
    text = before;
  }
  return runs;
}

cmd::Environment environment_of(const std::map<std::string, std::string>& given) {
  cmd::Environment environment(given.begin(), given.end());
  environment["HOME"] = "/nonexistent";
  environment["VAULT_MAX_RETRIES"] = "0";
  return environment;
}

// What a record is about: its words and the names of its flags, and -format's value.
std::string kind_of(const golden::Record& record) {
  std::string kind;
  for (const std::string& word : record.args) {
    const bool keep = !word.starts_with('-') || word.starts_with("-format");
    kind += (keep ? word : word.substr(0, word.find('='))) + " ";
  }
  const auto format = record.env.find("VAULT_FORMAT");
  return format == record.env.end() ? kind : kind + format->second;
}

TEST_CASE("recorded answers with something else in each place") {
  std::set<std::string> seen;
  int runs = 0;
  int turn = 0;
  for (const golden::Record& record : golden::load_records("vault-1.14.2.jsonl")) {
    if (record.exchanges.size() != 1 || record.exchanges.front().response.status >= 400) continue;
    if (!seen.insert(kind_of(record)).second) continue;
    std::vector<std::string> words{"/usr/bin/vault"};
    words.insert(words.end(), record.args.begin(), record.args.end());
    const Answers answers{{"", std::string(record.exchanges.front().response.body.view())}};
    runs += run_spoiled(words, environment_of(record.env), record.input, answers, turn);
  }
  CHECK(runs > 5000 / kEach);
}

TEST_CASE("the further requests of vtoken, with something else in each place") {
  const std::string lookup =
      R"({"request_id":"r","data":{"accessor":"a1","creation_time":1,"creation_ttl":3600,"display_name":"token-x",)"
      R"("entity_id":"","expire_time":"2026-11-22T03:20:56.1Z","explicit_max_ttl":0,"id":"i","meta":{"k":"v"},"num_uses":0,)"
      R"("orphan":false,"path":"auth/token/create","policies":["default"],"renewable":true,"ttl":3599,"type":"service"}})";
  const std::string auth =
      R"({"request_id":"r","warnings":["w"],"auth":{"client_token":"hvs.x","accessor":"a1","policies":["default"],)"
      R"("token_policies":["default"],"metadata":{"k":"v"},"lease_duration":3600,"renewable":true,"entity_id":"",)"
      R"("token_type":"service","orphan":true,"num_uses":0}})";
  const std::string role =
      R"({"data":{"name":"r","token_ttl":60,"token_max_ttl":0,"token_period":0,"orphan":true,"renewable":true,)"
      R"("allowed_policies":["a"],"token_type":"default-service","path_suffix":"","token_bound_cidrs":[]}})";
  const Answers good{
      {"GET auth/token/lookup", lookup},
      {"POST auth/token/lookup", lookup},
      {"POST auth/token/create", auth},
      {"PUT auth/token/renew", auth},
      {"POST auth/token/renew", auth},
      {"LIST ", R"({"data":{"keys":["a1"],"key_info":{"a1":{"name":"n","n":1}}}})"},
      {"GET auth/token/roles/", role},
      {"GET sys/", R"({"data":{"name":"n","policy":"p","policies":["a"]}})"},
      {"POST sys/capabilities", R"({"capabilities":["read"],"data":{"p":["read"],"capabilities":["read"]}})"},
      {"PUT sys/wrapping/unwrap", auth}};
  const cmd::Environment environment = environment_of({{"VAULT_ADDR", golden::kAddress}, {"VAULT_TOKEN", kToken}});
  int runs = 0;
  int turn = 0;
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"lookup", "x", "y"},
                                             {"lookup", "-accessor", "a1", "-format=ndjson"},
                                             {"lookup", "-format=json"},
                                             {"create", "-ttl=1h", "-policy=default"},
                                             {"create", "-role=r", "-type=batch"},
                                             {"create", "-wrap-ttl=60s"},
                                             {"create", "-orphan", "-format=yaml"},
                                             {"renew"},
                                             {"renew", "-accessor", "a1"},
                                             {"renew", "-increment=2h", "x"},
                                             {"revoke", "x", "y", "-format=json"},
                                             {"revoke", "-self"},
                                             {"accessors", "list"},
                                             {"accessors", "list", "-detailed"},
                                             {"accessors", "list", "-detailed", "-format=json"},
                                             {"roles", "read", "r"},
                                             {"roles", "write", "r", "token_ttl=60"},
                                             {"roles", "list"},
                                             {"read", "sys/policies/acl/n"},
                                             {"list", "-detailed", "sys/policies/acl"},
                                             {"capabilities", "p"},
                                             {"policy", "read", "n"},
                                             {"policy", "list"},
                                             {"unwrap", "hvs.w"},
                                             {"write", "auth/token/lookup", "token=x"}}) {
    std::vector<std::string> whole{"/usr/bin/vtoken"};
    whole.insert(whole.end(), words.begin(), words.end());
    runs += run_spoiled(whole, environment, "", good, turn);
  }
  CHECK(runs > 10000 / kEach);
}

}  // namespace
}  // namespace vtoken
