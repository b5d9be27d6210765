// Auditing turned on and off, and looked into. Each call needs the file and its key, not a token; turning it on and off
// is noted in the log as the requests that would do it on a server.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/audit_config.hpp"
#include "store/store_file.hpp"

namespace vtoken::store {

/// Notes the store's requests in the file `path` from now on, other processes' too, with a fresh key; the first line
/// says so. The absolute path. Fails with refused when they are noted already, and as audit_place() and append_lines()
/// do: nothing was changed then.
[[nodiscard]] Result<std::string> enable_audit(StoreFile& file, const std::string& path, const Clock& clock);

struct DisableReport {
  std::string file;
  std::optional<Error> unsaid = {};  ///< why the last line could not be written, where it could not
};

/// Notes no more requests. Fails with refused when none are noted. What cannot be written any more can be turned off.
[[nodiscard]] Result<DisableReport> disable_audit(StoreFile& file, const Clock& clock);

/// Where requests are noted; nothing when they are not.
[[nodiscard]] Result<std::optional<std::string>> audit_file(StoreFile& file);

/// What stands in the log for `text`, a token or an accessor. Fails with refused when requests are not noted.
[[nodiscard]] Result<std::string> audit_hash(StoreFile& file, std::string_view text);

}  // namespace vtoken::store
