// A server's answer, read: the envelope that every Vault endpoint uses ("Secret" in Vault's own client).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "core/json_fwd.hpp"
#include "core/request.hpp"

namespace vtoken {

/// The "auth" part: a token made or renewed. Members that are absent or null are empty.
struct Auth {
  SecretString client_token;
  std::string accessor;
  std::optional<std::vector<std::string>> policies;
  std::optional<std::vector<std::string>> token_policies;
  std::optional<std::vector<std::string>> identity_policies;
  std::optional<std::map<std::string, std::string>> metadata;
  bool orphan = false;
  std::string entity_id;
  std::int64_t lease_duration = 0;  ///< seconds; 0 for a token without end
  bool renewable = false;
  std::string token_type;                       ///< "service" or "batch"; empty when the server did not say
  std::int64_t num_uses = 0;                    ///< 0 for no limit
  std::shared_ptr<const Json> mfa_requirement;  ///< null when there is none
};

/// The "wrap_info" part: the answer itself waits behind a single-use token.
struct WrapInfo {
  SecretString token;
  std::string accessor;
  std::int64_t ttl = 0;  ///< seconds
  std::string creation_time;
  std::string creation_path;
  std::string wrapped_accessor;
};

/// An answer with a status below 400, or a 404 that has data or warnings to show.
struct Answer {
  int status = 200;
  bool has_body = false;  ///< false after a 204: there is nothing to print but that it was done
  std::string request_id;
  std::string lease_id;
  std::int64_t lease_duration = 0;  ///< seconds
  bool renewable = false;
  std::shared_ptr<const Json> data;  ///< null when absent or null
  std::optional<std::vector<std::string>> warnings;
  std::optional<Auth> auth;
  std::optional<WrapInfo> wrap_info;
};

/// Reads a response. An empty body (204) is an empty Answer; a JSON object without any member of the envelope
/// (sys/health) becomes `data`. Fails (server) for a redirect. Fails (damaged) when the body is not the envelope; fails
/// by the status (denied, stale, rate_limited, sealed, not_found, server) when it is 400 or more: use read_errors() for
/// the texts.
[[nodiscard]] Result<Answer> read_answer(const Response& response);

/// What a server says in a response with a status of 400 or more.
struct ServerErrors {
  std::vector<std::string> texts;  ///< its "errors"; may be empty
  bool raw = false;                ///< it was not JSON of that form: the whole body is the one text
};
[[nodiscard]] ServerErrors read_server_errors(const Response& response);

/// The texts alone.
[[nodiscard]] std::vector<std::string> read_errors(const Response& response);

/// What a status of 400 or more means.
[[nodiscard]] ErrorKind error_kind(int status) noexcept;

}  // namespace vtoken
