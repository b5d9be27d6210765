// Runs every recorded command line in this process and compares what it asks and prints with what the real command did.
#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include "base/clock.hpp"
#include "cmd/app.hpp"
#include "core/answer.hpp"
#include "recorded_backend.hpp"
#include "records.hpp"

namespace vtoken::golden {
namespace {

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\n");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t\n") - first + 1);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (!trimmed(line).empty()) lines.push_back(trimmed(line));
  }
  return lines;
}

// A failing run says what the server said; one that asked nothing says the real command's first line.
std::vector<std::string> expected_messages(const Record& record) {
  std::vector<std::string> messages;
  if (record.exit == 0) return messages;
  if (!record.exchanges.empty()) {
    for (const std::string& text : read_server_errors(record.exchanges.back().response).texts) {
      for (std::string& line : lines_of(text)) messages.push_back(std::move(line));
    }
    return messages;
  }
  const bool shows_help = record.name == "bad-sub" || record.name == "no-sub";
  const auto lines = lines_of(record.err);
  if (!shows_help && !lines.empty()) messages.push_back(lines.front());
  return messages;
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
  if (out.str() != record.out) found.push_back("standard output:\n" + out.str() + "\nrecorded:\n" + record.out);
  for (const std::string& message : expected_messages(record)) {
    if (err.str().find(message) == std::string::npos) found.push_back("standard error lacks: " + message);
  }
  if (record.exit == 0 && err.str() != record.err)
    found.push_back("standard error:\n" + err.str() + "\nrecorded:\n" + record.err);
  if (!found.empty() && !err.str().empty()) found.push_back("standard error was:\n" + err.str());
  return found;
}

TEST_CASE("the recorded runs of the real command") {
  const auto records = load_records();
  auto pending = load_pending();
  REQUIRE(records.size() == 252);
  for (const Record& record : records) {
    const auto found = differences(record);
    std::string report = record.name + ":";
    for (const std::string& arg : record.args) report += " " + arg;
    if (const auto reason = pending.find(record.name); reason != pending.end()) {
      const std::string message = report + "\npasses, but pending.txt says: " + reason->second;
      CHECK_MESSAGE(!found.empty(), message);
      pending.erase(reason);
      continue;
    }
    for (const std::string& difference : found) report += "\n" + difference;
    CHECK_MESSAGE(found.empty(), report);
  }
  for (const auto& [name, reason] : pending) {
    FAIL_CHECK("pending.txt names a record that does not exist: " << name);
  }
}

}  // namespace
}  // namespace vtoken::golden
