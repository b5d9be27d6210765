// `create -count`: many tokens that are made alike.
#pragma once

#include <cstddef>

#include "base/result.hpp"
#include "cmd/context.hpp"
#include "cmd/creation_flags.hpp"

namespace vtoken::cmd {

/// Makes `count` tokens (at least one) and shows each as soon as it is certain. On a server many requests are under
/// way, as many as it takes well; what a rate limit or a standby refuses is asked again. In a store service tokens are
/// made in one transaction, all or none. Memory does not grow with their number.
///
/// Ends early at the first token that is not made, when it is interrupted, and when nobody takes what is printed: then
/// it says how many were made. Returns the exit status.
[[nodiscard]] Result<int> create_many(const Context& context, const CreationFlags& flags, std::size_t count);

}  // namespace vtoken::cmd
