// Rows for what comes as JSON: a back end's answers and a JWT's claims.
#pragma once

#include <cstdint>
#include <string>

#include "cmd/inspection.hpp"
#include "cmd/row_list.hpp"

namespace vtoken::cmd {

/// What a lookup said, and what a wrapping token wraps; nothing that is there already under the same name.
void add_live(RowList& rows, const LiveFacts& live);

void add_claims(RowList& rows, const JwtFacts& jwt);

/// Seconds since 1970 as RFC 3339, or the number when it is not in this era.
[[nodiscard]] std::string time_text(std::int64_t seconds);

}  // namespace vtoken::cmd
