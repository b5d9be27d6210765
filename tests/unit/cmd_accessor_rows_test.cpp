#include "cmd/accessor_rows.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <sstream>

#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

using Texts = std::vector<std::string>;

sweep::TokenFacts token(const std::string& accessor, std::optional<std::int64_t> ttl, const std::string& name = "") {
  sweep::TokenFacts facts;
  facts.accessor = accessor;
  facts.display_name = name;
  facts.ttl = ttl;
  return facts;
}

sweep::TokenFacts endless(const std::string& accessor) {
  auto facts = token(accessor, 0);
  facts.endless = true;
  return facts;
}

// The accessors in order.
Texts sorted(const std::string& keys, std::vector<sweep::TokenFacts> tokens) {
  const auto order = TokenOrder::parse(keys);
  REQUIRE(order.has_value());
  std::sort(tokens.begin(), tokens.end(),
            [&](const auto& a, const auto& b) { return order->less(order->values(a), order->values(b)); });
  Texts out;
  for (const auto& one : tokens) out.push_back(one.accessor);
  return out;
}

struct Shown {
  std::istringstream in;
  std::ostringstream out, err;
  Streams streams{in, out, err};
  Output output;
  explicit Shown(Format format) : output(streams, {.format = format}) {}
};

Response response(const std::string& data) { return {200, SecretString(R"({"data":)" + data + "}"), {}}; }

std::string shown(Format format, const std::vector<std::string>& answers, std::optional<TokenOrder> order = {}) {
  Shown to(format);
  const auto rows = token_rows(to.output, std::move(order));
  for (const std::string& data : answers) {
    const Response answer = response(data);
    const auto facts = sweep::read_facts(answer.body.view());
    REQUIRE(facts.has_value());
    CHECK(rows->take(*facts, answer));
  }
  CHECK(rows->finish() == 0);
  CHECK(to.err.str().empty());
  return to.out.str();
}

TEST_CASE("by time to live: what never ends comes after all numbers, and what is not known last") {
  const std::vector<sweep::TokenFacts> tokens{endless("e"), token("u", {}), token("b", 5), token("a", 5),
                                              token("n", -1)};
  CHECK(sorted("ttl", tokens) == Texts{"n", "a", "b", "e", "u"});
  CHECK(sorted("-ttl", tokens) == Texts{"u", "e", "a", "b", "n"});
}

TEST_CASE("by several keys, at last by accessor") {
  const std::vector<sweep::TokenFacts> tokens{token("c", 1, "x"), token("b", 2, "x"), token("a", 2, "y")};
  CHECK(sorted("display-name,-ttl", tokens) == Texts{"b", "c", "a"});
  CHECK(sorted(" -display-name , ttl ", tokens) == Texts{"a", "c", "b"});
  CHECK(sorted("type", tokens) == Texts{"a", "b", "c"});
  CHECK(sorted("-accessor", tokens) == Texts{"c", "b", "a"});
}

TEST_CASE("an order is an order, whatever the keys") {
  CHECK(rc::check([] {
    const auto keys =
        *rc::gen::nonEmpty(rc::gen::resize(3, rc::gen::container<Texts>(rc::gen::element<std::string>(
                                                  "ttl", "-ttl", "created", "path", "-role", "policies"))));
    std::string text;
    for (const auto& key : keys) text += (text.empty() ? "" : ",") + key;
    const auto order = TokenOrder::parse(text);
    RC_ASSERT(order.has_value());
    std::vector<std::vector<OrderValue>> three;
    for (int i = 0; i < 3; ++i) {
      sweep::TokenFacts one = token(*rc::gen::element<std::string>("a", "b"), *rc::gen::inRange<std::int64_t>(0, 2));
      one.path = *rc::gen::element<std::string>("p", "q");
      one.policies = {*rc::gen::element<std::string>("p", "q")};
      three.push_back(order->values(one));
    }
    const auto less = [&](std::size_t a, std::size_t b) { return order->less(three[a], three[b]); };
    RC_ASSERT(!less(0, 0));
    RC_ASSERT(!(less(0, 1) && less(1, 0)));
    RC_ASSERT(!(less(0, 1) && less(1, 2)) || less(0, 2));
  }));
}

