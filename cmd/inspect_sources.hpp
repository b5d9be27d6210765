// Where the tokens to inspect come from, one a line.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "cmd/context.hpp"

namespace vtoken::cmd {

/// Calls `take` with the token that an argument is, or with each line of "@FILE" or "-" (standard input) that is not
/// blank. Standard input is read line by line: memory does not grow with the number of tokens, and each is there as
/// soon as it has arrived. Fails with usage when there is none, with damaged after a line of more than 16 MiB, and with
/// not_found or io.
[[nodiscard]] Result<void> each_token(const Context& context, const std::string& source,
                                      const std::function<void(std::string_view text)>& take);

}  // namespace vtoken::cmd
