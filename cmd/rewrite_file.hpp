// Giving a file new contents so that nothing can be lost.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace vtoken::cmd {

/// Replaces what is in the file at `path` at one stroke: a reader, and a crash, find the old contents or the new ones,
/// on the disk when the call returns. Follows symbolic links; keeps mode and, where the system allows it, owner and
/// group. Fails (not_found, io), with the old contents untouched, for what is not there, is no regular file, or may not
/// be written by the caller, and when the disk is full.
[[nodiscard]] Result<void> rewrite_file(const std::string& path, std::string_view contents);

}  // namespace vtoken::cmd
