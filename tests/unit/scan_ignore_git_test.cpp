// Ignore rules, compared with git's own answer for patterns and paths at random.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "scan_world.hpp"

using namespace vtoken;
using namespace vtoken::scan::test;

namespace {

const std::vector<std::string> kFolders{"", "a/", "a/b/", "ab/", "a/b/a/", "b/", "b/a.b/", "b/a.b/ab/"};
const std::vector<std::string> kNames{"a.c", "A",  "c", "ca", "a b", "b ",       "[c]",
                                      "*",   "!a", "#", "\\", "c-",  "\xc3\xa9", "0"};
const std::vector<std::string> kRuleFiles{".gitignore", "a/.gitignore", "a/b/.gitignore", ".git/info/exclude"};

/// Parts that patterns are made of: short, so that many of them match something.
const std::vector<std::string> kParts{
    "a",       "b",        "c",     "A",         "ab",   "a.c",  ".c",     "*",    "*",     "?",    "**",
    "**/",     "/",        "/",     "/**/",      "/**",  "[ab]", "[!a]",   "[^b]", "[a-c]", "[]a]", "[a/]",
    "[",       "]",        "\\",    "\\*",       "\\a",  "\\ ",  " ",      " ",    "!",     "#",    "[[:alpha:]]",
    "[[:x:]]", "[\\]]",    "[a-",   "\\!a",      "\\#",  "-",    "[c-]",   "***",  "\t",    "\r",   "[[:digit:]b]",
    "[--0]",   "\xc3\xa9", "[\\!]", "[a\\-c]",   "a**/", "a**",  "*/**/b", "a/b",  "b/a.b", "a b",  "\\\\",
    "[[]",     "[:a]",     "[!]a]", "[[:punct:]"};

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class Repository : public World {
 public:
  Repository() {
    run("git init -q .");
    for (const std::string& folder : kFolders) {
      for (const std::string& name : kNames) {
        put(folder + name, a_token() + "\n");
        paths_.push_back(folder + name);
      }
    }
    std::string question;
    for (const std::string& path : paths_) question += path + '\0';
    put(".git/question", question);
  }

  void run(const std::string& command) const {
    const std::string whole = "cd '" + path() +
                              "' && env -i PATH=\"$PATH\" HOME=/nonexistent GIT_CONFIG_NOSYSTEM=1 "
                              "GIT_CONFIG_GLOBAL=/dev/null " +
                              command;
    const int status = std::system(whole.c_str());  // NOLINT(concurrency-mt-unsafe)
    // 1: it has nothing to say.
    REQUIRE((status == 0 || status == 256));
  }

  [[nodiscard]] std::set<std::string> left_out_by_git() const {
    run("git check-ignore -z --stdin --no-index <.git/question >.git/answer");
    std::set<std::string> paths;
    std::string path;
    for (const char c : bytes_of(*this / ".git/answer")) {
      if (c != '\0') {
        path += c;
      } else {
        paths.insert(path);
        path.clear();
      }
    }
    return paths;
  }

  [[nodiscard]] std::set<std::string> left_out_by_scan(const std::string& from) const {
    Memory sink;
    ScanSettings settings;
    settings.threads = 1;
    static_cast<void>(scan_paths({*this / from}, settings, sink));
    std::set<std::string> paths;
    for (const std::string& each : paths_) {
      if (each.starts_with(from)) paths.insert(each);
    }
    for (const Finding& finding : sink.findings) paths.erase(finding.path.substr(path().size() + 1));
    return paths;
  }

 private:
  std::vector<std::string> paths_;
};

rc::Gen<std::string> a_line() {
  return rc::gen::map(rc::gen::resize(6, rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(kParts))),
                      [](const std::vector<std::string>& parts) {
                        std::string line;
                        for (const std::string& part : parts) line += part;
                        return line;
                      });
}

rc::Gen<std::string> some_lines() {
  return rc::gen::map(rc::gen::pair(rc::gen::resize(5, rc::gen::container<std::vector<std::string>>(a_line())),
                                    rc::gen::arbitrary<bool>()),
                      [](const std::pair<std::vector<std::string>, bool>& lines) {
                        std::string text;
                        for (const std::string& line : lines.first) text += (text.empty() ? "" : "\n") + line;
                        return text + (lines.second ? "\n" : "");
                      });
}

}  // namespace

TEST_CASE("what ignore rules leave out is what git leaves out") {
  const Repository repository;
  CHECK(rc::check([&] {
    for (const std::string& file : kRuleFiles) repository.put(file, *some_lines());
    const std::set<std::string> by_git = repository.left_out_by_git();
    const std::set<std::string> by_scan = repository.left_out_by_scan("");
    for (const std::string& path : by_git) RC_LOG() << "git leaves out: " << path << "\n";
    for (const std::string& path : by_scan) RC_LOG() << "the scan leaves out: " << path << "\n";
    RC_ASSERT(by_scan == by_git);
  }));
}

TEST_CASE("rules from above hold in a folder that is named") {
  const Repository repository;
  CHECK(rc::check([&] {
    for (const std::string& file : kRuleFiles) repository.put(file, *some_lines());
    const std::string from = *rc::gen::elementOf(kFolders);
    std::set<std::string> by_git;
    for (const std::string& path : repository.left_out_by_git()) {
      if (path.starts_with(from)) by_git.insert(path);
    }
    // The folder itself is read because it was named, which git does not know.
    RC_PRE(by_git.size() < kNames.size());
    const std::set<std::string> by_scan = repository.left_out_by_scan(from);
    for (const std::string& path : by_git) RC_LOG() << "git leaves out: " << path << "\n";
    for (const std::string& path : by_scan) RC_LOG() << "the scan leaves out: " << path << "\n";
    RC_ASSERT(by_scan == by_git);
  }));
}
