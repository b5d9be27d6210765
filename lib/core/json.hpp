// The JSON type of this project: strings and nodes live in wiping memory, object keys are sorted (as Go's encoder
// writes them). Include in .cpp files only: the header is heavy (2 s).
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "core/json_fwd.hpp"

namespace vtoken {

/// Parses a whole text. Nothing when it is not JSON, is nested deeper than 64 levels, has more than two million values
/// or has trailing characters. Numbers keep their text: one that a double would write otherwise ("1e3", "1.10", 30
/// digits) becomes binary, see literal_text().
[[nodiscard]] std::optional<Json> parse_json(std::string_view text);

/// The same for the first value of a text, whatever follows it.
[[nodiscard]] std::optional<Json> parse_first_json(std::string_view text);

/// What stands in JSON for a number, true, false or null.
[[nodiscard]] std::string literal_text(const Json& value);

/// Writes without white space, as Go's encoding/json does (<, > and & are escaped as \u003c, \u003e and \u0026);
/// bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] SecretString dump_json(const Json& value);

/// Appends `text` as a JSON string, quotes included, escaped as dump_json() does.
void append_json_text(SecretString& out, std::string_view text);

/// A member of an object, or null when `value` is no object or has no such member. Borrowed from `value`.
[[nodiscard]] const Json* find_member(const Json& value, std::string_view name);

/// A string member's text, or empty when it is absent or no string. Borrowed from `value`.
[[nodiscard]] std::string_view text_member(const Json& value, std::string_view name);

/// An integer member, or 0 when it is absent or no integer.
[[nodiscard]] std::int64_t number_member(const Json& value, std::string_view name);

/// A boolean member, or false when it is absent or no boolean.
[[nodiscard]] bool flag_member(const Json& value, std::string_view name);

/// The texts of a list, in its order; what is no text is left out, and what is no list, or null, has none.
[[nodiscard]] std::vector<std::string> list_texts(const Json* list);

}  // namespace vtoken
