// What a handler says, before it becomes a Response: either an answer's parts or an error's texts.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/json_fwd.hpp"
#include "core/request.hpp"

namespace vtoken::store {

using Warnings = std::vector<std::string>;

/// An answer in the envelope that every endpoint uses. `data` and `auth` are JSON texts; empty ones become null.
[[nodiscard]] Response reply(int status, std::string_view data, std::string_view auth, const Warnings& warnings);

/// The same with data that is a value.
[[nodiscard]] Response reply_data(const Json& data, const Warnings& warnings = {});

/// 204 without a body, or 200 with the warnings when there are some.
[[nodiscard]] Response reply_done(const Warnings& warnings = {});

/// {"errors": [text]}
[[nodiscard]] Response reply_error(int status, std::string_view text);

/// The way servers word an error that a handler returned and did not put into its answer itself:
/// "1 error occurred:\n\t* text\n\n".
[[nodiscard]] Response reply_raised(int status, std::string_view text);

/// The same answer with the members of its "data" beside "data" too, as some older paths of sys/ give them.
[[nodiscard]] Response with_data_on_top(Response response);

/// 404 without a word: nothing is at a path that may be empty.
[[nodiscard]] Response reply_absent();

/// 403 as for a caller whose policies do not allow the path.
[[nodiscard]] Response reply_denied();

/// 403 as for a caller whose token is unknown, expired or revoked.
[[nodiscard]] Response reply_bad_caller();

/// A fresh random UUID, as servers put into "request_id".
[[nodiscard]] std::string random_uuid();

}  // namespace vtoken::store
