// tests/policy/README.md says how the recorded texts are written.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "policy/builtin.hpp"
#include "policy/format.hpp"
#include "policy/policy.hpp"

namespace vtoken::policy {
namespace {

struct Recorded {
  std::string title;
  std::string before = {};
  std::string after = {};
  bool refused = false;
};

void read_recorded(const std::filesystem::path& name, std::vector<Recorded>& all) {
  std::ifstream file(name);
  std::string line;
  while (std::getline(file, line)) {
    std::string text = line.size() > 2 ? line.substr(2) : "";
    for (auto at = text.find("\\r"); at != std::string::npos; at = text.find("\\r")) text.replace(at, 2, "\r");
    switch (line.empty() ? '#' : line.front()) {
      case '=': all.push_back({.title = line}); break;
      case '<': all.back().before += text + "\n"; break;
      case '>': all.back().after += text + "\n"; break;
      case '~': all.back().before.pop_back(); break;
      case '!': all.back().refused = true; break;
      default: break;
    }
  }
}

TEST_CASE("policies are formatted as the real command does") {
  std::vector<Recorded> all;
  for (const auto& file : std::filesystem::directory_iterator(VTOKEN_SOURCE_DIR "/tests/policy/formats")) {
    read_recorded(file.path(), all);
  }
  CHECK(all.size() >= 60);
  for (const auto& one : all) {
    CAPTURE(one.title);
    const auto formatted = format_policy(one.before);
    CHECK(formatted.has_value() == !one.refused);
    if (formatted) CHECK(*formatted == one.after);
    if (!formatted) CHECK(formatted.error().kind == ErrorKind::usage);
  }
}

TEST_CASE("what is no HCL is refused with its place") {
  CHECK(format_policy("path \"a\" {\n  capabilities = [\"read\"\n}").error().message.starts_with("line 3, column 1: "));
  CHECK(format_policy("a = 1\n  a = 2").error().message == "line 2, column 3: the argument a stands here again");
  CHECK(format_policy(" {}").error().kind == ErrorKind::usage);
  CHECK(format_policy("# \uE123").error().kind == ErrorKind::usage);
}

TEST_CASE("the policies that are there from the start are formatted already") {
  for (const auto text : {default_policy_text(), response_wrapping_text()}) {
    REQUIRE(parse_policy("x", text));
    CHECK(format_policy(text).value().size() >= text.size());
  }
}

}  // namespace
}  // namespace vtoken::policy
