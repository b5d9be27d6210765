#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "remote/head.hpp"

namespace vtoken::remote {
namespace {

Head read(const std::vector<std::string>& lines) {
  HeadReader reader;
  for (const std::string& line : lines) REQUIRE(reader.line(line));
  return reader.take();
}

TEST_CASE("the status and the headers") {
  const Head head =
      read({"HTTP/1.1 429 Too Many Requests\r\n", "Retry-After: 7 \r\n", "X-Empty:\r\n", "x-a:\tb:c\r\n", "\r\n"});
  CHECK(head.status == 429);
  REQUIRE(head.headers.size() == 3);
  CHECK(head.headers[0].name == "Retry-After");
  CHECK(head.headers[0].value == "7");
  CHECK(head.header("x-empty").empty());
  CHECK(head.header("X-A") == "b:c");
  CHECK(head.header("retry-AFTER") == "7");
  CHECK(head.header("Retry").empty());
  CHECK(head.header("").empty());
}

TEST_CASE("the first of several headers counts") {
  CHECK(read({"HTTP/1.1 200 OK\r\n", "Location: a\r\n", "location: b\r\n"}).header("LOCATION") == "a");
}

TEST_CASE("status lines of all versions, and without words") {
  CHECK(read({"HTTP/1.0 200 OK\r\n"}).status == 200);
  CHECK(read({"HTTP/2 204 \r\n"}).status == 204);
  CHECK(read({"HTTP/3 599\r\n"}).status == 599);
  CHECK(read({"HTTP/1.1 404\n"}).status == 404);
}

TEST_CASE("no status is 0") {
  for (const char* line : {"HTTP/1.1\r\n", "HTTP/1.1 \r\n", "HTTP/1.1 2\r\n", "HTTP/1.1 20\r\n", "HTTP/1.1 abc\r\n",
                           "HTTP/1.1 -20\r\n", "HTTP/1.1 2 0 0\r\n"}) {
    CHECK_MESSAGE(read({line}).status == 0, line);
  }
}

TEST_CASE("an answer after an interim one starts afresh") {
  HeadReader reader;
  REQUIRE(reader.line("HTTP/1.1 103 Early Hints\r\n"));
  REQUIRE(reader.line("Location: /hint\r\n"));
  CHECK_FALSE(reader.complete());
  REQUIRE(reader.line("\r\n"));
  CHECK(reader.complete());
  REQUIRE(reader.line("HTTP/1.1 200 OK\r\n"));
  CHECK_FALSE(reader.complete());
  REQUIRE(reader.line("X-A: b\r\n"));
  CHECK_FALSE(reader.complete());
  REQUIRE(reader.line("\n"));
  CHECK(reader.complete());
  CHECK(reader.head().status == 200);
  CHECK(reader.head().headers.size() == 1);
}

TEST_CASE("trailers do not undo the end") {
  HeadReader reader;
  for (const char* line : {"HTTP/1.1 200 OK\r\n", "\r\n", "X-Trailer: a\r\n"}) REQUIRE(reader.line(line));
  CHECK(reader.complete());
}

TEST_CASE("lines without a colon are no headers") {
  CHECK(read({"HTTP/1.1 200 OK\r\n", "nonsense\r\n", " folded\r\n", "\r\n"}).headers.empty());
}

TEST_CASE("too many bytes are given up") {
  HeadReader reader;
  CHECK_FALSE(reader.line("X-A: " + std::string(HeadReader::kMostBytes, 'a')));
  HeadReader many;
  std::size_t taken = 0;
  while (many.line("X-A: " + std::string(995, 'a'))) ++taken;
  CHECK(taken == HeadReader::kMostBytes / 1000);
}

TEST_CASE("too many lines are given up, interim answers included") {
  HeadReader reader;
  std::size_t taken = 0;
  while (reader.line(taken % 2 == 0 ? "HTTP/1.1 100 Continue\r\n" : "\r\n")) ++taken;
  CHECK(taken == HeadReader::kMostLines);
}

}  // namespace
}  // namespace vtoken::remote
