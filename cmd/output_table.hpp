// Columns of text under a header, as the real command aligns them.
#pragma once

#include <iosfwd>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "core/answer.hpp"
#include "core/json_fwd.hpp"
#include "core/key_list.hpp"

namespace vtoken::cmd {

/// The first row is the header.
using Rows = std::vector<std::vector<SecretString>>;

/// Aligned columns with a line of dashes under the header and a newline at the end; empty cells become "n/a". Nothing
/// when there are no rows. White space around a cell is cut.
[[nodiscard]] SecretString render_table(const Rows& rows);

/// The rows of an answer ("token", "token_accessor", …), with their header; empty when there is nothing to show.
[[nodiscard]] Rows answer_rows(const Answer& answer);

/// One row a member, sorted by name; lengths of time as people write them. Empty for an empty object.
[[nodiscard]] Rows object_rows(const Json& object);

/// What a table shows for a member: its value as Go prints it, or a length of time when the name is that of one.
[[nodiscard]] SecretString member_text(std::string_view name, const Json& value);

/// Prints keys one a line under "Keys", sorted; nothing when there are none.
void write_key_table(std::ostream& out, const KeyList& keys);

/// What a table shows for a number of seconds: "1h", "59m55s".
[[nodiscard]] SecretString human_seconds(std::int64_t seconds);

}  // namespace vtoken::cmd
