// Which files of a tree are scanned, and in which order.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "base/descriptor.hpp"
#include "scan_world.hpp"

using namespace vtoken;
using namespace vtoken::scan::test;

namespace {

struct Scanned {
  Places places;
  std::vector<std::string> troubles;
  ScanTotals totals;
};

Scanned scanned(const World& world, const std::vector<std::string>& paths, ScanSettings settings = {}) {
  settings.threads = 1;
  Memory alone;
  std::vector<std::string> whole;
  for (const std::string& path : paths) whole.push_back(world / path);
  const ScanTotals totals = scan_paths(whole, settings, alone);
  settings.threads = 4;
  Memory together;
  const ScanTotals same = scan_paths(whole, settings, together);
  CHECK(together.places() == alone.places());
  CHECK(together.troubles == alone.troubles);
  CHECK(same.files == totals.files);
  CHECK(same.bytes == totals.bytes);
  CHECK(same.ignored == totals.ignored);
  CHECK(same.findings == alone.findings.size());
  CHECK(same.troubles == alone.troubles.size());
  CHECK(totals.troubles == alone.troubles.size());
  return {alone.places(world.path() + "/"), alone.troubles, totals};
}

}  // namespace

TEST_CASE("files come sorted by name, hidden ones too, with what is below folders between them") {
  const World world;
  for (const char* name : {"b", "a/2", "a/1/x", "a.txt", ".env", "a/.hidden/y", "\xff", "Z"})
    world.put(name, a_token());
  const Scanned all = scanned(world, {""});
  CHECK(all.places ==
        Places{".env:1:1", "Z:1:1", "a/.hidden/y:1:1", "a/1/x:1:1", "a/2:1:1", "a.txt:1:1", "b:1:1", "\xff:1:1"});
  CHECK(all.totals.files == 8);
  CHECK(all.totals.bytes == 8 * a_token().size());
  CHECK(scanned(world, {"b", "a", "b", "a/1/"}).places ==
        Places{"b:1:1", "a/.hidden/y:1:1", "a/1/x:1:1", "a/2:1:1", "b:1:1", "a/1/x:1:1"});
}

TEST_CASE("symbolic links are followed where they were named, and nowhere else") {
  const World world;
  world.put("tree/real", a_token());
  std::filesystem::create_symlink("real", world / "tree/link");
  std::filesystem::create_directory_symlink(".", world / "tree/loop");
  std::filesystem::create_directory_symlink("tree", world / "door");
  std::filesystem::create_symlink("nowhere", world / "tree/broken");
  CHECK(scanned(world, {"tree"}).places == Places{"tree/real:1:1"});
  CHECK(scanned(world, {"door"}).places == Places{"door/real:1:1"});
  CHECK(scanned(world, {"tree/link"}).places == Places{"tree/link:1:1"});
  CHECK(scanned(world, {"tree/broken"}).troubles.size() == 1);
}

