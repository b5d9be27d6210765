// Paths to values within an answer, for -field: `auth.policies[0]`, `meta["build.host"]`.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/json_fwd.hpp"

namespace vtoken::cmd {

/// A member's name, or an element's number from 0.
using FieldStep = std::variant<std::string, std::size_t>;

/// The steps of a path: names joined by dots, each of which may be followed by element numbers or quoted names in
/// brackets. A quoted name ends at the next `"]`. Nothing when `text` is no path.
[[nodiscard]] std::optional<std::vector<FieldStep>> parse_field_path(std::string_view text);

/// The value that the steps lead to from `value`, which is borrowed; null when they lead nowhere.
[[nodiscard]] const Json* follow_path(const Json& value, std::span<const FieldStep> steps);

}  // namespace vtoken::cmd
