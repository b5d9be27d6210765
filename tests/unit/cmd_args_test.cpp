#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <sstream>

#include "cmd/args.hpp"

namespace vtoken::cmd {
namespace {

using Words = std::vector<std::string>;

// One flag of each kind, as a command declares them.
struct Fixture {
  Fixture() {
    flags.group("Some");
    flags.boolean({"force", "Do it.", {}, "f"}, force);
    flags.boolean({"renewable", "Renewable."}, renewable);
    flags.text({"id", "The name.", "NAME"}, id);
    flags.duration({"ttl", "The time.", "DURATION", "t"}, ttl);
    flags.integer({"use-limit", "The count.", "COUNT"}, limit);
    flags.list({"policy", "A policy.", "NAME"}, policies);
    flags.pairs({"metadata", "A pair.", "KEY=VALUE"}, metadata);
  }

  std::string error_of(const Words& words) {
    const auto parsed = flags.parse(words);
    return parsed ? "none" : parsed.error().message;
  }

  Words arguments_of(const Words& words) {
    const auto parsed = flags.parse(words);
    REQUIRE(parsed);
    return parsed->arguments;
  }

  FlagSet flags;
  bool force = false;
  std::optional<bool> renewable;
  std::optional<std::string> id;
  std::optional<Nanoseconds> ttl;
  std::optional<std::int64_t> limit;
  Words policies;
  std::map<std::string, std::string> metadata;
};

TEST_CASE_FIXTURE(Fixture, "a value follows an equals sign or is the next word, with one dash or two") {
  for (const Words& words : {Words{"-id=x"}, Words{"--id=x"}, Words{"-id", "x"}, Words{"--id", "x"}}) {
    id.reset();
    CHECK(arguments_of(words).empty());
    CHECK(id == "x");
  }
}

TEST_CASE_FIXTURE(Fixture, "what is not given stays unset") {
  CHECK(arguments_of({}).empty());
  CHECK_FALSE(id);
  CHECK_FALSE(ttl);
  CHECK_FALSE(limit);
  CHECK_FALSE(renewable);
}

TEST_CASE_FIXTURE(Fixture, "a boolean takes a value only after an equals sign") {
  CHECK(arguments_of({"-force", "false"}) == Words{"false"});
  CHECK(force);
  CHECK(arguments_of({"-force=false", "-renewable=F"}).empty());
  CHECK_FALSE(force);
  CHECK(renewable == false);
  CHECK(arguments_of({"-f"}).empty());
  CHECK(force);
}

TEST_CASE_FIXTURE(Fixture, "flags stand anywhere, and two dashes end them") {
  CHECK(arguments_of({"a", "-id=x", "b", "-", "-force", "--", "-ttl=1h", "--", "-nope"}) ==
        Words{"a", "b", "-", "-ttl=1h", "--", "-nope"});
  CHECK(id == "x");
  CHECK_FALSE(ttl);
}

TEST_CASE_FIXTURE(Fixture, "flags can end at the first argument") {
  flags.end_at_argument();
  CHECK(arguments_of({"-force", "-id", "x", "run", "-id=y", "--", "-f"}) == Words{"run", "-id=y", "--", "-f"});
  CHECK(id == "x");
  CHECK(arguments_of({"-force", "--", "-id=y", "run"}) == Words{"-id=y", "run"});
  CHECK(arguments_of({"-", "-nonsense"}) == Words{"-", "-nonsense"});
  CHECK(error_of({"-nonsense", "run"}) == "flag provided but not defined: -nonsense");
  CHECK(flags.parse({"run", "-help"})->help == false);
}

TEST_CASE_FIXTURE(Fixture, "a value keeps its characters, whatever they mean elsewhere") {
  for (const std::string value : {"", "[a,b]", "-x", "--", "--id=y", "=", "a=b", "{}", " a ", "%%", "'", "\"", "++"}) {
    CAPTURE(value);
    CHECK(arguments_of({"-id=" + value}).empty());
    CHECK(id == value);
    id.reset();
    CHECK(arguments_of({"-id", value, "rest"}) == Words{"rest"});
    CHECK(id == value);
  }
}

TEST_CASE_FIXTURE(Fixture, "any value passes as it is, in both forms") {
  rc::check([this](const std::string& value, const std::string& other) {
    // A null byte cannot be in an argument.
    RC_PRE(value.find('\0') == std::string::npos && other.find('\0') == std::string::npos);
    RC_ASSERT(flags.parse({"-id=" + value, "-metadata", "k=" + other}).has_value());
    RC_ASSERT(id == value);
    RC_ASSERT(metadata["k"] == other);
    RC_ASSERT(flags.parse({"--id", other}).has_value());
    RC_ASSERT(id == other);
  });
}

TEST_CASE_FIXTURE(Fixture, "any words are read or refused, and never more than that") {
  const auto word =
      rc::gen::element<std::string>("-", "--", "-id", "--id=", "-ttl=1h", "-ttl", "x", "-force", "-force=", "-nope",
                                    "---", "-=", "--=x", "-metadata=a=b", "-policy", "", "=");
  rc::check([&, this] {
    const auto words = *rc::gen::container<Words>(word);
    const auto parsed = flags.parse(words);
    if (parsed) {
      RC_ASSERT(parsed->arguments.size() <= words.size());
    } else {
      RC_ASSERT(parsed.error().kind == ErrorKind::usage);
      RC_ASSERT(!parsed.error().message.empty());
    }
  });
}

TEST_CASE_FIXTURE(Fixture, "the last value counts, lists collect, pairs are keyed") {
  CHECK(arguments_of({"-id=a", "-policy=x", "-metadata=k=1", "-id=b", "-policy", " y,z ", "-metadata=k=2=3"}).empty());
  CHECK(id == "b");
  CHECK(policies == Words{"x", "y,z"});
  CHECK(metadata == std::map<std::string, std::string>{{"k", "2=3"}});
}

TEST_CASE_FIXTURE(Fixture, "durations and numbers") {
  CHECK(arguments_of({"-t", "1h30m", "-use-limit=-1"}).empty());
  CHECK(ttl == 5400 * kSecond);
  CHECK(limit == -1);
  CHECK(arguments_of({"-ttl=2d", "-use-limit=+7"}).empty());
  CHECK(ttl == 172800 * kSecond);
  CHECK(limit == 7);
}

TEST_CASE_FIXTURE(Fixture, "mistakes are told in the words of Go's flag package") {
  CHECK(error_of({"-nope"}) == "flag provided but not defined: -nope");
  CHECK(error_of({"--nope=1"}) == "flag provided but not defined: -nope");
  CHECK(error_of({"-id"}) == "flag needs an argument: -id");
  CHECK(error_of({"---id=1"}) == "bad flag syntax: ---id=1");
  CHECK(error_of({"-=1"}) == "bad flag syntax: -=1");
  CHECK(error_of({"-force=perhaps"}) ==
        "invalid boolean value \"perhaps\" for -force: strconv.ParseBool: parsing \"perhaps\": invalid syntax");
  CHECK(error_of({"-f="}) == "invalid boolean value \"\" for -f: strconv.ParseBool: parsing \"\": invalid syntax");
  CHECK(error_of({"-use-limit=1x"}) ==
        "invalid value \"1x\" for flag -use-limit: strconv.ParseInt: parsing \"1x\": invalid syntax");
  CHECK(error_of({"-use-limit=9223372036854775808"}) ==
        "invalid value \"9223372036854775808\" for flag -use-limit: strconv.ParseInt: parsing \"9223372036854775808\": "
        "value out of range");
  CHECK(error_of({"-metadata=a"}) == "invalid value \"a\" for flag -metadata: missing = in KV pair: \"a\"");
  CHECK(error_of({"-ttl=abc"}).starts_with("invalid value \"abc\" for flag -ttl: time: invalid duration \"abc\""));
  CHECK(error_of({"-t=abc"}).starts_with("invalid value \"abc\" for flag -t: "));
}

TEST_CASE_FIXTURE(Fixture, "the first mistake is the one told") {
  CHECK(error_of({"-use-limit=x", "-nope"}).starts_with("invalid value \"x\" for flag -use-limit"));
  CHECK(error_of({"-nope", "-use-limit=x"}) == "flag provided but not defined: -nope");
  CHECK(error_of({"-ttl=x", "-use-limit=y"}).starts_with("invalid value \"x\" for flag -ttl"));
}

TEST_CASE_FIXTURE(Fixture, "a wish for help stops the reading") {
  for (const char* word : {"-h", "-help", "--help"}) {
    const auto parsed = flags.parse({"a", word, "-nope"});
    REQUIRE(parsed);
    CHECK(parsed->help);
  }
  const auto value = flags.parse({"-id", "-help"});
  REQUIRE(value);
  CHECK_FALSE(value->help);
}

TEST_CASE_FIXTURE(Fixture, "the help names every flag, in lines of at most 80 characters") {
  flags.text(
      {"long", "Words that fill more than one line of eighty characters when they are set below the name of a flag.",
       "V"},
      id);
  const std::string help = flags_help(flags);
  for (const char* name : {"-force, -f\n", "-id=NAME\n", "-ttl, -t=DURATION\n", "-metadata=KEY=VALUE\n", "Some:\n"}) {
    CAPTURE(name);
    CHECK(help.find(name) != std::string::npos);
  }
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 80);
}

TEST_CASE("quoted as Go's %q") {
  CHECK(go_quoted("a") == "\"a\"");
  CHECK(go_quoted("a\"b\\c\n\x01") == "\"a\\\"b\\\\c\\n\\x01\"");
}

}  // namespace
}  // namespace vtoken::cmd
