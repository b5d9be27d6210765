// Failures in the midst of something that goes on: one line each.
#pragma once

#include <string>
#include <string_view>

#include "core/token_client.hpp"

namespace vtoken::cmd {

/// A failure on one line that a terminal can show, at most 300 columns: the server's words and the status, or why there
/// was no answer. `token`, which must not be seen, is masked if they repeat it.
[[nodiscard]] std::string failure_line(const ApiFailure& failure, std::string_view token);

}  // namespace vtoken::cmd
