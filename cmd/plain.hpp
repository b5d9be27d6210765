// Asking any path, as `vault list|read|write|delete PATH` do; roles are such paths too.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "cmd/context.hpp"
#include "cmd/session.hpp"
#include "core/answer.hpp"
#include "core/json_fwd.hpp"

namespace vtoken::cmd {

/// Each asks and shows the answer. `path` is taken without white space and slashes around it. `words` are key=value
/// data that go into the query; `timeout` is as Request::timeout. Returns the exit status, or an Error when the back
/// end could not be reached or opened.
[[nodiscard]] Result<int> list_path(const Context& context, std::string_view path, int timeout = 0);
[[nodiscard]] Result<int> read_path(const Context& context, std::string_view path,
                                    const std::vector<std::string>& words = {});
[[nodiscard]] Result<int> write_path(const Context& context, std::string_view path, const Json& data);
[[nodiscard]] Result<int> delete_path(const Context& context, std::string_view path,
                                      const std::vector<std::string>& words = {});

/// Fails (usage) unless `count` arguments are between `least` and `most`, in the real command's words.
[[nodiscard]] Result<void> check_count(std::size_t count, std::size_t least, std::size_t most,
                                       std::string_view expected);

// Parts of the above.

/// `path` without white space and slashes around it. To `vtoken` an empty one is an error (usage).
[[nodiscard]] Result<std::string> plain_path(const Context& context, std::string_view path);
/// Shows the answer to a write or a delete: usually nothing, then `text`; sometimes only warnings.
[[nodiscard]] int show_done(Session& session, const Answer& answer, const std::string& text);
/// As Session::failed, and shows what a 404 had to say besides.
[[nodiscard]] int failed_with_rest(Session& session, std::string_view doing, const ApiFailure& failure);

}  // namespace vtoken::cmd
