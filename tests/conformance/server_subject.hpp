// The real OpenBao server as a subject of the conformance suite.
#pragma once

#include <memory>

#include "subject.hpp"

namespace vtoken::conformance {

/// Starts a server of its own, in memory and unsealed, which ends with the subject or with the test program. The
/// environment's VTOKEN_BAO names its program. A requirement fails when it does not start. It is as it is
/// shipped.
[[nodiscard]] std::unique_ptr<Subject> start_server();

}  // namespace vtoken::conformance
