// The world outside as it really is.
#pragma once

#include "base/clock.hpp"
#include "cmd/app.hpp"

namespace vtoken::cmd {

/// Back ends by the target's kind. Borrows `clock`.
[[nodiscard]] Services system_services(const Clock& clock);

}  // namespace vtoken::cmd
