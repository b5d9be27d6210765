// What stands in an audit log for what must not: HMACs, by which one who knows a token finds its lines, and nobody
// else.
//
// Source of the rules: openbao audit/hashstructure.go.
#pragma once

#include <string>
#include <string_view>

#include "base/crypto.hpp"
#include "core/json_fwd.hpp"

namespace vtoken::store {

class AuditHash {
 public:
  explicit AuditHash(KeyView key) : hmac_(key) {}

  /// "hmac-sha256:" and 64 hexadecimal digits. As Go reads JSON, bytes that are not UTF-8 count as U+FFFD each.
  [[nodiscard]] std::string operator()(std::string_view text) const;

  /// Appends `value` as JSON with every text in it hashed, but for names of members and points of time (RFC 3339).
  void append(SecretString& out, const Json& value) const;

 private:
  Hmac hmac_;
};

}  // namespace vtoken::store
