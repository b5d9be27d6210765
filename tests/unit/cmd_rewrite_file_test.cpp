#include "cmd/rewrite_file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

using vtoken::ErrorKind;
using vtoken::cmd::rewrite_file;
namespace fs = std::filesystem;

namespace {

struct Folder {
  Folder() {
    std::string name = (fs::temp_directory_path() / "vtoken-rewrite-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::string make(const std::string& name, const std::string& text) const {
    std::ofstream(path / name) << text;
    return path / name;
  }
  [[nodiscard]] std::size_t count() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), fs::directory_iterator()));
  }

  fs::path path;
};

std::string text_of(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

mode_t mode_of(const fs::path& path) {
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  return info.st_mode & 07777U;
}

}  // namespace

TEST_CASE("a file has new contents, and is otherwise as it was") {
  const Folder folder;
  const std::string file = folder.make("a", "a long text that was there before\n");
  REQUIRE(::chmod(file.c_str(), 0640) == 0);
  REQUIRE(rewrite_file(file, "new\n"));
  CHECK(text_of(file) == "new\n");
  CHECK(mode_of(file) == 0640);
  REQUIRE(rewrite_file(file, ""));
  CHECK(text_of(file).empty());
  CHECK(folder.count() == 1);
}

TEST_CASE("links are followed, over several steps and from other folders") {
  const Folder folder;
  const Folder other;
  const std::string file = folder.make("a", "old");
  fs::create_symlink(file, other.path / "one");
  fs::create_symlink("one", other.path / "two");
  REQUIRE(rewrite_file(other.path / "two", "new"));
  CHECK(text_of(file) == "new");
  CHECK(fs::is_symlink(other.path / "two"));
  CHECK(fs::is_symlink(other.path / "one"));
  CHECK_FALSE(fs::is_symlink(file));
  CHECK(folder.count() == 1);
  CHECK(other.count() == 2);
}

TEST_CASE("what cannot be rewritten is left as it is") {
  const Folder folder;
  const auto missing = rewrite_file(folder.path / "none", "x");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().kind == ErrorKind::not_found);
  CHECK_FALSE(rewrite_file(folder.path, "x"));
  REQUIRE(::mkfifo((folder.path / "pipe").c_str(), 0600) == 0);
  CHECK_FALSE(rewrite_file(folder.path / "pipe", "x"));
  CHECK(folder.count() == 1);
  if (::geteuid() == 0) return;  // to whom no mode is closed
  const std::string file = folder.make("a", "old");
  REQUIRE(::chmod(file.c_str(), 0400) == 0);
  CHECK_FALSE(rewrite_file(file, "new"));
  CHECK(text_of(file) == "old");
  CHECK(mode_of(file) == 0400);
}
