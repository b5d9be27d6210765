#include "store/token_table.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <vector>

#include "store/row_key.hpp"

namespace vtoken::store {
namespace {

constexpr Nanoseconds kLongAgo = 1;
constexpr int kFamilyLimit = 64;

// Columns of every SELECT that reads whole rows.
enum Column { kSeq, kParent, kExpireAt, kUses, kIdHash, kAccessorHash, kSealed };

std::optional<Hash> hash_from(std::string_view bytes) {
  Hash hash;
  if (bytes.size() != hash.bytes.size()) return std::nullopt;
  std::copy(bytes.begin(), bytes.end(), hash.bytes.begin());
  return hash;
}

Error damaged(const Database& database) {
  return {ErrorKind::damaged, "a token's entry does not open: the file is damaged; see `vtoken store verify`",
          database.path()};
}

Result<TokenRow> read_row(const Statement& statement, const Keyring& keyring, const Database& database) {
  TokenRow row;
  row.seq = statement.integer(kSeq);
  row.parent = statement.integer(kParent);
  row.expire_at = statement.integer(kExpireAt);
  row.uses = statement.integer(kUses);
  const auto id_hash = hash_from(statement.blob(kIdHash));
  const auto accessor_hash = hash_from(statement.blob(kAccessorHash));
  if (!id_hash || !accessor_hash) return tl::unexpected(damaged(database));
  row.id_hash = *id_hash;
  row.accessor_hash = *accessor_hash;
  if (!open_row(row, statement.blob(kSealed), keyring)) return tl::unexpected(damaged(database));
  return row;
}

void bind_optional(Statement& statement, int index, std::int64_t value) {
  if (value == 0) {
    statement.bind_null(index);
  } else {
    statement.bind(index, value);
  }
}

// Collects the first column of all rows.
Result<std::vector<std::int64_t>> numbers(Statement& statement) {
  std::vector<std::int64_t> found;
  while (true) {
    const auto row = statement.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return found;
    found.push_back(statement.integer(0));
  }
}

}  // namespace

std::string token_aad(const TokenRow& row) {
  std::string key;
  key.reserve(2 * kHashSize + 32);
  key += row.id_hash.view();
  key += row.accessor_hash.view();
  append_number(key, row.seq);
  append_number(key, row.parent);
  append_number(key, row.expire_at);
  append_number(key, row.uses);
  return row_aad("tokens", key);
}

Result<void> open_row(TokenRow& row, std::string_view sealed, const Keyring& keyring) {
  const auto plain = keyring.open(sealed, token_aad(row));
  if (!plain) return fail(ErrorKind::damaged, "a token's entry does not open");
  auto entry = decode_entry(as_text(*plain));
  if (!entry) return fail(ErrorKind::damaged, "a token's entry is malformed");
  row.entry = std::move(*entry);
  return {};
}

Result<std::optional<TokenRow>> TokenTable::read_alive(Statement& statement, Nanoseconds now) {
  const auto found = statement.step();
  if (!found) return tl::unexpected(found.error());
  if (!*found) return std::nullopt;
  if (const Nanoseconds expire_at = statement.integer(kExpireAt); expire_at != 0 && expire_at <= now)
    return std::nullopt;
  auto row = read_row(statement, keyring_, database_);
  if (!row) return tl::unexpected(row.error());
  const auto end = end_of_line(*row);
  if (!end) return tl::unexpected(end.error());
  if (*end != 0 && *end <= now) return std::nullopt;
  return std::optional<TokenRow>(std::move(*row));
}

Result<std::optional<TokenRow>> TokenTable::by_id(const Hash& id, Nanoseconds now) {
  auto statement = database_.prepare(
      "SELECT seq, parent, expire_at, uses, id_hash, accessor_hash, sealed FROM tokens WHERE id_hash = ?1");
  if (!statement) return tl::unexpected(statement.error());
  (*statement)->bind(1, id.view());
  return read_alive(**statement, now);
}

Result<std::optional<TokenRow>> TokenTable::by_accessor(const Hash& accessor, Nanoseconds now) {
  auto statement = database_.prepare(
      "SELECT seq, parent, expire_at, uses, id_hash, accessor_hash, sealed FROM tokens WHERE accessor_hash = ?1");
  if (!statement) return tl::unexpected(statement.error());
  (*statement)->bind(1, accessor.view());
  return read_alive(**statement, now);
}

Result<Nanoseconds> TokenTable::end_of_line(const TokenRow& row) {
  Nanoseconds end = row.expire_at;
  std::int64_t child = row.seq;
  for (std::int64_t parent = row.parent; parent != 0;) {
    // A parent is older than its child; anything else is a damaged file, and would go round for ever.
    if (parent >= child && child != 0) return tl::unexpected(damaged(database_));
    auto statement = database_.prepare("SELECT parent, expire_at FROM tokens WHERE seq = ?1");
    if (!statement) return tl::unexpected(statement.error());
    (*statement)->bind(1, parent);
    const auto found = (*statement)->step();
    if (!found) return tl::unexpected(found.error());
    if (!*found) return kLongAgo;
    const Nanoseconds expire_at = (*statement)->integer(1);
    if (expire_at != 0 && (end == 0 || expire_at < end)) end = expire_at;
    child = parent;
    parent = (*statement)->integer(0);
  }
  return end;
}

Result<std::vector<std::string>> TokenTable::ancestors(const TokenRow& row) {
  std::vector<std::string> accessors;
  std::int64_t child = row.seq;
  for (std::int64_t parent = row.parent; parent != 0;) {
    if (parent >= child && child != 0) return tl::unexpected(damaged(database_));
    auto statement = database_.prepare(
        "SELECT seq, parent, expire_at, uses, id_hash, accessor_hash, sealed FROM tokens WHERE seq = ?1");
    if (!statement) return tl::unexpected(statement.error());
    (*statement)->bind(1, parent);
    const auto found = (*statement)->step();
    if (!found) return tl::unexpected(found.error());
    if (!*found) break;
    auto ancestor = read_row(**statement, keyring_, database_);
    if (!ancestor) return tl::unexpected(ancestor.error());
    child = parent;
    parent = ancestor->parent;
    accessors.push_back(std::move(ancestor->entry.accessor));
  }
  return accessors;
}

Result<void> TokenTable::insert(const TokenRow& row) {
  auto statement = database_.prepare(
      "INSERT INTO tokens(seq, id_hash, accessor_hash, parent, expire_at, uses, sealed) "
      "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
  if (!statement) return tl::unexpected(statement.error());
  const SecretBytes sealed = keyring_.seal(encode_entry(row.entry).view(), token_aad(row));
  (*statement)->bind(1, row.seq);
  (*statement)->bind(2, row.id_hash.view());
  (*statement)->bind(3, row.accessor_hash.view());
  bind_optional(**statement, 4, row.parent);
  bind_optional(**statement, 5, row.expire_at);
  (*statement)->bind(6, row.uses);
  (*statement)->bind(7, as_text(sealed));
  return (*statement)->run();
}

Result<void> TokenTable::update(const TokenRow& row) {
  auto statement =
      database_.prepare("UPDATE tokens SET parent = ?2, expire_at = ?3, uses = ?4, sealed = ?5 WHERE seq = ?1");
  if (!statement) return tl::unexpected(statement.error());
  const SecretBytes sealed = keyring_.seal(encode_entry(row.entry).view(), token_aad(row));
  (*statement)->bind(1, row.seq);
  bind_optional(**statement, 2, row.parent);
  bind_optional(**statement, 3, row.expire_at);
  (*statement)->bind(4, row.uses);
  (*statement)->bind(5, as_text(sealed));
  return (*statement)->run();
}

Result<std::int64_t> TokenTable::remove_tree(std::int64_t seq) {
  auto statement = database_.prepare(
      "WITH RECURSIVE family(seq) AS (VALUES(?1) UNION ALL SELECT tokens.seq FROM tokens JOIN family ON "
      "tokens.parent = family.seq) DELETE FROM tokens WHERE seq IN (SELECT seq FROM family)");
  if (!statement) return tl::unexpected(statement.error());
  (*statement)->bind(1, seq);
  if (const auto done = (*statement)->run(); !done) return tl::unexpected(done.error());
  return database_.changes();
}

Result<void> TokenTable::remove_alone(std::int64_t seq) {
  std::vector<TokenRow> children;
  {
    auto statement = database_.prepare(
        "SELECT seq, parent, expire_at, uses, id_hash, accessor_hash, sealed FROM tokens WHERE parent = ?1");
    if (!statement) return tl::unexpected(statement.error());
    (*statement)->bind(1, seq);
    while (true) {
      const auto found = (*statement)->step();
      if (!found) return tl::unexpected(found.error());
      if (!*found) break;
      auto child = read_row(**statement, keyring_, database_);
      if (!child) return tl::unexpected(child.error());
      children.push_back(std::move(*child));
    }
  }
  for (auto& child : children) {
    child.parent = 0;
    if (auto done = update(child); !done) return done;
  }
  auto statement = database_.prepare("DELETE FROM tokens WHERE seq = ?1");
  if (!statement) return tl::unexpected(statement.error());
  (*statement)->bind(1, seq);
  return (*statement)->run();
}

Result<void> TokenTable::each(Nanoseconds now, const std::function<bool(const TokenRow&)>& visit) {
  std::unordered_set<std::int64_t> dead;
  {
    auto statement = database_.prepare(
        "WITH RECURSIVE dead(seq) AS (SELECT seq FROM tokens WHERE expire_at <= ?1 UNION SELECT tokens.seq FROM "
        "tokens JOIN dead ON tokens.parent = dead.seq) SELECT seq FROM dead");
    if (!statement) return tl::unexpected(statement.error());
    (*statement)->bind(1, now);
    const auto found = numbers(**statement);
    if (!found) return tl::unexpected(found.error());
    dead.insert(found->begin(), found->end());
  }
  auto statement = database_.prepare("SELECT seq, parent, expire_at, uses, id_hash, accessor_hash, sealed FROM tokens");
  if (!statement) return tl::unexpected(statement.error());
  while (true) {
    const auto found = (*statement)->step();
    if (!found) return tl::unexpected(found.error());
    if (!*found) return {};
    if (dead.contains((*statement)->integer(kSeq))) continue;
    const auto row = read_row(**statement, keyring_, database_);
    if (!row) return tl::unexpected(row.error());
    if (!visit(*row)) return {};
  }
}

Result<std::int64_t> TokenTable::remove_expired(Nanoseconds now) {
  auto statement = database_.prepare(
      "WITH RECURSIVE dead(seq) AS (SELECT seq FROM tokens WHERE expire_at <= ?1 UNION SELECT tokens.seq FROM tokens "
      "JOIN dead ON tokens.parent = dead.seq) DELETE FROM tokens WHERE seq IN (SELECT seq FROM dead)");
  if (!statement) return tl::unexpected(statement.error());
  (*statement)->bind(1, now);
  if (const auto done = (*statement)->run(); !done) return tl::unexpected(done.error());
  return database_.changes();
}

Result<std::int64_t> TokenTable::remove_some_expired(Nanoseconds now) {
  std::vector<std::int64_t> expired;
  {
    auto statement = database_.prepare("SELECT seq FROM tokens WHERE expire_at <= ?1 LIMIT 8");
    if (!statement) return tl::unexpected(statement.error());
    (*statement)->bind(1, now);
    auto found = numbers(**statement);
    if (!found) return tl::unexpected(found.error());
    expired = std::move(*found);
  }
  std::int64_t removed = 0;
  for (const std::int64_t seq : expired) {
    auto count = database_.prepare(
        "WITH RECURSIVE family(seq) AS (VALUES(?1) UNION ALL SELECT tokens.seq FROM tokens JOIN family ON "
        "tokens.parent = family.seq LIMIT ?2) SELECT count(*) FROM family");
    if (!count) return tl::unexpected(count.error());
    (*count)->bind(1, seq);
    (*count)->bind(2, std::int64_t{kFamilyLimit});
    if (const auto found = (*count)->step(); !found) return tl::unexpected(found.error());
    if ((*count)->integer(0) >= kFamilyLimit) continue;
    auto done = remove_tree(seq);
    if (!done) return done;
    removed += *done;
  }
  return removed;
}

}  // namespace vtoken::store
