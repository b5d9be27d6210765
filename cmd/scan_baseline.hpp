// Findings of an earlier scan, which are not to be reported again.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

#include "base/result.hpp"
#include "cmd/context.hpp"

namespace vtoken::cmd {

/// Fingerprints, as fingerprint_of() makes them.
using Fingerprints = std::unordered_set<std::string>;

/// Those in a report of `vtoken scan`: JSON, ndjson or SARIF; an empty text is an ndjson report without findings. Fails
/// (usage) when it is none, saying where; `source` stands for it in the message.
[[nodiscard]] Result<Fingerprints> read_baseline(std::string_view text, const std::string& source);

/// The same for a file. Fails also as read_secret_file().
[[nodiscard]] Result<Fingerprints> read_baseline_file(const Context& context, const std::string& path);

}  // namespace vtoken::cmd
