// What stands in the block of a path, read one attribute at a time. Each function adds to what `out` holds already: of
// an attribute that stands twice, lists and parameters add up, and of single values the last counts, as on the servers.
//
// All fail with usage, and name the place.
#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "core/hcl.hpp"
#include "policy/policy.hpp"

namespace vtoken::policy {

/// A string, or a number, which is taken as it is written.
[[nodiscard]] Result<void> read_text(const hcl::Item& item, std::string& out);

/// A list of these, and where each of them stands.
[[nodiscard]] Result<void> read_texts(const hcl::Item& item, std::vector<std::string>& out,
                                      std::vector<hcl::Position>* places = nullptr);

/// { name = [values], … }
[[nodiscard]] Result<void> read_parameters(const hcl::Item& item, Parameters& out);

/// Seconds as a number, or a string such as "90" or "1h30m".
[[nodiscard]] Result<void> read_length(const hcl::Item& item, Nanoseconds& out);

}  // namespace vtoken::policy
