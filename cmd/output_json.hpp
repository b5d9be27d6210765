// JSON as Go's encoder writes it with an indent of two: the real command's -format=json.
#pragma once

#include <iosfwd>
#include <string_view>

#include "base/secret.hpp"
#include "core/answer.hpp"
#include "core/json_fwd.hpp"
#include "core/key_list.hpp"

namespace vtoken::cmd {

/// A line for each member, or one line for all.
enum class JsonLayout { indented, line };

/// Writes one value, member by member. Calls must nest as JSON does; nothing checks that they do.
class JsonWriter {
 public:
  /// Appends to `out`, which must outlive the writer.
  explicit JsonWriter(SecretString& out, JsonLayout layout = JsonLayout::indented) : out_(out), layout_(layout) {}

  JsonWriter& open(char bracket);   ///< '{' or '['
  JsonWriter& close(char bracket);  ///< '}' or ']'
  JsonWriter& name(std::string_view name);
  JsonWriter& text(std::string_view value);
  JsonWriter& number(std::int64_t value);
  JsonWriter& flag(bool value);
  JsonWriter& null();
  JsonWriter& value(const Json& value);

 private:
  void begin_value();
  void new_line();

  SecretString& out_;
  JsonLayout layout_;
  std::size_t depth_ = 0;
  bool first_ = true;  // nothing stands in the open bracket yet
  bool after_name_ = false;
};

/// Indented, without a newline at the end.
[[nodiscard]] SecretString json_text(const Json& value);

/// The envelope with its members in the real command's order; `auth` and `wrap_info` only when they are there.
[[nodiscard]] SecretString answer_json(const Answer& answer);

/// What an answer is about, on one line without a newline at its end: its data, or else the token in it, or where it
/// waits wrapped. Empty when it has none of these.
[[nodiscard]] SecretString answer_line(const Answer& answer);

/// A list of strings, with a newline at the end. Memory does not grow with it.
void write_key_json(std::ostream& out, const KeyList& keys);

}  // namespace vtoken::cmd
