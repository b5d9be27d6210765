#include "store/presented.hpp"

#include <algorithm>

#include "store/limits.hpp"
#include "token/base62.hpp"
#include "token/batch.hpp"
#include "token/ssc.hpp"

namespace vtoken::store {
namespace {

constexpr std::string_view kServicePrefix = "hvs.";
// An inner id is a prefix and 24 characters, at most 6 more for a namespace; anything longer is a signed token.
constexpr std::size_t kLongestInnerId = kServicePrefix.size() + kTokenIdLength + 6;

Presented absent(Presence presence) {
  Presented presented;
  presented.presence = presence;
  return presented;
}

bool is_batch(std::string_view text) { return text.starts_with("hvb.") || text.starts_with("b."); }

bool looks_signed(std::string_view text) { return text.starts_with(kServicePrefix) && text.size() > kLongestInnerId; }

bool is_ahead(const SscToken& token, const StoreState& state) {
  const auto epoch = static_cast<std::int64_t>(token.index_epoch);
  if (epoch != state.index_epoch) return epoch > state.index_epoch;
  return token.local_index > static_cast<std::uint64_t>(state.commit_index);
}

Result<Presented> find_service(std::string_view id, TokenTable& tokens, const Keyring& keyring, Nanoseconds now) {
  auto row = tokens.by_id(keyring.hash_id(id), now);
  if (!row) return tl::unexpected(row.error());
  if (!*row) return absent(Presence::unknown);
  const auto end = tokens.end_of_line(**row);
  if (!end) return tl::unexpected(end.error());
  Presented presented;
  presented.presence = Presence::found;
  presented.orphan = (*row)->parent == 0;
  presented.row = std::move(**row);
  presented.end = *end;
  return presented;
}

TokenEntry entry_from(const BatchEntry& batch) {
  TokenEntry entry;
  entry.policies = batch.policies;
  entry.path = batch.path;
  if (!batch.meta.empty()) entry.meta = batch.meta;
  entry.display_name = batch.display_name;
  entry.role = batch.role;
  entry.entity_id = batch.entity_id;
  entry.bound_cidrs = batch.bound_cidrs;
  entry.creation_time = batch.creation_time;
  entry.issue_time = batch.creation_time * kSecond;
  entry.ttl = batch.ttl;
  return entry;
}

// Whoever has the key could seal any number; a sum beyond 64 bits must not come of it.
bool has_sane_times(const BatchEntry& batch) {
  constexpr std::int64_t kLastSecond = 4'000'000'000;  // in the year 2096
  return batch.creation_time >= 0 && batch.creation_time <= kLastSecond && batch.ttl >= 0 && batch.ttl <= kMaxTtl;
}

// A batch token names its parent by the keyed hash of the parent's id, in hexadecimal.
std::optional<Hash> parent_hash(std::string_view hex) {
  Hash hash;
  if (hex.size() != 2 * hash.bytes.size()) return std::nullopt;
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
  };
  for (std::size_t i = 0; i < hash.bytes.size(); ++i) {
    const int high = digit(hex[2 * i]);
    const int low = digit(hex[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    hash.bytes[i] = static_cast<unsigned char>(high * 16 + low);
  }
  return hash;
}

Result<Presented> find_batch(std::string_view text, TokenTable& tokens, const Keyring& keyring, Nanoseconds now) {
  const auto envelope = split_batch(text);
  const AesGcm* cipher = envelope ? keyring.cipher(envelope->key_term) : nullptr;
  if (cipher == nullptr) return absent(Presence::unknown);
  const auto batch = open_batch(*envelope, *cipher);
  if (!batch || !has_sane_times(*batch)) return absent(Presence::unknown);
  Presented presented;
  presented.presence = Presence::found;
  presented.batch = true;
  presented.orphan = batch->parent.empty();
  presented.row.entry = entry_from(*batch);
  presented.row.expire_at = batch->creation_time * kSecond + batch->ttl;
  presented.end = presented.row.expire_at;
  if (presented.end <= now) return absent(Presence::unknown);
  if (presented.orphan) return presented;
  const auto hash = parent_hash(batch->parent.view());
  if (!hash) return absent(Presence::unknown);
  const auto parent = tokens.by_id(*hash, now);
  if (!parent) return tl::unexpected(parent.error());
  if (!*parent) return absent(Presence::unknown);
  presented.row.parent = (*parent)->seq;
  const auto parent_end = tokens.end_of_line(**parent);
  if (!parent_end) return tl::unexpected(parent_end.error());
  if (*parent_end != 0) presented.end = std::min(presented.end, *parent_end);
  return presented;
}

}  // namespace

Result<Presented> find_presented(std::string_view text, TokenTable& tokens, const Keyring& keyring,
                                 const StoreState& state, Nanoseconds now) {
  if (text.empty()) return absent(Presence::unknown);
  if (is_batch(text)) return find_batch(text, tokens, keyring, now);
  if (!looks_signed(text)) return find_service(text, tokens, keyring, now);
  const auto token = decode_ssc(text);
  if (!token || !verify_ssc(*token, keyring.ssc_key())) return absent(Presence::bad_signature);
  auto found = find_service(token->random.view(), tokens, keyring, now);
  // One made in this very transaction is ahead, and there.
  if (found && found->presence == Presence::unknown && is_ahead(*token, state)) return absent(Presence::stale);
  return found;
}

}  // namespace vtoken::store
