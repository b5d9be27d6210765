// Commands that act on several tokens, one result each.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "cmd/session.hpp"
#include "core/request.hpp"
#include "core/token_client.hpp"

namespace vtoken::cmd {

/// What an argument is; tokens are masked wherever they are shown.
enum class Item { token, accessor, path };

/// Looks each item up with `ask` and shows the answer, or the failure, in the order of the items. Answers in a table
/// are set apart by an empty line, in YAML by "---". Returns the status of the first failure, or 0.
[[nodiscard]] int show_each(Session& session, const std::vector<SecretString>& items, Item kind, std::string_view doing,
                            const std::function<ApiResult<Answer>(std::string_view item)>& ask);

/// Sends the (complete) request that `request` makes of each item, several at once as the back end can, and reports.
/// One item: a line, as the real command prints it. Several, or -format=json: each with its outcome, "revoked", "gone"
/// or "failed". Returns the status of the first failure, or 0.
[[nodiscard]] int revoke_each(Session& session, const std::vector<SecretString>& items, Item kind,
                              const std::function<Request(std::string_view item)>& request);

/// Reports the revocation of one token.
[[nodiscard]] int report_revoked(Session& session, const ApiResult<Answer>& answer);

}  // namespace vtoken::cmd
