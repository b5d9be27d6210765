// Asking any path, as `vault list|read|write|delete PATH` do; roles are such paths too.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "cmd/context.hpp"
#include "core/json_fwd.hpp"

namespace vtoken::cmd {

/// Each asks and shows the answer. `path` is taken without white space and slashes around it. Returns the exit status,
/// or an Error when the back end could not be reached or opened.
[[nodiscard]] Result<int> list_path(const Context& context, std::string_view path);
[[nodiscard]] Result<int> read_path(const Context& context, std::string_view path);
[[nodiscard]] Result<int> write_path(const Context& context, std::string_view path, const Json& data);
[[nodiscard]] Result<int> delete_path(const Context& context, std::string_view path);

/// Fails (usage) unless `count` arguments are between `least` and `most`, in the real command's words.
[[nodiscard]] Result<void> check_count(std::size_t count, std::size_t least, std::size_t most,
                                       std::string_view expected);

}  // namespace vtoken::cmd
