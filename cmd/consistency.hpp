// Which state of a cluster an answer may come from: -consistency and -require-index.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "cmd/args.hpp"
#include "cmd/context.hpp"
#include "cmd/target.hpp"
#include "core/request.hpp"

namespace vtoken::cmd {

/// Declares the flags, which only `vtoken` has.
void declare_consistency(FlagSet& flags, CommonValues& values);

/// The headers that flags and VTOKEN_CONSISTENCY ask for. Fails (usage) on a value that is none, and on flags that a
/// store has no use for.
[[nodiscard]] Result<std::vector<Header>> consistency_headers(const Context& context, const Target& target);

}  // namespace vtoken::cmd
