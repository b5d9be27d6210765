// The answer to LIST auth/token/accessors, written as it is read, so that its length costs no memory.
#pragma once

#include <functional>
#include <string_view>

#include "base/result.hpp"
#include "store/token_table.hpp"

namespace vtoken::store {

/// Gives the body of the answer in pieces of some ten kilobytes, until `piece` returns false.
[[nodiscard]] Result<void> list_accessors(TokenTable& tokens, Nanoseconds now, const std::string& request_id,
                                          const std::function<bool(std::string_view)>& piece);

}  // namespace vtoken::store
