#include "store/cubbyhole_table.hpp"

#include <set>

#include "store/row_key.hpp"

namespace vtoken::store {
namespace {

tl::unexpected<Error> damaged(const Database& database) {
  return fail(ErrorKind::damaged, "a cubbyhole does not open: the file is damaged; see `vtoken store verify`",
              database.path());
}

}  // namespace

std::string cubbyhole_aad(std::int64_t seq, std::string_view path_hash) {
  std::string key;
  append_number(key, seq);
  key += path_hash;
  return row_aad("cubbyhole", key);
}

std::optional<CubbyholeItem> open_item(std::int64_t seq, std::string_view path_hash, std::string_view sealed,
                                       const Keyring& keyring) {
  const auto plain = keyring.open(sealed, cubbyhole_aad(seq, path_hash));
  if (!plain) return std::nullopt;
  // The path, a NUL, and the JSON text.
  const std::string_view text = as_text(*plain);
  const auto end = text.find('\0');
  if (end == std::string_view::npos) return std::nullopt;
  return CubbyholeItem{std::string(text.substr(0, end)), SecretString(text.substr(end + 1))};
}

Hash cubbyhole_hash(const Keyring& keyring, std::string_view path) {
  return keyring.hash_name("cubbyhole:" + std::string(path));
}

Result<std::optional<SecretString>> CubbyholeTable::read(std::string_view path) {
  auto statement = database_.prepare("SELECT sealed FROM cubbyhole WHERE seq = ?1 AND path_hash = ?2");
  if (!statement) return tl::unexpected(statement.error());
  const Hash hash = cubbyhole_hash(keyring_, path);
  (*statement)->bind(1, seq_);
  (*statement)->bind(2, hash.view());
  const auto found = (*statement)->step();
  if (!found) return tl::unexpected(found.error());
  if (!*found) return std::nullopt;
  auto item = open_item(seq_, hash.view(), (*statement)->blob(0), keyring_);
  if (!item || item->path != path) return damaged(database_);
  return std::optional<SecretString>(std::move(item->data));
}

Result<void> CubbyholeTable::write(std::string_view path, std::string_view data) {
  auto statement = database_.prepare(
      "INSERT INTO cubbyhole(seq, path_hash, sealed) VALUES(?1, ?2, ?3) ON CONFLICT(seq, path_hash) DO UPDATE SET "
      "sealed = excluded.sealed");
  if (!statement) return tl::unexpected(statement.error());
  const Hash hash = cubbyhole_hash(keyring_, path);
  SecretString plain(path);
  plain += '\0';
  plain += data;
  const SecretBytes sealed = keyring_.seal(plain.view(), cubbyhole_aad(seq_, hash.view()));
  (*statement)->bind(1, seq_);
  (*statement)->bind(2, hash.view());
  (*statement)->bind(3, as_text(sealed));
  return (*statement)->run();
}

Result<void> CubbyholeTable::erase(std::string_view path) {
  auto statement = database_.prepare("DELETE FROM cubbyhole WHERE seq = ?1 AND path_hash = ?2");
  if (!statement) return tl::unexpected(statement.error());
  const Hash hash = cubbyhole_hash(keyring_, path);
  (*statement)->bind(1, seq_);
  (*statement)->bind(2, hash.view());
  return (*statement)->run();
}

Result<std::vector<std::string>> CubbyholeTable::list(std::string_view folder) {
  auto statement = database_.prepare("SELECT path_hash, sealed FROM cubbyhole WHERE seq = ?1");
  if (!statement) return tl::unexpected(statement.error());
  (*statement)->bind(1, seq_);
  std::set<std::string> names;
  while (true) {
    const auto row = (*statement)->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    const auto item = open_item(seq_, (*statement)->blob(0), (*statement)->blob(1), keyring_);
    if (!item) return damaged(database_);
    const std::string_view path = item->path;
    if (!path.starts_with(folder) || path.size() == folder.size()) continue;
    const std::string_view rest = path.substr(folder.size());
    const auto slash = rest.find('/');
    names.emplace(rest.substr(0, slash == std::string_view::npos ? slash : slash + 1));
  }
  return std::vector<std::string>(names.begin(), names.end());
}

}  // namespace vtoken::store
