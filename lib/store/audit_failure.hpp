// What went wrong with a request, in the words of a server's audit log.
#pragma once

#include <string>

#include "core/json_fwd.hpp"
#include "core/request.hpp"

namespace vtoken::store {

/// Both are empty for an answer that is no error.
struct AuditFailure {
  std::string error = {};   ///< the line's "error": what kind of failure it was
  std::string answer = {};  ///< what the answer's own text was, which is hashed
};

/// `body` is the response's, parsed.
[[nodiscard]] AuditFailure audit_failure(const Response& response, const Json& body);

}  // namespace vtoken::store
