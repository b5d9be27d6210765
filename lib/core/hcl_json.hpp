// HCL written as JSON. Apart from hcl.cpp, because the JSON header is heavy.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "core/hcl.hpp"

namespace vtoken::hcl {

/// Reads a JSON object. Fails with usage: malformed, no object, or nested too deep. A name may come more than once in
/// an object.
[[nodiscard]] Result<Object> parse_as_json(std::string_view text);

}  // namespace vtoken::hcl
