// An audit log's file: lines added to its end, by any number of processes.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace vtoken::store {

/// Whether what is written must have reached the disk when the call returns.
enum class Reach { system, disk };

/// Adds `lines`, which end in a newline, to the file at `path`, all or nothing: lines of several processes do not mix,
/// and what does not fit is taken back. A file that is not there is made, 0600: it may have been rotated away. Fails
/// with io, in one line that says why, when the file cannot be written or is no plain file.
[[nodiscard]] Result<void> append_lines(const std::string& path, std::string_view lines, Reach reach);

/// `path` made absolute, when lines can be added to it: its folder is there, and what has that name, if anything, is a
/// file of whole lines that nobody else may write to, or a device. Fails with usage, refused or io. Makes nothing.
[[nodiscard]] Result<std::string> audit_place(const std::string& path);

}  // namespace vtoken::store
