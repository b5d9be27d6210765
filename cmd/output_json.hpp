// JSON as Go's encoder writes it with an indent of two: the real command's -format=json.
#pragma once

#include <iosfwd>
#include <string_view>

#include "base/secret.hpp"
#include "core/answer.hpp"
#include "core/json_fwd.hpp"
#include "core/key_list.hpp"

namespace vtoken::cmd {

/// Writes one value, member by member. Calls must nest as JSON does; nothing checks that they do.
class JsonWriter {
 public:
  /// Appends to `out`, which must outlive the writer.
  explicit JsonWriter(SecretString& out) : out_(out) {}

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
  std::size_t depth_ = 0;
  bool first_ = true;  // nothing stands in the open bracket yet
  bool after_name_ = false;
};

/// Indented, without a newline at the end.
[[nodiscard]] SecretString json_text(const Json& value);

/// The envelope with its members in the real command's order; `auth` and `wrap_info` only when they are there.
[[nodiscard]] SecretString answer_json(const Answer& answer);

/// A list of strings, with a newline at the end. Memory does not grow with it.
void write_key_json(std::ostream& out, const KeyList& keys);

}  // namespace vtoken::cmd
