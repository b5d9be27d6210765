// The little that most callers want of the answer to a creation, found without reading all of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/request.hpp"

namespace vtoken {

/// All is borrowed from the answer.
struct Glance {
  std::string_view token;     ///< the wrapping token when the answer is wrapped; never empty
  std::string_view accessor;  ///< of that one; empty for a batch token
  std::int64_t seconds = 0;   ///< that it lives; 0 for without end
  bool wrapped = false;
};

/// Nothing when there is more to it than can be seen at a glance: no 200, warnings, escapes in these texts, anything
/// that is not what servers send. read_answer() then says what it is.
[[nodiscard]] std::optional<Glance> glance_at_token(const Response& response) noexcept;

}  // namespace vtoken
