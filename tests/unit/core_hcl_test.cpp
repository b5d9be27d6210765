#include <doctest/doctest.h>

#include <string>

#include "core/hcl.hpp"

namespace vtoken::hcl {
namespace {

Object read(std::string_view text) {
  auto object = parse(text);
  const std::string message = object ? "" : object.error().message;
  CAPTURE(text);
  REQUIRE_MESSAGE(object, message);
  return std::move(*object);
}

std::string text_of(std::string_view text) {
  const Object object = read(text);
  const Value* value = attribute(object, "a");
  REQUIRE(value != nullptr);
  REQUIRE(value->text() != nullptr);
  return *value->text();
}

std::string mistake(std::string_view text) {
  const auto object = parse(text);
  CAPTURE(text);
  REQUIRE_FALSE(object);
  CHECK(object.error().kind == ErrorKind::usage);
  return object.error().message;
}

TEST_CASE("nothing, white space and comments are an empty object") {
  for (const char* text :
       {"", " \r\n\t", "# a", "// a", "/* a \n b */", "/**/ # x\n//y\n", "\xEF\xBB\xBF# with a mark"}) {
    CHECK(read(text).items.empty());
  }
}

TEST_CASE("attributes of every kind") {
  const Object object = read(R"(
    text = "a \"b\" \n \u00e4 \x41 \101 \U0001F600 ${keep "this" \n}" # comment
    "quoted-name" = true
    no = false, number = -1.5e+3 hex = 0x1F
    dotted.name-2 = [1, "two", [3], {four = 4},]
    nested = { a = 1
               b = {} }
  )");
  REQUIRE(object.items.size() == 7);
  const Value* text = attribute(object, "text");
  REQUIRE(text != nullptr);
  REQUIRE(text->text() != nullptr);
  CHECK(*text->text() == "a \"b\" \n \u00e4 A A \U0001F600 ${keep \"this\" \\n}");
  CHECK(*attribute(object, "quoted-name")->boolean());
  CHECK_FALSE(*attribute(object, "no")->boolean());
  CHECK(attribute(object, "number")->number()->text == "-1.5e+3");
  CHECK(attribute(object, "hex")->number()->text == "0x1F");
  const List* list = attribute(object, "dotted.name-2")->list();
  REQUIRE(list != nullptr);
  REQUIRE(list->size() == 4);
  CHECK(*(*list)[1].text() == "two");
  CHECK((*list)[2].list()->size() == 1);
  CHECK((*list)[3].object()->items.size() == 1);
  CHECK(attribute(object, "nested")->object()->items.size() == 2);
  CHECK(attribute(object, "absent") == nullptr);
}

TEST_CASE("the last of several attributes counts") { CHECK(text_of("a = \"1\"\na = \"2\"") == "2"); }

TEST_CASE("heredocs") {
  CHECK(text_of("a = <<EOF\none\n  two\nEOF\n") == "one\n  two\n");
  CHECK(text_of("a = <<EOF\r\none\r\n EOF") == "one\r\n");
  CHECK(text_of("a = <<-EOF\n    one\n      two\n    EOF\n") == "one\n  two\n");
  CHECK(text_of("a = <<-EOF\n one\n    EOF\n") == " one\n");
  CHECK(text_of("a = <<EOF\nEOF\n").empty());
  CHECK(read("a = <<X\n\"no string\nX\nb = 1").items.size() == 2);
}

TEST_CASE("a policy") {
  const Object object = read(R"(
    # what the team may do
    path "secret/data/*" {
      capabilities = ["read", "list"]
      allowed_parameters = { "a" = ["b"] "*" = [] }
    }
    path "sys/mounts" { policy = "sudo" }
    name = "team"
  )");
  const auto found = blocks(object, "path");
  REQUIRE(found);
  REQUIRE(found->size() == 2);
  CHECK((*found)[0].label == "secret/data/*");
  CHECK((*found)[0].at.line == 3);
  CHECK((*found)[0].at.column == 5);
  const Value* capabilities = attribute(*(*found)[0].body, "capabilities");
  REQUIRE(capabilities != nullptr);
  CHECK(*capabilities->list()->back().text() == "list");
  CHECK(capabilities->at.line == 4);
  CHECK(attribute(*(*found)[0].body, "allowed_parameters")->object()->items.front().keys.front() == "a");
  CHECK((*found)[1].label == "sys/mounts");
  CHECK(blocks(object, "key")->empty());
}

TEST_CASE("blocks in their other forms") {
  for (const char* text : {R"(path = { "a" = { x = 1 } "b" { x = 2 } })", R"(path { a { x = 1 } b { x = 2 } })",
                           R"({"path": {"a": {"x": 1}, "b": {"x": 2}}})",
                           R"({"path": [{"a": {"x": 1}}, {"b": {"x": 2}}]})", R"(path = [{a {x=1}}, {b {x=2}}])"}) {
    const Object object = read(text);
    const auto found = blocks(object, "path");
    CAPTURE(text);
    REQUIRE(found);
    REQUIRE(found->size() == 2);
    CHECK((*found)[0].label == "a");
    CHECK((*found)[1].label == "b");
    CHECK(attribute(*(*found)[1].body, "x")->number()->text == "2");
  }
  for (const char* text : {"path = 1", "path = [1]", "path { a = 1 }", "path \"a\" \"b\" {}", "path { a b {} }"}) {
    CAPTURE(text);
    const auto found = blocks(read(text), "path");
    REQUIRE_FALSE(found);
    CHECK(found.error().message.starts_with("line 1, column "));
  }
}

TEST_CASE("what HCL 1 takes for a name, and for the end of a text after <<") {
  CHECK(mistake("true = 1").starts_with("line 1, column 1: expected a name"));
  CHECK(mistake("a true { }").starts_with("line 1, column 3: "));
  CHECK(mistake("<<E\nx\nE\n = 1").starts_with("line 1, column 1: "));
  CHECK(mistake("a = <<-END\nx\nEND\n").starts_with("line 1, column 5: "));
  CHECK(text_of("a = <<-END\n x\n END\n") == "x\n");
  CHECK(text_of("a = <<END\nx\nEND \nEND\r\n") == "x\nEND \n");
}

TEST_CASE("JSON tells where everything stands, and keeps what is there twice") {
  const Object object = read("{\"a\": 1,\n \"a\" :[ 2.50,1e3, {\"b\": \"\\u00e4\" }]}");
  REQUIRE(object.items.size() == 2);
  CHECK(object.items[1].at.line == 2);
  CHECK(object.items[1].at.column == 2);
  const List& list = *object.items[1].value.list();
  CHECK(list[0].at.column == 9);
  CHECK(list[0].number()->text == "2.50");
  CHECK(list[1].at.column == 14);
  CHECK(list[1].number()->text == "1e3");
  CHECK(list[2].at.column == 19);
  CHECK(list[2].object()->items.front().value.at.column == 25);
  CHECK(*list[2].object()->items.front().value.text() == "\u00e4");
}

TEST_CASE("JSON") {
  const Object object = read(" {\"token_helper\": \"/bin/x\", \"n\": null, \"b\": [true, 1.5]}\n");
  CHECK(*attribute(object, "token_helper")->text() == "/bin/x");
  CHECK(std::holds_alternative<std::nullptr_t>(attribute(object, "n")->value));
  CHECK(attribute(object, "b")->list()->back().number()->text == "1.5");
  CHECK(mistake("{\n \"a\": ,}") == "line 2, column 7: it begins as JSON, but here it is none");
  CHECK(mistake("{\"a\": 1} x").starts_with("line 1, column 10: "));
  CHECK(mistake("{").starts_with("line 1, column "));
  CHECK(mistake("{\"a\": 1e999}").starts_with("line 1, column "));
}

TEST_CASE("mistakes are named with their place") {
  CHECK(mistake("a") == "line 1, column 2: expected \"=\" or \"{\", found the end of the text");
  CHECK(mistake("a =") == "line 1, column 4: expected a value, found the end of the text");
  CHECK(mistake("\n  a = b") == "line 2, column 7: expected a value, found a name; strings stand in quotes");
  CHECK(mistake("a = \"x\n\"") == "line 1, column 5: the string is not closed");
  CHECK(mistake("a = \"x") == "line 1, column 5: the string is not closed");
  CHECK(mistake("a = \"${x\"") == "line 1, column 5: the string is not closed");
  CHECK(mistake("a = \"\\q\"").starts_with("line 1, column 6: an escape"));
  CHECK(mistake("a = [1 2]") == "line 1, column 8: expected a comma or \"]\", found a number");
  CHECK(mistake("a = [1") == "line 1, column 7: expected a comma or \"]\", found the end of the text");
  CHECK(mistake("a {").starts_with("line 1, column 4: expected a name"));
  CHECK(mistake("}").starts_with("line 1, column 1: expected a name"));
  CHECK(mistake("a b = 1").starts_with("line 1, column 5: expected \"{\" after a label"));
  CHECK(mistake("= 1").starts_with("line 1, column 1: expected a name"));
  CHECK(mistake("/* x") == "line 1, column 1: the comment is not closed");
  CHECK(mistake("a = <<EOF\nx\n").starts_with("line 1, column 5: the text after <<"));
  CHECK(mistake("a = << EOF\nx\n").starts_with("line 1, column 5: << is followed"));
  CHECK(mistake("a = <x").starts_with("line 1, column 5: a character"));
  CHECK(mistake("a : 1").starts_with("line 1, column 3: a character"));
  CHECK(mistake("a = 1x") == "line 1, column 5: not a number");
  for (const char* number : {"-", ".", "1.", "0x", "1e", "1e+", "1.2.3", "--1"}) {
    CHECK(mistake(std::string("a = ") + number).starts_with("line 1, column 5: not a number"));
  }
  for (const char* escape : {"\\x4", "\\xff", "\\u12", "\\ud800", "\\U00110000", "\\400", "\\18", "\\8", "\\"}) {
    CHECK_FALSE(parse(std::string("a = \"") + escape + "\""));
  }
}

TEST_CASE("what is no text is refused") {
  CHECK(mistake("a = \"\xff\"") == "line 1, column 6: a byte that is no UTF-8");
  CHECK(mistake("\xc0\x80").starts_with("line 1, column 1: a byte"));
  CHECK(mistake("\xed\xa0\x80").starts_with("line 1, column 1: a byte"));
  CHECK(mistake("\xf4\x90\x80\x80").starts_with("line 1, column 1: a byte"));
  CHECK(mistake(std::string_view("a\0b", 3)) == "line 1, column 2: a control character");
  CHECK(text_of("a = \"\u00e4\u20ac\U0001F600\"") == "\u00e4\u20ac\U0001F600");
}

TEST_CASE("size and depth have limits") {
  const auto nested = [](int depth) {
    return "a = " + std::string(static_cast<std::size_t>(depth), '[') +
           std::string(static_cast<std::size_t>(depth), ']');
  };
  CHECK(parse(nested(kDeepest)));
  CHECK(mistake(nested(kDeepest + 1)).ends_with("nested deeper than 32 levels"));
  CHECK(mistake(nested(400'000)).ends_with("nested deeper than 32 levels"));
  const auto json = [](int depth) {
    return "{\"a\":" + std::string(static_cast<std::size_t>(depth), '[') +
           std::string(static_cast<std::size_t>(depth), ']') + "}";
  };
  CHECK(parse(json(kDeepest)));
  CHECK(mistake(json(kDeepest + 1)) == "nested deeper than 32 levels");
  CHECK(mistake(json(100'000)).ends_with("nested deeper than 32 levels"));
  CHECK(mistake(std::string(kLongest + 1, ' ')).starts_with("longer than"));
}

// Every prefix, and every text with one byte changed, is read or refused, and nothing else.
TEST_CASE("damaged texts are read or refused") {
  const std::string whole = "path \"a/*\" { x = [1, <<-E\n z\n E\n, \"\\u00e4${b}\"] } # c\n{ /* d */";
  for (std::size_t length = 0; length <= whole.size(); ++length) static_cast<void>(parse(whole.substr(0, length)));
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (const char c : {'\0', '"', '{', '}', '[', '\\', '\n', '<', '$', '\xff'}) {
      std::string changed = whole;
      changed[i] = c;
      static_cast<void>(parse(changed));
    }
  }
}

}  // namespace
}  // namespace vtoken::hcl
