#include "store/answer_spool.hpp"

#include <doctest/doctest.h>

#include <string>

#include "store_fixture.hpp"

using namespace vtoken;
using store::AnswerSpool;

namespace {

Response numbered(int number) {
  Response answer{200 + number % 3, SecretString(std::string(50, 'x') + std::to_string(number)), {}};
  if (number % 7 == 0) answer.headers = {{"X-Number", std::to_string(number)}, {"Empty", ""}};
  return answer;
}

void check_same(const Response& given, const Response& expected) {
  CHECK(given.status == expected.status);
  CHECK(given.body.view() == expected.body.view());
  REQUIRE(given.headers.size() == expected.headers.size());
  for (std::size_t i = 0; i < given.headers.size(); ++i) {
    CHECK(given.headers[i].name == expected.headers[i].name);
    CHECK(given.headers[i].value == expected.headers[i].value);
  }
}

}  // namespace

TEST_CASE("answers come back in their order, from memory and from the file") {
  for (const std::size_t in_memory : {std::size_t{1}, std::size_t{300}, std::size_t{1} << 20U}) {
    const store::test::Folder folder;
    AnswerSpool spool(folder / "store.db", in_memory);
    for (int i = 0; i < 100; ++i) REQUIRE(spool.add(numbered(i)).has_value());
    int next = 0;
    REQUIRE(spool.each([&](const Response& answer) {
      check_same(answer, numbered(next++));
      return true;
    }));
    CHECK(next == 100);
    CHECK(folder.contents().empty());  // the file has no name
  }
}

TEST_CASE("who has had enough gets no more") {
  const store::test::Folder folder;
  AnswerSpool spool(folder / "store.db", 100);
  for (int i = 0; i < 20; ++i) REQUIRE(spool.add(numbered(i)).has_value());
  int given = 0;
  REQUIRE(spool.each([&](const Response&) { return ++given < 5; }));
  CHECK(given == 5);
}

TEST_CASE("nothing waits in an empty spool") {
  AnswerSpool spool("/nowhere/store.db");
  int given = 0;
  REQUIRE(spool.each([&](const Response&) { return ++given > 0; }));
  CHECK(given == 0);
}

TEST_CASE("a folder that takes no file is told, and only when one is needed") {
  AnswerSpool spool("/nowhere/store.db", 100);
  REQUIRE(spool.add(numbered(1)).has_value());
  const auto done = spool.add(numbered(2));
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().kind == ErrorKind::io);
  CHECK(done.error().text().find("No such file or directory") != std::string::npos);
}
