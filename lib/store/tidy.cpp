#include "store/admin.hpp"
#include "store/schema.hpp"
#include "store/token_table.hpp"

namespace vtoken::store {

Result<std::int64_t> tidy(StoreFile& file, Nanoseconds now) {
  auto transaction = Transaction::begin(file.database());
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto fresh = file.refresh(); !fresh) return tl::unexpected(fresh.error());
  TokenTable tokens(file.database(), file.keyring());
  auto removed = tokens.remove_expired(now);
  if (!removed || *removed == 0) return removed;
  auto state = read_state(file.database());
  if (!state) return tl::unexpected(state.error());
  ++state->commit_index;
  if (auto written = write_state(file.database(), *state); !written) return tl::unexpected(written.error());
  if (auto committed = transaction->commit(); !committed) return tl::unexpected(committed.error());
  return removed;
}

}  // namespace vtoken::store
