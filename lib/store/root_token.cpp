#include <optional>

#include "store/engine.hpp"
#include "token/base62.hpp"

namespace vtoken::store {
namespace {

Result<SecretString> insert_root(StoreFile& file, Nanoseconds now) {
  auto state = read_state(file.database());
  if (!state) return tl::unexpected(state.error());
  SecretString id("hvs.");
  id += random_base62(kTokenIdLength);
  TokenRow row;
  row.seq = state->next_seq++;
  ++state->commit_index;
  row.entry.accessor = std::string(random_base62(kTokenIdLength).view());
  row.entry.policies = {"root"};
  row.entry.path = "auth/token/root";
  row.entry.display_name = "root";
  row.entry.creation_time = now / kSecond;
  row.entry.issue_time = now;
  row.id_hash = file.keyring().hash_id(id.view());
  row.accessor_hash = file.keyring().hash_accessor(row.entry.accessor);
  TokenTable tokens(file.database(), file.keyring());
  if (auto inserted = tokens.insert(row); !inserted) return tl::unexpected(inserted.error());
  if (auto written = write_state(file.database(), *state); !written) return tl::unexpected(written.error());
  return id;
}

}  // namespace

Result<SecretString> create_root_token(StoreFile& file, const Clock& clock) {
  if (file.database().in_transaction()) return insert_root(file, clock.now());
  auto transaction = Transaction::begin(file.database());
  if (!transaction) return tl::unexpected(transaction.error());
  auto token = insert_root(file, clock.now());
  if (!token) return token;
  if (auto committed = transaction->commit(); !committed) return tl::unexpected(committed.error());
  return token;
}

}  // namespace vtoken::store