TEST_CASE("groups: each policy once, whosever it is") {
  sweep::TokenFacts facts = token("a", 1);
  CHECK(groups_of(TokenField::policies, facts) == Texts{""});
  CHECK(groups_of(TokenField::role, facts) == Texts{""});
  facts.policies = {"b", "a,b"};
  facts.identity_policies = {"b", "c"};
  facts.role = "r";
  CHECK(groups_of(TokenField::policies, facts) == Texts{"a,b", "b", "c"});
  CHECK(groups_of(TokenField::role, facts) == Texts{"r"});
}

TEST_CASE("groups: largest first, then by key") {
  Shown to(Format::ndjson);
  const auto rows = group_rows(to.output, TokenField::display_name);
  for (const char* name : {"z", "b", "a", "z", "\n<\u00e9>"}) {
    CHECK(rows->take(token("x", 1, name), response("{}")));
  }
  CHECK(rows->finish() == 0);
  CHECK(to.out.str() ==
        "{\"count\":2,\"key\":\"z\"}\n{\"count\":1,\"key\":\"\\n\\u003c\u00e9\\u003e\"}\n"
        "{\"count\":1,\"key\":\"a\"}\n{\"count\":1,\"key\":\"b\"}\n");
}

TEST_CASE("a table shows what a terminal would act on as an escape") {
  const std::string table = shown(
      Format::table,
      {R"({"accessor":"a1","display_name":"\u001b[2Jx\ny\u202e","policies":["p\tq"],"path":"\u009b1m","type":""})",
       "{\"accessor\":\"A0\",\"display_name\":\"t\u00f6k\u65e5\",\"ttl\":0,\"expire_time\":null}"});
  CHECK(table.find('\x1b') == std::string::npos);
  CHECK(table.find("\\x1b[2Jx\\ny\\u202e") != std::string::npos);
  CHECK(table.find("p\\tq") != std::string::npos);
  CHECK(table.find("\u009b") == std::string::npos);
  CHECK(table.find("t\u00f6k\u65e5") != std::string::npos);
  CHECK(std::count(table.begin(), table.end(), '\n') == 4);
  CHECK(table.find("A0") < table.find("a1"));
}

TEST_CASE("lists are printed one by one as they would be whole") {
  const std::vector<std::string> answers{R"({"accessor":"b","x":{"y":[1,2.50,{}]},"z":null})", R"({"accessor":"a"})",
                                         "{}"};
  Json list = Json::array();
  for (const auto& data : answers) list.push_back(parse_json(data).value());
  for (const Format format : {Format::json, Format::yaml}) {
    for (const std::size_t count : {0U, 1U, 2U, 3U}) {
      Shown whole(format);
      Json some = Json::array();
      for (std::size_t i = 0; i < count; ++i) some.push_back(list[i]);
      CHECK(whole.output.data(some) == 0);
      CHECK(shown(format, {answers.begin(), answers.begin() + static_cast<std::ptrdiff_t>(count)}) == whole.out.str());
    }
  }
  CHECK(shown(Format::ndjson, answers) ==
        "{\"accessor\":\"b\",\"x\":{\"y\":[1,2.50,{}]},\"z\":null}\n{\"accessor\":\"a\"}\n{}\n");
  CHECK(shown(Format::ndjson, answers, TokenOrder::parse("accessor").value()) ==
        "{}\n{\"accessor\":\"a\"}\n{\"accessor\":\"b\",\"x\":{\"y\":[1,2.50,{}]},\"z\":null}\n");
}

TEST_CASE("nobody reads any more") {
  Shown to(Format::ndjson);
  const auto rows = token_rows(to.output, {});
  to.out.setstate(std::ios::badbit);
  CHECK_FALSE(rows->take(token("a", 1), response("{}")));
}

}  // namespace
}  // namespace vtoken::cmd
