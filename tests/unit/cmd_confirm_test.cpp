#include "cmd/confirm.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <sstream>
#include <streambuf>

#include "cmd/interrupts.hpp"

using vtoken::ErrorKind;
using vtoken::Result;
using namespace vtoken::cmd;

namespace {

struct Asked {
  Result<bool> answer;
  std::string said;
};

Asked ask(std::streambuf& typed, bool is_terminal = true, bool interactive = true) {
  std::istream in(&typed);
  std::ostringstream out;
  std::ostringstream err;
  Streams streams{in, out, err, is_terminal, false, true};
  const Environment environment;
  const vtoken::ManualClock clock(0);
  const Services services{clock, {}};
  Context context{Persona::vtoken, "vtoken", environment, streams, services};
  context.common.non_interactive = !interactive;
  auto answer = confirm(context, "Revoke these 12 tokens?");
  CHECK(out.str().empty());
  return {std::move(answer), err.str()};
}

Asked type(const std::string& text) {
  std::stringbuf typed(text);
  return ask(typed);
}

// Somebody who thinks about it.
struct Silence : std::streambuf {};

}  // namespace

TEST_CASE("only y and yes are yes") {
  for (const char* yes : {"y\n", "Y\n", "yes\n", "YES\n", " yes \r\n", "y"}) {
    CAPTURE(yes);
    const Asked asked = type(yes);
    REQUIRE(asked.answer);
    CHECK(*asked.answer);
    CHECK(asked.said == "Revoke these 12 tokens? [y/N] ");
  }
  for (const char* no : {"\n", "n\n", "no\n", "yess\n", "ye\n", "1\n", "", "\x1b[A\n", "y y\n", "\ny\n"}) {
    CAPTURE(no);
    const Asked asked = type(no);
    REQUIRE(asked.answer);
    CHECK_FALSE(*asked.answer);
  }
}

TEST_CASE("an interrupt is no") {
  Interrupts outer;
  ::raise(SIGINT);
  Silence silence;
  const Asked asked = ask(silence);
  REQUIRE(asked.answer);
  CHECK_FALSE(*asked.answer);
  CHECK(asked.said == "Revoke these 12 tokens? [y/N] \n");
}

TEST_CASE("where nobody can be asked -yes is named") {
  std::stringbuf typed("y\n");
  const Asked piped = ask(typed, false);
  REQUIRE_FALSE(piped.answer);
  CHECK(piped.answer.error().kind == ErrorKind::refused);
  CHECK(piped.answer.error().message.find("-yes") != std::string::npos);
  CHECK(piped.said.empty());
  CHECK(typed.in_avail() == 2);
  CHECK_FALSE(ask(typed, true, false).answer);
}
