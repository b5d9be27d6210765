// Steps of auth/token/create: what was asked, what the rules make of it, and the token that comes out.
//
// Source of the rules: openbao vault/token_store.go (handleCreateCommon), in its order, so that the first refusal is
// the server's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "store/call.hpp"
#include "store/entry.hpp"
#include "store/role.hpp"

namespace vtoken::store {

/// The body of a creation, its members converted.
struct CreateBody {
  std::string display_name;
  std::string entity_alias;
  SecretString id;
  std::string type;
  std::vector<std::string> policies;
  std::optional<StringMap> meta;
  std::string ttl;  ///< lengths of time as they were given; empty for none
  std::string lease;
  std::string explicit_max_ttl;
  std::string period;
  std::int64_t num_uses = 0;
  bool renewable = true;
  bool no_default_policy = false;
  bool no_parent = false;
};

/// Reads the body. An Error (refused) carries the server's text for status 400. Members that the endpoint does not know
/// are put into `unknown`.
[[nodiscard]] Result<CreateBody> read_create_body(const Json& body, std::vector<std::string>& unknown);

/// The lengths of time that a body names, 0 for none.
struct CreateLengths {
  Nanoseconds ttl = 0;
  Nanoseconds explicit_max_ttl = 0;
  Nanoseconds period = 0;
};

/// Reads them. `sudo` is whether the caller may ask for a period. An Error as above.
[[nodiscard]] Result<CreateLengths> read_create_lengths(const CreateBody& body, bool sudo);

/// A token about to be made.
struct Draft {
  TokenEntry entry;
  SecretString id;  ///< chosen by the caller, or empty
  bool batch = false;
  bool orphan = false;
  std::int64_t num_uses = 0;
  Nanoseconds ttl = 0;  ///< 0 for no end
  Warnings warnings;
};

/// Applies the rules. `role` may be null; `orphan_path` says that create-orphan was called. An Error (refused) carries
/// the server's text for status 400.
[[nodiscard]] Result<Draft> draft_token(const Call& call, const CreateBody& body, const Role* role, bool orphan_path);

}  // namespace vtoken::store
