// What a person can do about a failure, in one sentence or two.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/token_client.hpp"

namespace vtoken::cmd {

/// Who asked, as far as advice depends on it.
struct Asker {
  std::string program = "vtoken";  ///< how the program was called, for commands to try
  bool is_vtoken = true;           ///< flags that only `vtoken` has may be named
  bool asks_server = true;         ///< not a store
  std::string address = {};
  std::size_t token_size = 0;     ///< bytes; 0 when no token was sent
  std::string token_source = {};  ///< "VAULT_TOKEN", a file
  std::string namespace_path = {};
};

/// What to do about `failure`; empty when its own words say it all. Holds no token, and nothing of what the server sent
/// but names that it was asked about. Errors before an answer bring their own advice.
[[nodiscard]] std::string advice(const ApiFailure& failure, const Asker& asker);

/// Whether a lookup by accessor was denied in a way that also means "the token behind it is gone": then only the
/// caller's capabilities tell which it is.
[[nodiscard]] bool may_be_dangling(const ApiFailure& failure);

/// The advice once that is known.
[[nodiscard]] std::string dangling_advice(const Asker& asker);

/// Whether policies refused the request in a way that also means "not with these parameters, or not wrapped so": then
/// only the caller's capabilities tell which it is.
[[nodiscard]] bool may_be_parameters(const ApiFailure& failure);

/// Whether capabilities on the path are all that the request needs.
[[nodiscard]] bool suffice(const std::vector<std::string>& capabilities, const ApiFailure& failure);

/// The advice once that is known.
[[nodiscard]] std::string parameters_advice(const Asker& asker);

/// Whether the failure says that the caller's privileges do not reach so far, whatever the status.
[[nodiscard]] bool names_missing_privilege(const ApiFailure& failure);

/// Whether the answer came from something else than Vault or OpenBao, such as a proxy.
[[nodiscard]] bool is_foreign(const ApiFailure& failure);

/// Whether the failure says that the caller's token, or the one asked about, is not or no longer valid.
[[nodiscard]] bool names_invalid_token(const ApiFailure& failure);

/// Whether the failure says that a wrapping token was used, has expired, or never was one.
[[nodiscard]] bool names_dead_wrapping_token(const ApiFailure& failure);

/// Whether the failure says that a cluster has no active node.
[[nodiscard]] bool names_no_leader(const ApiFailure& failure);

/// Whether the failure says that what was asked about is not there, whatever the status.
[[nodiscard]] bool names_missing_thing(const ApiFailure& failure);

}  // namespace vtoken::cmd
