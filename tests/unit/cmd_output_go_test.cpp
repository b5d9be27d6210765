// What Go's own libraries print for the same values. tests/unit/data/go_output.jsonl holds values and what Go 1.26 with
// ghodss/yaml, yaml.v2 2.4.0, kr/text 0.2.0 and columnize 2.1.0, the versions in Vault 1.14.2, made of them.
#include <doctest/doctest.h>

#include <fstream>
#include <map>

#include "cmd/output_go.hpp"
#include "cmd/output_wrap.hpp"
#include "cmd_output_fixture.hpp"

namespace vtoken::cmd {
namespace {

std::string printed_as(std::string_view mode, const Json& value) {
  const auto text = [&] { return value.get_ref<const SecretString&>().view(); };
  if (mode == "wrap") return wrap_text("* " + std::string(text()), 76, 0) + "\n";
  if (mode == "quote") {
    SecretString quoted;
    append_go_quoted(quoted, text());
    return std::string(quoted.view()) + "\n";
  }
  Printer printer(*parse_format(mode));
  CHECK(printer.output.data(value) == 0);
  return printer.printed();
}

TEST_CASE("tables, JSON, YAML, quotes and paragraphs are what Go makes of them") {
  std::ifstream file(std::string(VTOKEN_SOURCE_DIR) + "/tests/unit/data/go_output.jsonl");
  std::map<std::string, int> count;
  for (std::string line; std::getline(file, line);) {
    const auto record = parse_json(line);
    REQUIRE(record);
    const std::string mode(text_member(*record, "mode"));
    const std::string expected(text_member(*record, "out"));
    CAPTURE(line);
    CHECK(printed_as(mode, record->at("in")) == expected);
    ++count[mode];
  }
  for (const char* mode : {"table", "json", "yaml", "wrap", "quote"}) CHECK(count[mode] > 50);
}

TEST_CASE("white space is Unicode's") {
  CHECK(trim_space(" \t\n\v\f\r x y \xc2\xa0\xc2\x85\xe2\x80\xa8\xe3\x80\x80") == "x y");
  CHECK(trim_space("\xe2\x80\x83x\xe2\x80\x83") == "x");
  CHECK(trim_space(" \xc2\xa0 ").empty());
  CHECK(trim_space("").empty());
  // What is not UTF-8 stays.
  CHECK(trim_space("\xa0x\xa0") == "\xa0x\xa0");
  CHECK(trim_space("\x80\x80\x80\x80\x80") == "\x80\x80\x80\x80\x80");
}

TEST_CASE("sequences that are not UTF-8 have no length") {
  CHECK(utf8_length("a") == 1);
  CHECK(utf8_length("\xc3\xa9x") == 2);
  CHECK(utf8_length("\xe2\x82\xac") == 3);
  CHECK(utf8_length("\xf0\x9f\x98\x80") == 4);
  for (const char* bad : {"", "\x80", "\xc0\xaf", "\xc3", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
                          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xe2\x82"}) {
    CAPTURE(bad);
    CHECK(utf8_length(bad) == 0);
  }
}

TEST_CASE("a long text is wrapped in time that grows with it") {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "word ";
  const std::string wrapped = wrap_text(text, 76, 2);
  CHECK(wrapped.size() > text.size());
  CHECK(wrap_text("", 76, 2) == "  ");
  CHECK(wrap_text(std::string(1'000'000, 'x') + " y", 76, 2).size() == 1'000'006);
}

}  // namespace
}  // namespace vtoken::cmd