TEST_CASE("pipes and sockets in folders are left alone") {
  const World world;
  world.put("file", a_token());
  REQUIRE(::mkfifo((world / "fifo").c_str(), 0600) == 0);
  const Descriptor socket(::socket(AF_UNIX, SOCK_STREAM, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  (world / "socket").copy(address.sun_path, sizeof address.sun_path - 1);
  REQUIRE(::bind(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  const Scanned all = scanned(world, {""});
  CHECK(all.places == Places{"file:1:1"});
  CHECK(all.troubles.empty());
}

TEST_CASE("what cannot be read is told, and the rest is read") {
  const World world;
  world.put("a", a_token());
  world.put("z", a_token());
  const Scanned all = scanned(world, {"a", "none", "a/below", "z"});
  CHECK(all.places == Places{"a:1:1", "z:1:1"});
  CHECK(all.troubles ==
        std::vector<std::string>{world / "none: No such file or directory", world / "a/below: Not a directory"});
  CHECK(all.totals.files == 2);
}

TEST_CASE("a file that goes away between its folder's listing and its turn is told") {
  const World world;
  for (const char* name : {"a", "b", "c"}) world.put(name, a_token());
  class Remover final : public ScanSink {
   public:
    explicit Remover(std::string victim) : victim_(std::move(victim)) {}
    bool found(Finding finding) override {
      std::filesystem::remove(victim_);
      found_.push_back(finding.path.substr(finding.path.size() - 1));
      return true;
    }
    void trouble(const Error& error) override { found_.push_back(error.text()); }
    std::vector<std::string> found_;

   private:
    std::string victim_;
  };
  Remover sink(world / "b");
  ScanSettings settings;
  settings.threads = 1;
  CHECK(scan_paths({world.path()}, settings, sink).troubles == 1);
  CHECK(sink.found_ == std::vector<std::string>{"a", world / "b: No such file or directory", "c"});
}

TEST_CASE("no tree is too deep, and no path too long") {
  const World world;
  const std::string name(120, 'd');
  constexpr int kDepth = 150;  // 18 kB of path
  std::vector<int> open{::open(world.path().c_str(), O_RDONLY | O_DIRECTORY)};
  for (int i = 0; i < kDepth; ++i) {
    REQUIRE(::mkdirat(open.back(), name.c_str(), 0700) == 0);
    open.push_back(::openat(open.back(), name.c_str(), O_RDONLY | O_DIRECTORY));
    const Descriptor file(::openat(open.back(), "z", O_WRONLY | O_CREAT, 0600));
    REQUIRE(write_all(file.number(), a_token()));
  }
  for (const int each : open) ::close(each);
  const Scanned all = scanned(world, {""});
  CHECK(all.places.size() == kDepth);
  CHECK(all.troubles.empty());
  CHECK(all.places.front().size() == kDepth * 121 + std::string("z:1:1").size());
  CHECK(all.places.back() == name + "/z:1:1");
}

TEST_CASE("ignore rules: folders count once, what is named is scanned all the same") {
  const World world;
  world.put(".gitignore", "*.log\nbuild/\n!keep.log\n");
  world.put("a.log", a_token());
  world.put("keep.log", a_token());
  world.put("build/x", a_token());
  world.put("build/y", a_token());
  world.put("src/deep/b.log", a_token());
  world.put("src/deep/.gitignore", "!b.log\nc\n");
  world.put("src/deep/c", a_token());
  const Scanned all = scanned(world, {""});
  CHECK(all.places == Places{"keep.log:1:1", "src/deep/b.log:1:1"});
  CHECK(all.totals.ignored == 3);
  CHECK(scanned(world, {"a.log", "build"}).places == Places{"a.log:1:1", "build/x:1:1", "build/y:1:1"});
  ScanSettings everything;
  everything.ignored = true;
  CHECK(scanned(world, {""}, everything).places.size() == 6);
  CHECK(scanned(world, {""}, everything).totals.ignored == 0);
}

TEST_CASE("rules of the folders above hold as far as the repository goes") {
  const World world;
  world.put(".gitignore", "from-outside\n");
  world.put("repo/.git/HEAD", "");
  world.put("repo/.git/info/exclude", "excluded\n/a/b/anchored\n");
  world.put("repo/.gitignore", "from-top\n");
  world.put("repo/a/.gitignore", "b/from-middle\n");
  for (const char* name : {"from-outside", "excluded", "anchored", "from-top", "from-middle", "plain"}) {
    world.put("repo/a/b/" + std::string(name), a_token());
  }
  const Places left{"repo/a/b/from-outside:1:1", "repo/a/b/plain:1:1"};
  CHECK(scanned(world, {"repo/a/b"}).places == left);
  CHECK(scanned(world, {"repo"}).places == left);
  CHECK(scanned(world, {""}).places == left);
}

TEST_CASE("a repository within another begins its rules anew") {
  const World world;
  world.put(".git/HEAD", "");
  world.put(".gitignore", "x\n");
  world.put("inner/.git/HEAD", "");
  world.put("inner/.git/info/exclude", "y\n");
  world.put("inner/x", a_token());
  world.put("inner/y", a_token());
  world.put("x", a_token());
  world.put("y", a_token());
  CHECK(scanned(world, {""}).places == Places{"inner/x:1:1", "y:1:1"});
}

TEST_CASE("the exclude file is found from a second work tree, and from a submodule") {
  const World world;
  world.put("main/.git/info/exclude", "secret\n");
  world.put("main/.git/worktrees/second/commondir", "../..\n");
  world.put("second/.git", "gitdir: " + (world / "main/.git/worktrees/second") + "\n");
  world.put("second/secret", a_token());
  world.put("main/.git/modules/part/info/exclude", "hidden\n");
  world.put("main/part/.git", "gitdir: ../.git/modules/part\n");
  world.put("main/part/hidden", a_token());
  world.put("main/part/shown", a_token());
  CHECK(scanned(world, {"second"}).places.empty());
  CHECK(scanned(world, {"main"}).places == Places{"main/part/shown:1:1"});
}

TEST_CASE(".git is left out, unless it is named or all is wanted") {
  const World world;
  world.put(".git/config", a_token());
  world.put("sub/.git", a_token());
  world.put("ours", a_token());
  CHECK(scanned(world, {""}).places == Places{"ours:1:1"});
  CHECK(scanned(world, {".git"}).places == Places{".git/config:1:1"});
  ScanSettings everything;
  everything.ignored = true;
  CHECK(scanned(world, {""}, everything).places.size() == 3);
}

TEST_CASE("rules that cannot be read are told; a symbolic link in their place counts for nothing, as with git") {
  const World world;
  world.put("a/file", a_token());
  world.put("rules", "file\n");
  std::filesystem::create_symlink(world / "rules", world / "a/.gitignore");
  CHECK(scanned(world, {"a"}).places == Places{"a/file:1:1"});
  std::filesystem::remove(world / "a/.gitignore");
  std::filesystem::create_directory(world / "a/.gitignore");
  CHECK(scanned(world, {"a"}).troubles.empty());
  std::filesystem::remove(world / "a/.gitignore");
  world.put("a/.gitignore", std::string(17U << 20U, '\n'));
  const Scanned all = scanned(world, {"a"});
  CHECK(all.places == Places{"a/file:1:1"});
  REQUIRE(all.troubles.size() == 1);
  CHECK(all.troubles.front().starts_with(world / "a/.gitignore: too long"));
}
