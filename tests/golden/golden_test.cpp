// Runs every recorded command line in this process and compares what it asks and prints with what the real command did.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <sstream>

#include "base/clock.hpp"
#include "cmd/app.hpp"
#include "recorded_backend.hpp"
#include "records.hpp"

namespace vtoken::golden {
namespace {

// Records whose request alone shows what a server will do to it without a word, which the real command keeps to itself.
// Each line that is said besides begins so, and there is no other.
const std::map<std::string, std::vector<std::string>> kSaidBesides{
    {"create-policy-comma-yaml", {"Warning: -policy=app,ops names one policy"}},
    {"role-write-batch-orphan",
     {"Warning: The role does not keep token_max_ttl", "Warning: The role does not keep token_ttl"}},
    {"role-write-bad-ttl",
     {"Warning: The role does not keep token_max_ttl", "Warning: The role does not keep token_ttl"}}};

bool says_besides(const std::vector<std::string>& beginnings, std::istringstream lines) {
  std::string line;
  for (const std::string& beginning : beginnings) {
    if (!std::getline(lines, line) || !line.starts_with(beginning)) return false;
  }
  return !std::getline(lines, line);
}

// Standard error is the recorded one; where the real command fails, ours may go on with advice. Help is our own.
bool says_the_same(const Record& record, const std::string& err) {
  if (record.name == "bad-sub" || record.name == "no-sub") return !err.empty();
  if (const auto besides = kSaidBesides.find(record.name); besides != kSaidBesides.end()) {
    return err.starts_with(record.err) &&
           says_besides(besides->second, std::istringstream(err.substr(record.err.size())));
  }
  if (record.exit == 0) return err == record.err;
  const std::size_t end = record.err.find_last_not_of('\n');
  return err.compare(0, end + 1, record.err, 0, end + 1) == 0;
}

// The real command prints a curl command's headers in any order, so its parts are compared sorted.
std::string canonical(const std::string& out) {
  if (!out.starts_with("curl ")) return out;
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < out.size();) {
    const std::size_t end =
        std::min(out.find(" -H ", at + 1), std::min(out.find(" -d ", at + 1), out.find(" http", at + 1)));
    parts.push_back(out.substr(at, end - at));
    at = end;
  }
  std::sort(parts.begin(), parts.end());
  std::string sorted;
  for (const std::string& part : parts) sorted += part + '\n';
  return sorted;
}

// Everything that differs from the record, a line each; empty when it passes.
std::vector<std::string> differences(const Record& record) {
  Replay replay{&record.exchanges, 0, {}};
  const SystemClock clock;
  const cmd::Services services{clock, [&](const cmd::Target&) -> Result<std::unique_ptr<Backend>> {
                                 return std::make_unique<RecordedBackend>(replay);
                               }};
  cmd::Environment environment(record.env.begin(), record.env.end());
  environment.emplace("HOME", "/nonexistent");
  std::istringstream in(record.input);
  std::ostringstream out;
  std::ostringstream err;
  cmd::Streams streams{in, out, err};
  std::vector<std::string> arguments{"/usr/bin/vault"};
  arguments.insert(arguments.end(), record.args.begin(), record.args.end());

  const int status = cmd::run(arguments, environment, streams, services);

  std::vector<std::string> found = replay.differences;
  if (status != record.exit)
    found.push_back("exit " + std::to_string(status) + ", recorded " + std::to_string(record.exit));
  if (replay.asked != record.exchanges.size()) {
    found.push_back(std::to_string(replay.asked) + " requests, recorded " + std::to_string(record.exchanges.size()));
  }
  if (canonical(out.str()) != canonical(record.out))
    found.push_back("standard output:\n" + out.str() + "\nrecorded:\n" + record.out);
  if (!says_the_same(record, err.str()))
    found.push_back("standard error:\n" + err.str() + "\nrecorded:\n" + record.err);
  return found;
}

void check(const std::vector<Record>& records) {
  for (const Record& record : records) {
    std::string report = record.name + ":";
    for (const std::string& arg : record.args) report += " " + arg;
    const auto found = differences(record);
    for (const std::string& difference : found) report += "\n" + difference;
    CHECK_MESSAGE(found.empty(), report);
  }
}

TEST_CASE("the recorded runs of the real command") {
  const auto records = load_records("vault-1.14.2.jsonl");
  REQUIRE(records.size() == 252);
  check(records);
}

TEST_CASE("runs of the real command on odd answers, paths and arguments") {
  const auto records = load_records("vault-1.14.2-odd.jsonl");
  REQUIRE(records.size() >= 100);
  check(records);
}

}  // namespace
}  // namespace vtoken::golden
