#include "cmd/sweep_flags.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <vector>

#include "cmd/accessor_file.hpp"

namespace vtoken::cmd {
namespace {

using Words = std::vector<std::string>;

constexpr Nanoseconds kNow = 1'800'000'000 * kSecond;

// What the words choose; their error, if they are wrong.
Result<sweep::Filter> chosen(const Words& words) {
  SweepFlags flags;
  FlagSet set;
  flags.declare(set);
  const auto parsed = set.parse(words);
  if (!parsed) return tl::unexpected(parsed.error());
  return flags.filter(kNow);
}

std::string error(const Words& words) {
  const auto filter = chosen(words);
  if (filter) return "";
  CHECK(filter.error().kind == ErrorKind::usage);
  return filter.error().text();
}

Words read(const std::string& text) {
  std::istringstream in(text);
  const auto keys = read_accessors(in, "f");
  if (!keys) {
    CHECK(keys.error().kind == ErrorKind::usage);
    return {"error", keys.error().text()};
  }
  Words out;
  keys->for_each([&out](std::string_view key) {
    out.emplace_back(key);
    return true;
  });
  return out;
}

TEST_CASE("every flag finds its place") {
  const auto filter = chosen({"-policy=App", "-policy", "ci-*", "-role=r", "-path=auth/x/*", "-display-name=token-*",
                              "-metadata=team=a=b", "-metadata=env=", "-entity-id=e", "-type=service", "-orphan=false",
                              "-created-before=2h", "-created-after=2026-11-22T10:00:00Z", "-ttl-less-than=1h",
                              "-ttl-greater-than=90s"});
  REQUIRE(filter.has_value());
  CHECK(filter->policies == Words{"app", "ci-*"});
  CHECK(filter->roles == Words{"r"});
  CHECK(filter->paths == Words{"auth/x/*"});
  CHECK(filter->display_names == Words{"token-*"});
  CHECK(filter->metadata == std::vector<std::pair<std::string, std::string>>{{"team", "a=b"}, {"env", ""}});
  CHECK(filter->entity_ids == Words{"e"});
  CHECK(filter->type == "service");
  CHECK(filter->orphan == false);
  CHECK(filter->created_before == 1'800'000'000 - 7200);
  CHECK(filter->created_after == 1795341600);
  CHECK(filter->ttl_less_than == 3600);
  CHECK(filter->ttl_greater_than == 90);
  CHECK_FALSE(filter->all);
}

TEST_CASE("parts of a second lose nothing") {
  CHECK(chosen({"-ttl-less-than=1500ms"})->ttl_less_than == 2);
  CHECK(chosen({"-ttl-less-than=1s"})->ttl_less_than == 1);
  CHECK(chosen({"-ttl-greater-than=1500ms"})->ttl_greater_than == 1);
  CHECK(chosen({"-ttl-greater-than=0"})->ttl_greater_than == 0);
}

TEST_CASE("nothing, all, and a file") {
  CHECK(chosen({})->empty());
  CHECK(chosen({"-all"})->all);
  CHECK(chosen({"-accessors-from=f"})->all);
  CHECK(chosen({"-accessors-from=f", "-all"})->all);
  CHECK_FALSE(chosen({"-accessors-from=f", "-policy=a"})->all);
}

TEST_CASE("what is wrong is said") {
  CHECK(error({"-policy="}) == "-policy is empty: say which, or leave the flag out");
  CHECK(error({"-role= "}) == "-role is empty: say which, or leave the flag out");
  CHECK(error({"-path=\xff"}) == "-path is not UTF-8, so that no token can match");
  CHECK(error({"-metadata=a"}) == "-metadata=\"a\": write it as KEY=VALUE; KEY=* is any value");
  CHECK_FALSE(error({"-metadata==a"}).empty());
  CHECK(error({"-type=Service"}) == "-type=\"Service\": it is service or batch");
  CHECK(error({"-created-before=1d2"}).starts_with("-created-before: 1d2 is neither a point of time nor an age"));
  CHECK_FALSE(error({"-created-after="}).empty());
  CHECK_FALSE(error({"-created-after=1h", "-created-before=1h"}).empty());
  CHECK_FALSE(error({"-created-after=1h", "-created-before=2h"}).empty());
  CHECK(error({"-created-after=2h", "-created-before=1h"}).empty());
  CHECK_FALSE(error({"-ttl-less-than=0"}).empty());
  CHECK_FALSE(error({"-ttl-less-than=-1s"}).empty());
  CHECK_FALSE(error({"-ttl-greater-than=-1s"}).empty());
  CHECK_FALSE(error({"-ttl-greater-than=1h", "-ttl-less-than=1h"}).empty());
  CHECK_FALSE(error({"-ttl-greater-than=1h", "-ttl-less-than=3601s"}).empty());
  CHECK(error({"-ttl-greater-than=1h", "-ttl-less-than=3602s"}).empty());
  CHECK(error({"-all", "-policy=a"}) == "-all means every token: leave it out, or the other filters");
  CHECK_FALSE(error({"-all", "-orphan=false"}).empty());
  CHECK_FALSE(error({"-accessors-from="}).empty());
  CHECK_FALSE(error({"-concurrency=0"}).empty());
  CHECK_FALSE(error({"-concurrency=1025"}).empty());
  CHECK(error({"-concurrency=1024"}).empty());
  CHECK_FALSE(error({"-list-timeout=-1s"}).empty());
}

TEST_CASE("likely mistakes are told of") {
  SweepFlags flags;
  FlagSet set;
  flags.declare(set);
  CHECK_FALSE(flags.given());
  REQUIRE(set.parse({"-policy=a,b", "-policy=c", "-list-timeout=1500ms"}).has_value());
  CHECK(flags.given());
  REQUIRE(flags.doubts().size() == 1);
  CHECK(flags.doubts().front().starts_with("-policy=\"a,b\" means one policy of that very name"));
  CHECK(flags.list_timeout_seconds() == 2);
}

TEST_CASE("saved accessors: lines") {
  CHECK(read("a1\r\n\n  # old\n b2.ns1 \nc-3_x") == Words{"a1", "b2.ns1", "c-3_x"});
  CHECK(read("\xef\xbb\xbf"
             "a1\n") == Words{"a1"});
  CHECK(read("\n \n{\"accessor\":\"a1\",\"x\":{\"accessor\":\"no\"}}\n\"b2\"\n# end\n") == Words{"a1", "b2"});
}

TEST_CASE("saved accessors: JSON") {
  CHECK(read(" [ \"a1\",\n\"b2\"]\n") == Words{"a1", "b2"});
  CHECK(read("\n[{\"x\":[[{\"accessor\":\"no\"}]],\"accessor\":\"a1\",\"y\":null},\"b2\"]") == Words{"a1", "b2"});
  CHECK(read("[]") == Words{});
}

TEST_CASE("saved accessors: what is none is refused by its number, and not shown") {
  const auto wrong = [](const std::string& text) {
    const Words found = read(text);
    REQUIRE(found.size() == 2);
    REQUIRE(found.front() == "error");
    return found.back();
  };
  CHECK(wrong("a1\n\nb 2\n") == "f: line 3 is no accessor; nothing was done");
  CHECK(wrong("\n\na1\x01\n") == "f: line 3 is no accessor; nothing was done");
  CHECK(wrong("a1\nhvs.CAESIJ\n") == "f: line 2 is a token, where an accessor is wanted; nothing was done");
  CHECK(wrong("{\"accessor\":\"a1\"}\n{\"accessor\":\"s.abcdef\"}") ==
        "f: line 2 is a token, where an accessor is wanted; nothing was done");
  CHECK(wrong("{\"id\":\"a1\"}\n") == "f: line 1 is no JSON object with an accessor in it; nothing was done");
  for (const char* line : {"{}", "{\"accessor\":null}", "{\"accessor\":[\"a\"]}", "{\"accessor\":{\"a\":\"b\"}}",
                           "{\"accessor\":\"a1\"", "{\"accessor\":\"a1\"} x", "\"a1", "\"\"", "{\"accessor\":\"\"}"}) {
    CAPTURE(line);
    CHECK(wrong(std::string("a1\n") + line + "\nb2").starts_with("f: line 2 is no"));
  }
  CHECK(wrong("[\"a1\",\"b 2\"]") == "f: entry 2 is no accessor; nothing was done");
  for (const char* text : {"[", "[1]", "[null]", "[[\"a1\"]]", "[\"a1\"", "[\"a1\"]]", "[\"a1\"] \"b2\"",
                           "[{\"id\":\"a1\"}]", "[{}]", "[\"a1\",]"}) {
    CAPTURE(text);
    CHECK_FALSE(wrong(text).empty());
  }
  CHECK(wrong("") == "f: there is no accessor in it");
  CHECK(wrong("# none\n") == "f: there is no accessor in it");
  CHECK(wrong(std::string("a1\n\0b2\n", 7)) == "f: a zero byte is inside: this is no text");
  CHECK(wrong(std::string(300, 'a')) == "f: line 1 is no accessor; nothing was done");
  CHECK(wrong(std::string(2'000'000, 'a')) == "f: line 1 is too long; nothing was done");
  CHECK(wrong("[" + std::string(1'000'000, '[')).starts_with("f: this is no JSON array"));
}

}  // namespace
}  // namespace vtoken::cmd
