// A request's place on a server, as Vault's own client writes it (net/url of Go's library).
#pragma once

#include <string>
#include <string_view>

#include "core/request.hpp"

namespace vtoken {

/// What follows the host: "/v1/auth/token/roles?list=true". `prefix` is the path of the server's address, such as
/// "/vault", or empty. "." and ".." and doubled slashes are resolved; a list asks with list=true; the query is sorted
/// by name.
[[nodiscard]] std::string request_target(const Request& request, std::string_view prefix = {});

/// `text` with every byte escaped that is no letter, digit or one of "-_.~$&+,/:;=@".
[[nodiscard]] std::string escape_path(std::string_view text);

/// `text` as a name or value of a query: a space becomes "+".
[[nodiscard]] std::string escape_query(std::string_view text);

}  // namespace vtoken
