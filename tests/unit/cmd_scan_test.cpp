// The scan command through run(): what it asks for, and what it never does.
#include <doctest/doctest.h>

#include <algorithm>
#include <cerrno>
#include <sstream>
#include <streambuf>
#include <string>

#include "base/clock.hpp"
#include "cmd/app.hpp"
#include "cmd/target.hpp"

namespace vtoken::cmd {
namespace {

struct Ran {
  int status;
  std::string out;
  std::string err;
};

struct World {
  bool terminal = false;

  Ran run(std::vector<std::string> words, std::streambuf& input, const std::string& program = "vtoken") const {
    words.insert(words.begin(), {program, "scan"});
    std::istream in(&input);
    std::ostringstream out;
    std::ostringstream err;
    Streams streams{in, out, err, terminal};
    const ManualClock clock(1'700'000'000 * kSecond);
    const Services services{clock, [](const Target&) -> Result<std::unique_ptr<Backend>> {
                              FAIL("a back end is opened");
                              return fail(ErrorKind::internal, "");
                            }};
    const Environment environment{
        {"VTOKEN_STORE", "/fake"}, {"VAULT_ADDR", "x"}, {"VAULT_FORMAT", "nonsense"}, {"VAULT_DETAILED", "?"}};
    const int status = cmd::run(words, environment, streams, services);
    return {status, out.str(), err.str()};
  }
  Ran run(std::vector<std::string> words, const std::string& input = {}) const {
    std::stringbuf buffer(input);
    return run(std::move(words), buffer);
  }
};

// Gives what it has in small pieces, and then fails.
class Failing final : public std::streambuf {
 public:
  explicit Failing(std::string text) : text_(std::move(text)) {}

 protected:
  int_type underflow() override {
    if (at_ == text_.size()) {
      throw std::ios_base::failure("cannot", std::error_code(EIO, std::generic_category()));
    }
    const std::size_t size = std::min<std::size_t>(5, text_.size() - at_);
    setg(text_.data() + at_, text_.data() + at_, text_.data() + at_ + size);
    at_ += size;
    return traits_type::to_int_type(*gptr());
  }

 private:
  std::string text_;
  std::size_t at_ = 0;
};

constexpr const char* kText = "a\nVAULT_TOKEN=hvs.KrDfSk8Qt7GfkcNnV5bH1g03\n";

TEST_CASE("standard input is scanned, whatever the environment says, and nobody is asked") {
  const Ran ran = World{}.run({}, kText);
  CHECK(ran.status == 1);
  CHECK(ran.out.starts_with("-:2:13: service token hvs.****1g03 (likely: "));
  CHECK(ran.err == "1 token found in standard input, 43 bytes\n");
  CHECK(World{}.run({"-"}, "nothing").status == 0);
}

TEST_CASE("input in small pieces, and input that fails in the end") {
  Failing input(kText);
  const Ran ran = World{}.run({"-"}, input);
  CHECK(ran.status == 2);
  CHECK(ran.out.starts_with("-:2:13: service token hvs.****1g03"));
  CHECK(ran.err.starts_with("standard input: Input/output error\n"));
}

TEST_CASE("a terminal is not read unless it is named") {
  World world;
  world.terminal = true;
  const Ran ran = world.run({}, kText);
  CHECK(ran.status == 2);
  CHECK(ran.out.empty());
  CHECK(ran.err == "Name what is to be scanned: files, folders, or - for standard input\n");
  CHECK(world.run({"-"}, kText).status == 1);
}

TEST_CASE("wrong usage is 2, and writes no data") {
  const std::vector<std::vector<std::string>> lines = {{"-x"},
                                                       {"-format"},
                                                       {"-format=table"},
                                                       {"-format=", "-"},
                                                       {"-format=token"},
                                                       {"-min-confidence=LIKELY"},
                                                       {"-threads=0"},
                                                       {"-threads=65"},
                                                       {"-diff", "file"},
                                                       {"-diff=maybe"},
                                                       {"-reveal=2"},
                                                       {"-", "-"},
                                                       {""},
                                                       {"-baseline=/nonexistent"},
                                                       {"-baseline=-", "-"}};
  for (const auto& words : lines) {
    CAPTURE(words.front());
    const Ran ran = World{}.run(words, kText);
    CHECK(ran.status == 2);
    CHECK(ran.out.empty());
    CHECK_FALSE(ran.err.empty());
  }
}

TEST_CASE("the real commands have no scan") {
  for (const char* name : {"vault", "bao"}) {
    std::stringbuf none;
    const Ran ran = World{}.run({"-"}, none, name);
    CHECK(ran.status == 1);
    CHECK(ran.err.starts_with("There is no command \"scan\"."));
  }
}

}  // namespace
}  // namespace vtoken::cmd
