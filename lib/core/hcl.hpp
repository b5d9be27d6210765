// The part of HCL 1 that policies and ~/.vault are written in: blocks with labels, attributes, strings, heredocs,
// numbers, booleans, lists, objects and comments; and JSON, which HCL 1 takes as well.
//
// Pure: no files, no network. Never throws. Any bytes may be given.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"

namespace vtoken::hcl {

/// Where something stands in a text; both count from 1, columns in bytes. 0 is unknown.
struct Position {
  std::size_t line = 0;
  std::size_t column = 0;
};

struct Value;
struct Item;

/// Items in the order of the text. A name may come more than once.
struct Object {
  std::vector<Item> items;
};

using List = std::vector<Value>;

/// A number as it was written, such as "12", "-1.5" or "0x1f".
struct Number {
  std::string text;
};

/// Null comes from JSON only, and is what a value is at first.
struct Value {
  std::variant<std::nullptr_t, bool, Number, std::string, List, Object> value;
  Position at = {};

  [[nodiscard]] const bool* boolean() const noexcept { return std::get_if<bool>(&value); }
  [[nodiscard]] const Number* number() const noexcept { return std::get_if<Number>(&value); }
  [[nodiscard]] const std::string* text() const noexcept { return std::get_if<std::string>(&value); }
  [[nodiscard]] const List* list() const noexcept { return std::get_if<List>(&value); }
  [[nodiscard]] const Object* object() const noexcept { return std::get_if<Object>(&value); }
};

/// `a = 1` has the key a; `path "x" { … }` has the keys path and x, and an object as its value. There is at least one
/// key.
struct Item {
  std::vector<std::string> keys;
  Value value;
  Position at = {};
};

/// Limits, beyond which a text is refused.
inline constexpr std::size_t kLongest = std::size_t{1} << 20U;  ///< bytes
inline constexpr int kDeepest = 32;                             ///< lists and objects within each other

/// Whether parse() reads a text as JSON: behind a byte order mark and white space it begins with "{".
[[nodiscard]] bool begins_as_json(std::string_view text) noexcept;

/// A text without the byte order mark that it may begin with.
[[nodiscard]] std::string_view without_mark(std::string_view text) noexcept;

/// Reads a whole text. Fails with usage, as in `line 2, column 7: the string is not closed`.
[[nodiscard]] Result<Object> parse(std::string_view text);

/// One `TYPE "label" { … }`. Borrowed from the object it was found in.
struct Block {
  std::string_view label;  ///< empty when it has none
  const Object* body;
  Position at;
};

/// The blocks of one type, in whatever way HCL 1 lets them be written: `path "x" { … }`, `path = { "x" = { … } }`, and
/// lists of objects, as in JSON's {"path": [{"x": { … }}]}. Fails with usage, naming the place, when an item of that
/// type is no such thing.
[[nodiscard]] Result<std::vector<Block>> blocks(const Object& object, std::string_view type);

/// The last value of an attribute, which is the one that counts; null when there is none. Borrowed from `object`.
[[nodiscard]] const Value* attribute(const Object& object, std::string_view name) noexcept;

/// "line 2, column 7: message", or the message alone when the place is unknown.
[[nodiscard]] std::string placed(const Position& at, std::string_view message);

/// A failure of kind usage that says placed().
[[nodiscard]] tl::unexpected<Error> wrong(const Position& at, std::string_view message);

}  // namespace vtoken::hcl
