// The store that is made when nobody named one.
#pragma once

#include "base/result.hpp"
#include "cmd/context.hpp"
#include "cmd/target.hpp"

namespace vtoken::cmd {

/// Makes the store at `target.path` with its key file and root token, and the folders above it (0700). Says so in one
/// line on standard error.
[[nodiscard]] Result<void> make_default_store(const Context& context, const Target& target);

}  // namespace vtoken::cmd
