// Accessors that were saved: a text file, or what `accessors list` prints as JSON.
#pragma once

#include <iosfwd>
#include <string>

#include "base/result.hpp"
#include "cmd/context.hpp"
#include "core/key_list.hpp"

namespace vtoken::cmd {

/// Reads a file, or standard input for "-", as it comes: an accessor a line, with blank lines and lines that begin with
/// "#" passed over; a line may also be JSON, an object with a member `accessor` or a string. Or else all of it is one
/// JSON array of such. One that is there twice may be given twice.
///
/// Fails with not_found or io; with usage for a line that is none of these (its number is told, not its text, which may
/// be a secret), for a token in an accessor's place, for a text without any, and for more
/// than 256 MiB. An empty JSON array is no failure.
[[nodiscard]] Result<KeyList> read_accessor_file(const Context& context, const std::string& path);

/// The same for what is in `in`; `source` names it in errors.
[[nodiscard]] Result<KeyList> read_accessors(std::istream& in, const std::string& source);

}  // namespace vtoken::cmd
