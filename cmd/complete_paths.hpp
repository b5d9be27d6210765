// Paths that every server has, for completion: they cannot be listed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vtoken::cmd {

/// What `prefix` may become up to the next slash: "auth/to" becomes "auth/token/", and "sys/wrapping/u" becomes
/// "sys/wrapping/unwrap".
[[nodiscard]] std::vector<std::string> known_paths(std::string_view prefix);

}  // namespace vtoken::cmd
