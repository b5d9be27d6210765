// The store that is made when nobody named one.
#pragma once

#include "base/result.hpp"
#include "cmd/context.hpp"
#include "cmd/target.hpp"

namespace vtoken::cmd {

/// Makes the folders above the store at `target.path` that are missing (0700).
[[nodiscard]] Result<void> make_store_folder(const Target& target);

/// Makes the store at `target.path` with its key file and root token, and the folders above it. Says so in one line on
/// standard error. Fine when another process makes it meanwhile.
[[nodiscard]] Result<void> make_default_store(const Context& context, const Target& target);

}  // namespace vtoken::cmd
