// Files that take their name at one stroke.
#include "cmd/output_file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace vtoken::cmd {
namespace {

class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / "vtoken-output-XXXXXX") {
    std::string name = path_.string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }
  [[nodiscard]] std::ptrdiff_t size() const {
    return std::distance(std::filesystem::directory_iterator(path_), std::filesystem::directory_iterator());
  }

 private:
  std::filesystem::path path_;
};

std::string content(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST_CASE("what is printed is there when the file is put in its place, and not before") {
  const Folder folder;
  const std::string path = folder.file("a");
  const std::string long_text(1'000'000, 'x');
  {
    auto file = OutputFile::create(path);
    REQUIRE(file);
    CHECK_FALSE(file->has_content());
    file->stream() << long_text << "end\n";
    CHECK(file->has_content());
    REQUIRE(file->flush());
    CHECK_FALSE(std::filesystem::exists(path));
    REQUIRE(file->put_in_place());
  }
  CHECK(content(path) == long_text + "end\n");
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  CHECK((info.st_mode & 07777U) == 0600);
  CHECK(folder.size() == 1);
}

TEST_CASE("a file that is not put in its place leaves nothing") {
  const Folder folder;
  const std::string path = folder.file("a");
  std::ofstream(path) << "old";
  {
    auto file = OutputFile::create(path);
    REQUIRE(file);
    file->stream() << "new";
    REQUIRE(file->flush());
  }
  CHECK(content(path) == "old");
  CHECK(folder.size() == 1);
}

TEST_CASE("two at once: each is whole") {
  const Folder folder;
  const std::string path = folder.file("a");
  auto one = OutputFile::create(path);
  auto two = OutputFile::create(path);
  REQUIRE(one);
  REQUIRE(two);
  one->stream() << "one";
  two->stream() << "two";
  REQUIRE(two->put_in_place());
  CHECK(content(path) == "two");
  REQUIRE(one->put_in_place());
  CHECK(content(path) == "one");
  CHECK(folder.size() == 1);
}

TEST_CASE("places that are none") {
  const Folder folder;
  for (const std::string& path : {std::string(), folder.file(""), std::string("/dev/null")}) {
    CAPTURE(path);
    const auto file = OutputFile::create(path);
    REQUIRE_FALSE(file);
    CHECK(file.error().kind == ErrorKind::usage);
  }
  std::filesystem::create_symlink("b", folder.file("link"));
  CHECK(OutputFile::create(folder.file("link")).error().kind == ErrorKind::usage);
  CHECK(OutputFile::create(folder.file("no/file")).error().kind == ErrorKind::not_found);
}

}  // namespace
}  // namespace vtoken::cmd
