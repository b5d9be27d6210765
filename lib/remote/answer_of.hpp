// An errand's outcome and the body it brought, as the answer of a back end.
#pragma once

#include "base/result.hpp"
#include "core/request.hpp"
#include "remote/collect.hpp"
#include "remote/head.hpp"
#include "remote/plan.hpp"

namespace vtoken::remote {

/// Fails with damaged when the body was longer than the settings allow.
[[nodiscard]] Result<Response> answer_of(Result<Head> head, Collect& body, const Plan& plan);

}  // namespace vtoken::remote
