#include "store/mint.hpp"

#include <limits>

#include "token/base62.hpp"
#include "token/ssc.hpp"

namespace vtoken::store {
namespace {

constexpr std::string_view kServicePrefix = "hvs.";

Nanoseconds end_of(Nanoseconds now, Nanoseconds ttl) {
  if (ttl == 0) return 0;
  constexpr Nanoseconds kLast = std::numeric_limits<Nanoseconds>::max();
  return ttl > kLast - now ? kLast : now + ttl;
}

}  // namespace

Result<Minted> mint_service(Call& call, TokenEntry& entry, const MintOrder& order) {
  Minted minted;
  SecretString inner = order.id;
  if (inner.empty()) {
    inner = SecretString(kServicePrefix);
    inner += random_base62(kTokenIdLength);
  }
  entry.accessor = std::string(random_base62(kTokenIdLength).view());
  TokenRow row;
  row.seq = call.state.next_seq++;
  row.parent = order.parent;
  row.expire_at = end_of(call.now, order.ttl);
  row.uses = order.num_uses;
  row.id_hash = call.keyring.hash_id(inner.view());
  row.accessor_hash = call.keyring.hash_accessor(entry.accessor);
  row.entry = entry;
  if (const auto inserted = call.tokens.insert(row); !inserted) return tl::unexpected(inserted.error());
  if (const auto removed = call.tokens.remove_some_expired(call.now); !removed) return tl::unexpected(removed.error());
  call.only_added = call.only_added || !call.changed;
  call.changed = true;
  minted.seq = row.seq;
  // Root tokens keep a fixed size, and a chosen id is the token.
  if (!order.id.empty() || entry.is_root()) {
    minted.text = std::move(inner);
  } else {
    minted.text = encode_ssc(inner.view(), static_cast<std::uint64_t>(call.state.commit_index + 1),
                             static_cast<std::uint32_t>(call.state.index_epoch), call.keyring.ssc_key());
  }
  return minted;
}

}  // namespace vtoken::store
