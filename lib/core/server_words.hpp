// What servers say, where something is done about it: parts of the texts in an answer's "errors" or "warnings". The
// same from Vault 1.2 to 1.14 and OpenBao 2.x unless it says otherwise.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace vtoken::words {

// About a cluster.
inline constexpr std::string_view kNoLeader = "active cluster node not found";  ///< 500
inline constexpr std::string_view kNotActive = "node is not active";            ///< 503, a node that stands alone
inline constexpr std::string_view kLeadershipLost = "leadership lost";    ///< 400 or 500, while another is elected
inline constexpr std::string_view kNotLeader = "node is not the leader";  ///< the same
inline constexpr std::string_view kSealed = "Vault is sealed";            ///< 503; OpenBao says Vault, too
inline constexpr std::string_view kNotInitialised = "not initialized";    ///< 501, 503
inline constexpr std::string_view kNotYetInitialised = "not yet initialized";
inline constexpr std::string_view kStateNotPresent = "required index state not present";  ///< 412
inline constexpr std::string_view kPlainToTls = "HTTP request to an HTTPS server";        ///< 400, Go's own

// About an accessor, or what it stands for.
inline constexpr std::string_view kInvalidAccessor = "invalid accessor";  ///< 400; 403 before Vault 1.10
inline constexpr std::string_view kNoSuchAccessor = "No token found with this accessor";  ///< a warning
inline constexpr std::string_view kTokenNotFound = "token not found";                     ///< 400
inline constexpr std::string_view kNoNamespace = "no namespace";                          ///< 500, the same each time
inline constexpr std::string_view kOtherNamespace = "token in different namespace";       ///< 500, the same each time

/// 400, without more words: of an accessor while a leader is going, and by a standby of a token that is half revoked.
inline constexpr std::string_view kInvalidRequest = "invalid request";

// About the caller.
inline constexpr std::string_view kDenied = "permission denied";  ///< 403
/// A caller's token, or the one asked about, that is none or no more. OpenBao 2.x says kDenied and nothing else to such
/// a caller; to one without a policy it says it as one of several errors ("1 error occurred: …").
inline constexpr std::array<std::string_view, 4> kDeadToken = {"invalid token", "bad token", "token expired",
                                                               "token mac for token"};

/// Bytes of a token that servers take in a header.
inline constexpr std::size_t kLongestToken = 8192;

}  // namespace vtoken::words
