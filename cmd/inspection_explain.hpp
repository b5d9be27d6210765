// Every byte of a token, and what tokens of its type can do: -explain.
#pragma once

#include "cmd/inspection.hpp"

namespace vtoken::cmd {

/// A hex dump of each layer with what the bytes mean beside them, and the table that compares service and batch tokens,
/// the column of this one marked. At most 80 columns. Bytes of secrets are ** unless `reveal`; a line of them that only
/// repeats the one above is "*", once, as in hexdump. Nothing in it can steer a terminal.
[[nodiscard]] SecretString explain_text(const Inspection& inspection, bool reveal);

/// The same: "layers", each with its "parts", whose "hex" is stars where it is masked; "abilities"; and "column", which
/// is "service", "batch" or null.
[[nodiscard]] Json explain_json(const Inspection& inspection, bool reveal);

}  // namespace vtoken::cmd
