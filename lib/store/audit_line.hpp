// One line of an audit log: what Vault's file device writes of a request once it is answered (its "type":"response").
//
// Source of the form: openbao audit/format.go. Left out is what a store has not: mount accessors and versions of
// plugins, the caller's port, client ids.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "core/json_fwd.hpp"
#include "core/request.hpp"
#include "store/audit_hash.hpp"
#include "store/presented.hpp"

namespace vtoken::store {

/// All that is known of a request and its answer. Everything is borrowed.
struct AuditFacts {
  const Request& request;
  const Response& response;
  Nanoseconds now = 0;
  bool creates = false;                    ///< a write of what is not there
  const Json* data = nullptr;              ///< the body, or a read's query; null when it could not be read
  Nanoseconds wrap_ttl = 0;                ///< the wrapping asked for
  const Presented* caller = nullptr;       ///< null when nobody has that token
  std::int64_t uses = 0;                   ///< that the caller's token had before the request; 0 for no limit
  std::optional<bool> allowed = {};        ///< by its policies; nothing when they were not asked
  std::vector<std::string> granting = {};  ///< the policies that allowed it
  std::string_view caller_note = {};       ///< in the place of the caller's name, where there is no token
  /// Finds the token that the answer gives, for its name; empty when that is not said.
  std::function<std::optional<TokenEntry>(std::string_view token)> find_made = {};
  std::optional<std::int64_t> listed = {};  ///< how many keys an answer has that is too long to hold
};

struct AuditLine {
  SecretString text;  ///< JSON and a newline
  std::string id;     ///< the request's: the answer's "request_id" where it has one
};

[[nodiscard]] AuditLine audit_line(const AuditFacts& facts, const AuditHash& hash);

/// What is said after a request that was noted as answered came to nothing.
[[nodiscard]] std::string audit_withdrawal(const std::string& id, Nanoseconds now);

}  // namespace vtoken::store
