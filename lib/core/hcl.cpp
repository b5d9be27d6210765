#include "core/hcl.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/hcl_json.hpp"
#include "core/hcl_lexer.hpp"

namespace vtoken::hcl {
namespace {

// How many bytes the sequence at the start of `text` has; 0 when it is no UTF-8.
std::size_t sequence(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF && follows(1)) return 2;
  if ((first & 0xF0U) == 0xE0U && follows(1) && follows(2)) {
    const bool shorter = first == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = first == 0xED && byte(1) >= 0xA0;
    return shorter || surrogate ? 0 : 3;
  }
  if (first >= 0xF0 && first <= 0xF4 && follows(1) && follows(2) && follows(3)) {
    const bool shorter = first == 0xF0 && byte(1) < 0x90;
    const bool beyond = first == 0xF4 && byte(1) >= 0x90;
    return shorter || beyond ? 0 : 4;
  }
  return 0;
}

// So that nobody reads, shows or stores what is no text.
Result<void> check_text(std::string_view text) {
  if (text.size() > kLongest) return fail(ErrorKind::usage, fmt::format("longer than {} bytes", kLongest));
  Position at{1, 1};
  while (!text.empty()) {
    const std::size_t length = sequence(text);
    const char c = text.front();
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    if (length == 0 || (control && c != '\n' && c != '\r' && c != '\t')) {
      return wrong(at, length == 0 ? "a byte that is no UTF-8" : "a control character");
    }
    at = c == '\n' ? Position{at.line + 1, 1} : Position{at.line, at.column + length};
    text.remove_prefix(length);
  }
  return {};
}

class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) {}

  Result<Object> whole() {
    if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
    return items(Kind::end);
  }

 private:
  Result<void> advance() {
    auto token = lexer_.next();
    if (!token) return tl::unexpected(token.error());
    token_ = std::move(*token);
    return {};
  }

  [[nodiscard]] tl::unexpected<Error> expected(std::string_view what) const {
    return wrong(token_.at, fmt::format("expected {}, found {}", what, kind_name(token_.kind)));
  }

  // Items up to `close`, which is left as the current token.
  Result<Object> items(Kind close) {
    Object object;
    while (token_.kind != close) {
      auto each = item();
      if (!each) return tl::unexpected(each.error());
      object.items.push_back(std::move(*each));
      if (token_.kind != Kind::comma) continue;
      if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
    }
    return object;
  }

  Result<Item> item() {
    Item item{{}, {}, token_.at};
    while (token_.kind == Kind::string ||
           (token_.kind == Kind::identifier && token_.text != "true" && token_.text != "false")) {
      item.keys.push_back(std::move(token_.text));
      if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
    }
    if (item.keys.empty()) return expected("a name");
    if (token_.kind == Kind::assign) {
      if (item.keys.size() > 1) return expected("\"{\" after a label");
      if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
    } else if (token_.kind != Kind::open_brace) {
      return expected("\"=\" or \"{\"");
    }
    auto read = value();
    if (!read) return tl::unexpected(read.error());
    item.value = std::move(*read);
    return item;
  }

  Result<Value> value() {
    const Position at = token_.at;
    Value result{nullptr, at};
    switch (token_.kind) {
      case Kind::string:
      case Kind::heredoc: result.value = std::move(token_.text); break;
      case Kind::number: result.value = Number{std::move(token_.text)}; break;
      case Kind::identifier:
        if (token_.text != "true" && token_.text != "false") {
          return wrong(at, "expected a value, found a name; strings stand in quotes");
        }
        result.value = token_.text == "true";
        break;
      case Kind::open_brace:
      case Kind::open_bracket: {
        if (depth_ == kDeepest) return wrong(at, fmt::format("nested deeper than {} levels", kDeepest));
        ++depth_;
        auto inside = token_.kind == Kind::open_brace ? object() : list();
        if (!inside) return inside;
        --depth_;
        result.value = std::move(inside->value);
        break;
      }
      default: return expected("a value");
    }
    if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
    return result;
  }

  // Both leave the closing token as the current one.
  Result<Value> object() {
    if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
    return items(Kind::close_brace).map([](Object object) { return Value{std::move(object), {}}; });
  }

  Result<Value> list() {
    List list;
    if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
    while (token_.kind != Kind::close_bracket) {
      auto element = value();
      if (!element) return element;
      list.push_back(std::move(*element));
      if (token_.kind == Kind::close_bracket) break;
      if (token_.kind != Kind::comma) return expected("a comma or \"]\"");
      if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
    }
    return Value{std::move(list), {}};
  }

  Lexer lexer_;
  Token token_;
  int depth_ = 0;
};

Result<void> collect(const Value& value, std::string_view type, std::vector<Block>& found) {
  if (const Object* object = value.object()) {
    for (const Item& item : object->items) {
      const Object* body = item.value.object();
      if (item.keys.size() != 1 || body == nullptr) {
        return wrong(item.at, fmt::format("expected a {} and its block", type));
      }
      found.push_back({item.keys.front(), body, item.at});
    }
    return {};
  }
  const List* list = value.list();
  if (list == nullptr) return wrong(value.at, fmt::format("{} is followed by its name and a block", type));
  for (const Value& element : *list) {
    if (element.object() == nullptr) return wrong(element.at, fmt::format("expected a {} and its block", type));
    if (auto collected = collect(element, type, found); !collected) return collected;
  }
  return {};
}

}  // namespace

std::string placed(const Position& at, std::string_view message) {
  if (at.line == 0) return std::string(message);
  return fmt::format("line {}, column {}: {}", at.line, at.column, message);
}

tl::unexpected<Error> wrong(const Position& at, std::string_view message) {
  return fail(ErrorKind::usage, placed(at, message));
}

std::string_view without_mark(std::string_view text) noexcept {
  return text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text;
}

bool begins_as_json(std::string_view text) noexcept {
  text = without_mark(text);
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

Result<Object> parse(std::string_view text) {
  text = without_mark(text);
  if (auto checked = check_text(text); !checked) return tl::unexpected(checked.error());
  if (begins_as_json(text)) return parse_as_json(text);
  return Parser(text).whole();
}

Result<std::vector<Block>> blocks(const Object& object, std::string_view type) {
  std::vector<Block> found;
  for (const Item& item : object.items) {
    if (item.keys.front() != type) continue;
    if (item.keys.size() > 2) return wrong(item.at, fmt::format("{} has more than one name", type));
    if (item.keys.size() == 2) {
      found.push_back({item.keys[1], item.value.object(), item.at});
      continue;
    }
    if (auto collected = collect(item.value, type, found); !collected) return tl::unexpected(collected.error());
  }
  return found;
}

const Value* attribute(const Object& object, std::string_view name) noexcept {
  const auto found = std::find_if(object.items.rbegin(), object.items.rend(), [name](const Item& item) {
    return item.keys.size() == 1 && item.keys.front() == name;
  });
  return found == object.items.rend() ? nullptr : &found->value;
}

}  // namespace vtoken::hcl
