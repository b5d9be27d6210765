#include "token/decode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/hex.hpp"
#include "base/text.hpp"
#include "token/base62.hpp"
#include "token/prefix.hpp"

namespace vtoken {
namespace {

// Servers tell SSC tokens from inner ids by length: prefix, id, "." and a namespace's id fill 34 characters. Newer
// namespaces have longer ids, so what is between is told by its shape.
constexpr std::size_t kLongestPlainBody = 36;
// How every SSC token starts: version 1 and the tag of the HMAC, whose length of 32 bytes makes the next letter "I".
constexpr std::string_view kSscStart = "CAES";
constexpr std::size_t kPlannedLength = 255;  // what the documents tell people to plan for
constexpr std::size_t kHeaderLimit = 8192;   // of many servers and proxies, for all headers together
constexpr std::size_t kHeaderReserve = 1024;

TokenFault fault_at(std::size_t at, std::string reason) { return {TokenFault::Unit::character, at, std::move(reason)}; }

bool is_printable(char c) { return c > ' ' && c < 0x7f; }

std::size_t first_not_base62(std::string_view text) {
  const auto found = std::find_if(text.begin(), text.end(), [](char c) { return !is_base62(c); });
  return static_cast<std::size_t>(found - text.begin());
}

struct Split {
  std::string_view body;
  std::optional<std::string_view> suffix;
};

// Cuts a namespace's id off a body; a suffix that is none stays where it is.
Split split_namespace(std::string_view body) {
  // Forward first: that is much faster, and nearly always there is none.
  if (body.find('.') == std::string_view::npos) return {body, std::nullopt};
  const std::size_t dot = body.rfind('.');
  const std::string_view suffix = body.substr(dot + 1);
  if (!is_namespace_suffix(suffix)) return {body, std::nullopt};
  return {body.substr(0, dot), suffix};
}

// Those of Vault have 5 characters, those of OpenBao 6.
bool is_namespace_id(std::string_view text) { return text.size() == 5 || text.size() == 6; }

void take_namespace(DecodedToken& token, const Split& split) {
  if (split.suffix) token.namespace_id = std::string(*split.suffix);
}

void decode_ssc_into(DecodedToken& token, std::string_view text) {
  token.format = TokenFormat::ssc;
  SscToken ssc;
  token.fault = read_ssc(text, ssc);
  // read_ssc leaves what it did not reach zero or empty.
  if (ssc.version != 0) token.version = ssc.version;
  if (ssc.hmac != Mac{}) token.hmac = ssc.hmac;
  token.secret = ssc.random;
  if (!token.fault || ssc.local_index != 0) token.wal_index = ssc.local_index;
  if (!token.fault || ssc.index_epoch != 0) token.index_epoch = ssc.index_epoch;
  take_namespace(token, split_namespace(text.substr(kServicePrefix.size())));
  if (!token.namespace_id && !ssc.random.empty()) {
    take_namespace(token, split_namespace(ssc.random.view().substr(token_prefix(ssc.random.view()).size())));
  }
  if (!token.fault) token.ssc = std::move(ssc);
}

// An id of base62 after the prefix, perhaps with a namespace after it. `length` 0 allows any length.
void decode_plain(DecodedToken& token, std::string_view text, std::size_t length) {
  const Split split = split_namespace(text.substr(token.prefix.size()));
  take_namespace(token, split);
  const std::size_t wrong = first_not_base62(split.body);
  const std::size_t start = token.prefix.size();
  if (wrong < split.body.size()) {
    token.fault = fault_at(start + wrong, "not a base62 character");
  } else if (split.body.empty()) {
    token.fault = fault_at(start, "nothing follows the prefix");
  } else if (length != 0 && split.body.size() != length) {
    const bool is_short = split.body.size() < length;
    token.fault = fault_at(start + (is_short ? split.body.size() : length),
                           fmt::format("the id has {} of {} characters", split.body.size(), length));
  } else {
    token.secret = SecretString(text);
  }
}

bool looks_like_ssc(std::string_view body) {
  const Split split = split_namespace(body);
  if (split.body.size() == kTokenIdLength && is_base62(split.body)) {
    // Cut off at exactly an id's length: one real id in 900 million starts like this.
    return split.body.starts_with("CAESI");
  }
  return split.body.size() > kLongestPlainBody || split.body.starts_with(kSscStart);
}

void decode_service(DecodedToken& token, std::string_view text) {
  token.type = TokenType::service;
  if (looks_like_ssc(text.substr(token.prefix.size()))) return decode_ssc_into(token, text);
  token.format = TokenFormat::inner;
  decode_plain(token, text, kTokenIdLength);
}

void decode_batch(DecodedToken& token, std::string_view text) {
  token.type = TokenType::batch;
  token.format = TokenFormat::batch;
  take_namespace(token, split_namespace(text.substr(token.prefix.size())));
  BatchEnvelope envelope;
  token.fault = read_batch(text, envelope);
  if (envelope.key_term != 0) token.key_term = envelope.key_term;
  if (envelope.cipher_version != 0) token.cipher_version = envelope.cipher_version;
  if (token.fault) return;
  token.ciphertext_size = envelope.sealed.size() - kNonceSize - kTagSize;
  token.batch = std::move(envelope);
}

void decode_without_prefix(DecodedToken& token, std::string_view text) {
  const Split split = split_namespace(text);
  const auto unprintable = std::find_if_not(text.begin(), text.end(), is_printable);
  if (text.empty()) {
    token.fault = fault_at(0, "there is no text");
  } else if (unprintable != text.end()) {
    const auto at = static_cast<std::size_t>(unprintable - text.begin());
    const bool is_space = kWhiteSpace.find(*unprintable) != std::string_view::npos;
    token.fault = fault_at(at, is_space ? "white space inside" : "a control character, or not ASCII");
  } else if (starts_like_jwt(text)) {
    token.format = TokenFormat::jwt;
    Jwt jwt;
    token.fault = read_jwt(text, jwt);
    if (!token.fault) token.jwt = std::move(jwt);
  } else if (split.body.size() == kTokenIdLength && is_base62(split.body)) {
    token.type = TokenType::accessor;
    token.format = TokenFormat::accessor;
    take_namespace(token, split);
  } else if (is_uuid(text)) {
    token.format = TokenFormat::uuid;
  } else if (split.suffix && !split.body.empty() && split.body.find('.') == std::string_view::npos &&
             is_namespace_id(*split.suffix)) {
    take_namespace(token, split);
  }
}

void add_warnings(DecodedToken& token, bool trimmed) {
  if (trimmed) token.warnings.emplace_back("there is white space around the token; servers take it as a part of it");
  if (token.length > kHeaderLimit - kHeaderReserve) {
    token.warnings.push_back(fmt::format(
        "{} characters is near or over the 8 KiB that many servers and proxies take in headers", token.length));
  } else if (token.length > kPlannedLength) {
    token.warnings.push_back(
        fmt::format("longer than {} characters: fields made for tokens may cut it", kPlannedLength));
  }
}

}  // namespace

std::string_view name_of(TokenType type) noexcept {
  switch (type) {
    case TokenType::service: return "service";
    case TokenType::batch: return "batch";
    case TokenType::recovery: return "recovery";
    case TokenType::accessor: return "accessor";
    case TokenType::unknown: break;
  }
  return "unknown";
}

std::string_view name_of(TokenFormat format) noexcept {
  switch (format) {
    case TokenFormat::ssc: return "ssc";
    case TokenFormat::inner: return "inner";
    case TokenFormat::legacy: return "legacy";
    case TokenFormat::batch: return "batch";
    case TokenFormat::recovery: return "recovery";
    case TokenFormat::accessor: return "accessor";
    case TokenFormat::uuid: return "uuid";
    case TokenFormat::jwt: return "jwt";
    case TokenFormat::unknown: break;
  }
  return "unknown";
}

DecodedToken decode_token(std::string_view text) {
  const std::string_view whole = trimmed(text, kWhiteSpace);
  DecodedToken token;
  token.length = whole.size();
  token.prefix = token_prefix(whole);
  if (token.prefix == kServicePrefix) {
    decode_service(token, whole);
  } else if (has_batch_prefix(whole)) {
    decode_batch(token, whole);
  } else if (token.prefix == kLegacyServicePrefix) {
    token.type = TokenType::service;
    token.format = TokenFormat::legacy;
    decode_plain(token, whole, kTokenIdLength);
  } else if (!token.prefix.empty()) {
    token.type = TokenType::recovery;
    token.format = TokenFormat::recovery;
    decode_plain(token, whole, 0);
  } else {
    decode_without_prefix(token, whole);
  }
  add_warnings(token, whole.size() != text.size());
  return token;
}

}  // namespace vtoken
