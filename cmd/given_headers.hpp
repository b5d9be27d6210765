// The headers that -header adds to each request.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "cmd/context.hpp"
#include "core/request.hpp"

namespace vtoken::cmd {

/// In the order of their names. `with_token`: requests have a token, which no header of that name can replace. Fails
/// with server for a name that is the program's own (it begins with X-Vault-; as `vault` and `bao` in that very
/// spelling only) and for one that HTTP does not allow.
[[nodiscard]] Result<std::vector<Header>> given_headers(const Context& context, bool with_token);

}  // namespace vtoken::cmd
