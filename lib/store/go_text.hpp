// What Go prints: servers put it into the texts of their errors.
#pragma once

#include <string>
#include <string_view>

#include "core/json_fwd.hpp"

namespace vtoken::store {

/// What Go calls the type that a JSON value decodes to: "map[string]interface {}", "[]interface {}", "bool", "string"
/// or "json.Number".
[[nodiscard]] std::string go_type(const Json& value);

/// A value as %v prints it: "map[a:1 b:<nil>]", "[x y]".
[[nodiscard]] std::string go_value(const Json& value);

/// What is said of a text that is no length of time: "time: unknown unit \"x\" in duration \"5x\"".
[[nodiscard]] std::string duration_fault(std::string_view text);

/// What is said of a text that is no whole number: "strconv.ParseInt: parsing \"x\": invalid syntax".
[[nodiscard]] std::string integer_fault(std::string_view text);

}  // namespace vtoken::store
