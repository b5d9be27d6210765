// Plans that are a little simpler than one that failed.
#pragma once

#include <rapidcheck/Seq.h>
#include <rapidcheck/Shrinkable.h>

#include "operation.hpp"

namespace vtoken::differential {

/// Simpler forms of one request: fewer members, shown by root, unwrapped.
[[nodiscard]] std::vector<Operation> simpler(const Operation& operation);

/// The plan and all that it can shrink to.
[[nodiscard]] rc::Shrinkable<Plan> shrinkable(Plan plan);

}  // namespace vtoken::differential
