// The tokens in the file: rows found, written and removed, within a transaction that the caller has begun.
//
// A token is alive until it or one of its ancestors has expired; dead rows are as good as gone, and removed when it is
// cheap. The clear columns of a row (seq, parent, expiry, uses) are authenticated with its sealed part (token_aad).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "store/database.hpp"
#include "store/entry.hpp"
#include "store/keyring.hpp"

namespace vtoken::store {

struct TokenRow {
  std::int64_t seq = 0;       ///< 0 for a batch token, which has no row
  std::int64_t parent = 0;    ///< seq of the parent; 0 for an orphan
  Nanoseconds expire_at = 0;  ///< 0 for never
  std::int64_t uses = 0;      ///< left; 0 for no limit; -1 while its last use is under way
  Hash id_hash;
  Hash accessor_hash;
  TokenEntry entry;
};

/// What a row's sealed part is bound to.
[[nodiscard]] std::string token_aad(const TokenRow& row);

/// Opens a row's sealed part into row.entry, its clear columns being set. Fails with damaged.
[[nodiscard]] Result<void> open_row(TokenRow& row, std::string_view sealed, const Keyring& keyring);

class TokenTable {
 public:
  /// Borrows both.
  TokenTable(Database& database, const Keyring& keyring) : database_(database), keyring_(keyring) {}

  /// The token if it is there and alive at `now`.
  [[nodiscard]] Result<std::optional<TokenRow>> by_id(const Hash& id, Nanoseconds now);
  [[nodiscard]] Result<std::optional<TokenRow>> by_accessor(const Hash& accessor, Nanoseconds now);

  /// The accessors of a token's ancestors, its parent's first. Of a batch token the parent is enough.
  [[nodiscard]] Result<std::vector<std::string>> ancestors(const TokenRow& row);

  /// The earliest end among `row` and its ancestors: 0 when none of them ends, and a time in the past (1) when an
  /// ancestor is missing.
  [[nodiscard]] Result<Nanoseconds> end_of_line(const TokenRow& row);

  /// Adds a row under its seq (StoreState::next_seq).
  [[nodiscard]] Result<void> insert(const TokenRow& row);
  /// Writes a row's changed columns and entry.
  [[nodiscard]] Result<void> update(const TokenRow& row);
  /// Removes a token and all its descendants; the number removed.
  [[nodiscard]] Result<std::int64_t> remove_tree(std::int64_t seq);
  /// Removes a token; its children become orphans.
  [[nodiscard]] Result<void> remove_alone(std::int64_t seq);

  /// Calls `visit` for each token alive at `now`, until it returns false. Memory does not grow with their number, but
  /// for the dead ones. The visitor must not change the table.
  [[nodiscard]] Result<void> each(Nanoseconds now, const std::function<bool(const TokenRow&)>& visit);

  /// Removes what has expired, with descendants; the number of tokens removed.
  [[nodiscard]] Result<std::int64_t> remove_expired(Nanoseconds now);
  /// As remove_expired(), but only a few small families: cheap enough for every creation.
  [[nodiscard]] Result<std::int64_t> remove_some_expired(Nanoseconds now);

 private:
  Result<std::optional<TokenRow>> read_alive(Statement& statement, Nanoseconds now);

  Database& database_;
  const Keyring& keyring_;
};

}  // namespace vtoken::store
