#include "store/audit_failure.hpp"

#include <algorithm>
#include <array>

#include "core/json.hpp"

namespace vtoken::store {
namespace {

constexpr std::string_view kRaised = "1 error occurred:\n\t* ";

// How answers begin that a server's handler gives without failing itself: they leave no "error" in the log.
constexpr std::array<std::string_view, 22> kGiven = {"unknown role ",
                                                     "batch tokens cannot ",
                                                     "could not look up policy ",
                                                     "cannot assign policy ",
                                                     "role being used for token creation ",
                                                     "role name cannot be empty",
                                                     "error registering path suffix",
                                                     "error parsing role fields",
                                                     "error parsing bound_cidrs",
                                                     "'explicit_max_ttl' value ",
                                                     "'period' value ",
                                                     "'token_type' cannot be ",
                                                     "invalid 'token_type' value",
                                                     "Invalid 'token_type' value",
                                                     "policy name must be provided",
                                                     "'policy' parameter not supplied",
                                                     "cannot supply both 'expiration'",
                                                     "refusing to update policy",
                                                     "paths must be supplied",
                                                     "no information found; ",
                                                     "unknown audit backend ",
                                                     "the \"input\" parameter is empty"};

}  // namespace

AuditFailure audit_failure(const Response& response, const Json& body) {
  if (response.status < 400) return {};
  const Json* errors = find_member(body, "errors");
  if (errors == nullptr || !errors->is_array() || errors->empty() || !errors->front().is_string()) return {};
  const std::string text(errors->front().get_ref<const SecretString&>().view());
  // An error that was handed up, with no answer of its own unless it is a refusal.
  if (text.starts_with(kRaised)) return {text, response.status == 403 ? text : std::string()};
  if (std::any_of(kGiven.begin(), kGiven.end(), [&](std::string_view start) { return text.starts_with(start); })) {
    return {{}, text};
  }
  std::string reason = text;
  if (response.status == 400) reason = "invalid request";
  if (response.status == 404) reason = "unsupported path";
  return {std::string(kRaised) + reason + "\n\n", text};
}

}  // namespace vtoken::store
