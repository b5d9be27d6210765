// What is likely to be a mistake in a policy that a server, or a store, would take all the same.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vtoken::cmd {

/// A line for each rule that does not do what it looks like, naming the place: a path that can match nothing, a `*`
/// that is no wildcard, capabilities that allow nothing, or that miss what a request to a well-known path needs. None
/// for a text that is no policy. Pure; any bytes may be given.
[[nodiscard]] std::vector<std::string> policy_doubts(std::string_view text);

/// Why a server is likely to refuse the text, with line and column; empty when it is not, and for what only some
/// servers know.
[[nodiscard]] std::string policy_fault(std::string_view name, std::string_view text);

/// Whether a request with a body to `path` needs the capability update, whatever it makes: nothing is kept there.
[[nodiscard]] bool only_updates(std::string_view path);

}  // namespace vtoken::cmd
