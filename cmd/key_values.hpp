// Data on the command line: key=value, key=@FILE, key=- and whole JSON objects from "-" or "@FILE".
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "cmd/context.hpp"
#include "core/json_fwd.hpp"

namespace vtoken::cmd {

/// The JSON object that the words describe, as the real command builds it: values are strings, a repeated key makes an
/// array, `key=\@text` starts with "@", and an object from "-" or "@FILE" is merged in with its own types. Without
/// words it is empty, and null as `vault` and `bao`, which send that. Fails with usage ("DOING: …").
[[nodiscard]] Result<Json> read_key_values(const Context& context, const std::vector<std::string>& words,
                                           std::string_view doing = "Failed to parse K=V data");

/// The same as names and values of a URL's query: true is "1", false "0", a list gives its name several times.
using Query = std::vector<std::pair<std::string, std::string>>;
[[nodiscard]] Result<Query> read_query(const Context& context, const std::vector<std::string>& words,
                                       std::string_view doing);

}  // namespace vtoken::cmd
