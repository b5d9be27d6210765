// What `accessors list` shows of tokens: rows as they come, sorted rows, or counts.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cmd/accessor_order.hpp"
#include "cmd/output.hpp"
#include "core/request.hpp"
#include "sweep/facts.hpp"

namespace vtoken::cmd {

/// Takes tokens one by one. Not safe for use from several threads.
class AccessorRows {
 public:
  virtual ~AccessorRows() = default;
  /// `response` is the answer to the lookup that `token` was read from. False when nobody reads the output any more.
  [[nodiscard]] virtual bool take(const sweep::TokenFacts& token, const Response& response) = 0;
  /// Prints what is not printed yet. Returns the exit status.
  [[nodiscard]] virtual int finish() = 0;
};

/// A row for each token: in the format table when all have come, by `order` or else by accessor; in other formats at
/// once, or by `order` when all have come. Then all rows are held; memory does not grow otherwise, but for tables.
/// Borrows `output`.
[[nodiscard]] std::unique_ptr<AccessorRows> token_rows(Output& output, std::optional<TokenOrder> order);

/// How many tokens there are in each group, largest first; only the counts are held. Borrows `output`.
[[nodiscard]] std::unique_ptr<AccessorRows> group_rows(Output& output, TokenField field);

}  // namespace vtoken::cmd
