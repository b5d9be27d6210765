#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "remote/srv.hpp"

namespace vtoken::remote {
namespace {

using Bytes = std::vector<unsigned char>;

void append(Bytes& out, std::initializer_list<int> bytes) {
  for (const int byte : bytes) out.push_back(static_cast<unsigned char>(byte));
}

// "a.b" as labels.
void append_name(Bytes& out, std::string_view name) {
  while (!name.empty()) {
    const auto dot = name.find('.');
    const std::string_view label = name.substr(0, dot);
    out.push_back(static_cast<unsigned char>(label.size()));
    out.insert(out.end(), label.begin(), label.end());
    name.remove_prefix(dot == std::string_view::npos ? name.size() : dot + 1);
  }
  out.push_back(0);
}

// An answer to a question for "x.", with so many records to follow.
Bytes answer(int records) {
  Bytes out;
  append(out, {0, 1, 0x81, 0x80, 0, 1, 0, records, 0, 0, 0, 0, 1, 'x', 0, 0, 33, 0, 1});
  return out;
}

void append_record(Bytes& out, int type, const Bytes& data) {
  append(out, {0xC0, 12, 0, type, 0, 1, 0, 0, 0, 60, static_cast<int>(data.size() >> 8U),
               static_cast<int>(data.size() & 0xFFU)});
  out.insert(out.end(), data.begin(), data.end());
}

Bytes srv(int priority, int weight, int port, std::string_view name) {
  Bytes out;
  append(out, {priority >> 8, priority & 0xFF, weight >> 8, weight & 0xFF, port >> 8, port & 0xFF});
  append_name(out, name);
  return out;
}

TEST_CASE("records are read") {
  Bytes message = answer(3);
  append_record(message, 33, srv(10, 258, 8200, "vault-1.example"));
  append_record(message, 5, {1, 'y', 0});  // a CNAME
  append_record(message, 33, srv(0x102, 0, 65535, "B_c"));
  const auto records = parse_srv(message);
  REQUIRE(records);
  REQUIRE(records->size() == 2);
  CHECK((*records)[0].server.host == "vault-1.example");
  CHECK((*records)[0].server.port == 8200);
  CHECK((*records)[0].priority == 10);
  CHECK((*records)[0].weight == 258);
  CHECK((*records)[1].server.host == "B_c");
  CHECK((*records)[1].server.port == 65535);
  CHECK((*records)[1].priority == 258);
}

TEST_CASE("compressed names are read") {
  Bytes message = answer(1);
  append_record(message, 33, {0, 0, 0, 0, 0x20, 0x08, 1, 'a', 0xC0, 12});
  const auto records = parse_srv(message);
  REQUIRE(records);
  REQUIRE(records->size() == 1);
  CHECK(records->front().server.host == "a.x");
}

TEST_CASE("what is no server is left out") {
  Bytes message = answer(5);
  append_record(message, 33, srv(0, 0, 1, ""));
  append_record(message, 33, srv(0, 0, 0, "no-port"));
  append_record(message, 33, srv(0, 0, 1, "sp ace"));
  append_record(message, 33, srv(0, 0, 1, "user@host"));
  append_record(message, 33, srv(0, 0, 1, "-dash"));
  const auto records = parse_srv(message);
  REQUIRE(records);
  CHECK(records->empty());
  CHECK(parse_srv(answer(0))->empty());
}

TEST_CASE("malformed messages are refused") {
  Bytes message = answer(1);
  append_record(message, 33, srv(0, 0, 8200, "a.b"));
  REQUIRE(parse_srv(message));
  for (std::size_t length = 0; length < message.size(); ++length) {
    CAPTURE(length);
    const auto records = parse_srv(Bytes(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(length)));
    REQUIRE_FALSE(records);
    CHECK(records.error().kind == ErrorKind::damaged);
  }
  Bytes short_data = answer(1);
  append_record(short_data, 33, {0, 0, 0, 0, 1});
  CHECK_FALSE(parse_srv(short_data));
  Bytes long_data = answer(1);
  append_record(long_data, 33, {0, 0, 0, 0, 0, 1, 1, 'a', 0, 7});
  CHECK_FALSE(parse_srv(long_data));
  Bytes loop = answer(1);
  append_record(loop, 33, {0, 0, 0, 0, 0, 1, 0xC0, 37});  // a name that points to itself
  CHECK_FALSE(parse_srv(loop));
  // Any byte may be wrong: an answer or an error, and nothing else.
  for (std::size_t i = 0; i < message.size(); ++i) {
    for (const int byte : {0, 1, 0x3F, 0xC0, 0xFF}) {
      Bytes changed = message;
      changed[i] = static_cast<unsigned char>(byte);
      static_cast<void>(parse_srv(changed));
    }
  }
}

TEST_CASE("servers are asked by priority, then by weight") {
  const std::vector<SrvRecord> records = {
      {{"last", 1}, 20, 100}, {{"heavy", 1}, 10, 30}, {{"light", 1}, 10, 10}, {{"none", 1}, 10, 0}};
  std::vector<std::uint32_t> bounds;
  const auto ordered = [&](std::uint32_t chosen) {
    std::string names;
    for (const auto& server : srv_order(records, [&](std::uint32_t bound) {
           bounds.push_back(bound);
           return std::min(chosen, bound - 1);
         })) {
      names += server.host + " ";
    }
    return names;
  };
  CHECK(ordered(0) == "none light heavy last ");
  CHECK(ordered(10) == "light heavy none last ");
  CHECK(ordered(11) == "heavy light none last ");
  CHECK(bounds.front() == 41);
  CHECK(srv_order({}, [](std::uint32_t) { return 0U; }).empty());
}

}  // namespace
}  // namespace vtoken::remote
