// The one place where a token is made fit to be seen.
#pragma once

#include <string>
#include <string_view>

namespace vtoken {

/// A token as messages, lists and reports show it: its prefix and its last four characters, such as "hvs.****aB3d",
/// when that leaves at least 16 characters (95 bits) unknown; else only stars. Text that is no base64url is never
/// repeated. The result is printable ASCII, at most 12 characters, and the same for the same token.
[[nodiscard]] std::string mask_token(std::string_view token);

/// `text` with each token in it masked: `known` wherever it occurs, when it has at least 16 characters (a shorter one
/// is a word that texts may hold), and what looks like a token by its prefix and length. For what servers and proxies
/// say, who may repeat a request.
[[nodiscard]] std::string mask_tokens_in(std::string_view text, std::string_view known);

}  // namespace vtoken
