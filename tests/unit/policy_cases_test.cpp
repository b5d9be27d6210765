// The table of what policies allow, tests/policy/cases.txt, which says how it is written;
// tests/e2e/policy_cases_test.py holds the real server to it.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "base/timestamp.hpp"
#include "core/json.hpp"
#include "policy/acl.hpp"
#include "policy/builtin.hpp"

namespace vtoken::policy {
namespace {

struct Case {
  std::size_t line = 0;
  std::vector<std::string> policies = {};
  std::optional<Operation> operation = {};  ///< nothing asks for capabilities
  std::string path = {};
  std::string data = {};  ///< JSON; empty for none
  Nanoseconds wrap_ttl = 0;
  std::string answer = {};  ///< "allowed", "denied", or the names of capabilities
};

struct Section {
  std::string title;
  std::map<std::string, std::string> policies = {};
  std::map<std::size_t, std::string> refused = {};  ///< texts that are no policies, by line
  std::vector<Case> cases = {};
};

// Takes what stands before the first blank off `rest`.
std::string word(std::string& rest) {
  const auto blank = rest.find(' ');
  std::string first = rest.substr(0, blank);
  rest.erase(0, blank == std::string::npos ? blank : blank + 1);
  return first;
}

std::vector<std::string> words(std::string rest) {
  std::vector<std::string> all;
  while (!rest.empty()) all.push_back(word(rest));
  return all;
}

std::optional<Operation> operation_of(const std::string& name) {
  static const std::map<std::string, Operation> kNames{{"create", Operation::create},
                                                       {"read", Operation::read},
                                                       {"update", Operation::update},
                                                       {"delete", Operation::erase},
                                                       {"list", Operation::list}};
  if (name == "capabilities") return std::nullopt;
  const auto found = kNames.find(name);
  if (found == kNames.end()) throw std::runtime_error("what is \"" + name + "\"?");
  return found->second;
}

Case read_case(const std::string& first, std::string rest) {
  Case one;
  const auto colon = rest.rfind(" : ");
  if (colon == std::string::npos) throw std::runtime_error("no answer: " + rest);
  one.answer = rest.substr(colon + 3);
  rest.erase(colon);
  one.operation = operation_of(first);
  one.path = word(rest);
  if (one.operation == Operation::list && !one.path.ends_with('/')) one.path += '/';
  if (const auto wrap = rest.find("wrap="); wrap != std::string::npos) {
    one.wrap_ttl = std::stol(rest.substr(wrap + 5)) * kSecond;
    rest.erase(wrap);
  }
  one.data = trimmed(rest);
  return one;
}

// Throws std::runtime_error when the file is not written as it should be.
std::vector<Section> read_table(const std::filesystem::path& name) {
  std::ifstream file(name);
  std::vector<Section> sections;
  std::vector<std::string> policies;
  std::string* text = nullptr;
  std::string line;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    if (line.starts_with("|")) {
      text->append(line.size() > 2 ? line.substr(2) : "").append("\n");
      continue;
    }
    if (line.empty() || line.starts_with("#")) continue;
    std::string rest = line;
    std::string first = word(rest);
    if (first == "==") {
      sections.push_back({.title = rest});
    } else if (first == "policy") {
      text = &sections.back().policies[rest];
    } else if (first == "refuse") {
      text = &sections.back().refused[number];
    } else if (first == "token") {
      policies = words(rest);
    } else {
      sections.back().cases.push_back(read_case(first, std::move(rest)));
      sections.back().cases.back().line = number;
      sections.back().cases.back().policies = policies;
    }
  }
  return sections;
}

std::vector<Section> all_tables() {
  std::vector<Section> all;
  for (const auto& file : std::filesystem::directory_iterator(VTOKEN_SOURCE_DIR "/tests/policy/cases")) {
    for (auto& section : read_table(file.path())) all.push_back(std::move(section));
  }
  return all;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : " ") + name;
  return text;
}

class Policies {
 public:
  explicit Policies(const std::map<std::string, std::string>& texts) {
    keep("root", "");
    keep("default", default_policy_text());
    for (const auto& [name, text] : texts) keep(name, text);
  }

  Acl acl(const std::vector<std::string>& names) const {
    std::vector<const Policy*> found;
    for (const auto& name : names) {
      if (const auto each = policies_.find(name); each != policies_.end()) found.push_back(&each->second);
    }
    return {found, *parse_time("2026-11-22T10:00:00Z")};
  }

 private:
  void keep(const std::string& name, std::string_view text) {
    auto policy = parse_policy(name, text);
    const std::string mistake = policy ? "" : policy.error().message;
    CAPTURE(text);
    REQUIRE_MESSAGE(policy, mistake);
    policies_[name] = std::move(*policy);
  }

  std::map<std::string, Policy> policies_;
};

std::string answer_of(const Case& one, const Acl& acl) {
  if (!one.operation) return joined(acl.capabilities(one.path));
  const auto data = one.data.empty() ? std::nullopt : parse_json(one.data);
  REQUIRE(data.has_value() == !one.data.empty());
  const Question question{*one.operation, one.path, data ? &*data : nullptr, one.wrap_ttl};
  return acl.ask(question).allowed ? "allowed" : "denied";
}

TEST_CASE("the table of cases") {
  std::size_t cases = 0;
  for (const auto& section : all_tables()) {
    CAPTURE(section.title);
    for (const auto& refused : section.refused) {
      CAPTURE(refused.first);
      const auto policy = parse_policy("refused", refused.second);
      CHECK_FALSE(policy);
      if (!policy) CHECK(policy.error().kind == ErrorKind::usage);
    }
    const Policies policies(section.policies);
    for (const auto& one : section.cases) {
      CAPTURE(one.line);
      CHECK(answer_of(one, policies.acl(one.policies)) == one.answer);
    }
    cases += section.cases.size() + section.refused.size();
  }
  CHECK(cases >= 170);
}

}  // namespace
}  // namespace vtoken::policy
