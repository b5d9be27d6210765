#include "cmd/status.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "cmd/output.hpp"

namespace vtoken::cmd {
namespace {

bool detailed(const Context& context) { return context.common.exit_codes == "detailed"; }

// 403 is said of a token that is not there and of one that may not; only the words tell them apart. Of a caller that is
// not there older servers say "permission denied" and nothing else, of one that may not they make a list of it.
bool names_the_token(const ApiFailure& failure) {
  constexpr std::array<std::string_view, 3> kPhrases = {"invalid token", "bad token", "token expired"};
  return std::any_of(failure.texts.begin(), failure.texts.end(), [&](const std::string& text) {
    return text == "permission denied" || std::any_of(kPhrases.begin(), kPhrases.end(), [&](std::string_view phrase) {
             return text.find(phrase) != std::string::npos;
           });
  });
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
  if (detailed(context) && failure.error.kind == ErrorKind::denied && names_the_token(failure)) return kTokenInvalid;
  return status_of(context, failure.error);
}

}  // namespace vtoken::cmd
