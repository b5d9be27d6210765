// Data on the command line: key=value, key=@FILE, key=- and whole JSON objects from "-" or "@FILE".
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "cmd/context.hpp"
#include "core/json_fwd.hpp"

namespace vtoken::cmd {

/// The JSON object that the words describe, as the real command builds it: values are strings, a repeated key makes an
/// array, `key=\@text` starts with "@", and an object from "-" or "@FILE" is merged in with its own types. Fails with
/// usage ("Failed to parse K=V data: …"), not_found and io.
[[nodiscard]] Result<Json> read_key_values(const Context& context, const std::vector<std::string>& words);

}  // namespace vtoken::cmd
