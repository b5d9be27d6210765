#include "cmd/status.hpp"

#include "cmd/advice.hpp"
#include "cmd/output.hpp"

namespace vtoken::cmd {
namespace {

bool detailed(const Context& context) { return context.common.exit_codes == "detailed"; }

// The kind that the words tell, where the status alone does not. 403 is said of a token that is not there and of one
// that may not: of a caller that is not there older servers say "permission denied" and nothing else, of one that may
// not they make a list of it.
int by_words(const ApiFailure& failure) {
  const bool refused = failure.status == 400 || failure.status == 403 || failure.status == 404;
  if (refused && names_missing_thing(failure)) return kNotFound;
  if ((refused || failure.status == 500) && names_invalid_token(failure)) return kTokenInvalid;
  if (failure.status == 400 && names_missing_privilege(failure)) return kDenied;
  if (failure.status == 400 && names_dead_wrapping_token(failure)) return kTokenInvalid;
  if (names_no_leader(failure)) return kUnreachable;
  return kFailed;
}

}  // namespace

int status_of(const Context& context, const Error& error) noexcept {
  const int plain = exit_status(error);
  if (!detailed(context) || plain != kFailed) return plain;
  switch (error.kind) {
    case ErrorKind::denied: return kDenied;
    case ErrorKind::unreachable:
    case ErrorKind::untrusted:
    case ErrorKind::lost: return kUnreachable;
    case ErrorKind::sealed: return kSealed;
    case ErrorKind::rate_limited: return kRateLimited;
    case ErrorKind::stale: return kStale;
    case ErrorKind::not_found: return kNotFound;
    default: return plain;
  }
}

int status_of(const Context& context, const ApiFailure& failure) noexcept {
  const int plain = status_of(context, failure.error);
  if (!detailed(context) || plain == kUsage) return plain;
  // What a proxy says with a status is not said by the server: only that the server is not reached.
  const bool gateway = failure.status == 502 || failure.status == 503 || failure.status == 504;
  if (gateway && failure.raw) return kUnreachable;
  if (is_foreign(failure)) return kFailed;
  const int told = by_words(failure);
  return told != kFailed ? told : plain;
}

}  // namespace vtoken::cmd
