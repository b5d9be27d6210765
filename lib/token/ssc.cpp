#include "token/ssc.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>

#include "token/base62.hpp"
#include "token/base64url.hpp"
#include "token/field.hpp"
#include "token/wire.hpp"

namespace vtoken {
namespace {

using Found = std::optional<TokenFault>;

constexpr std::string_view kPrefix = "hvs.";

enum SignedField : std::uint32_t { kVersion = 1, kHmac = 2, kToken = 3 };
enum TokenField : std::uint32_t { kRandom = 1, kLocalIndex = 2, kIndexEpoch = 3, kState = 50 };

std::string_view text_of(const Mac& mac) { return {reinterpret_cast<const char*>(mac.data()), mac.size()}; }

// Go writes fields once each, in order. Everything else is damage, or not a token at all. `extra` is known too.
Found check_order(const wire::Field& field, std::uint32_t& last, std::size_t at, std::uint32_t extra = 0) {
  if (field.number == 0) return std::nullopt;  // the tag cannot be read
  if (field.number > kToken && field.number != extra) {
    return wire::fault(at, fmt::format("field {} is unknown", field.number));
  }
  if (field.number <= last) return wire::fault(at, fmt::format("field {} after field {}", field.number, last));
  last = field.number;
  return std::nullopt;
}

Found check_kind(const wire::Field& field, wire::Kind wanted, std::string_view name, std::size_t at) {
  if (field.number == 0 || field.kind == wanted) return std::nullopt;
  return wire::fault(at, wire::label_of(field, name) + " has the wrong wire type");
}

// "hvs." or "s.", base62, and perhaps "." and the namespace's base62. Gives the offset of the first wrong character.
std::optional<std::size_t> find_wrong_in_id(std::string_view id) {
  const std::size_t prefix = id.starts_with(kPrefix) ? kPrefix.size() : id.starts_with("s.") ? 2 : 0;
  if (prefix == 0) return 0;
  std::size_t part = prefix;
  bool in_namespace = false;
  for (std::size_t i = prefix; i < id.size(); ++i) {
    if (is_base62(id[i])) continue;
    if (id[i] != '.' || in_namespace || i == part) return i;
    in_namespace = true;
    part = i + 1;
  }
  if (part == id.size()) return id.size();
  return std::nullopt;
}

Found read_random(const wire::Field& field, std::size_t base, SscToken& out) {
  if (const std::optional<std::size_t> wrong = find_wrong_in_id(field.bytes)) {
    return wire::fault(base + field.value_at + *wrong, "field 1 (random) is no token id");
  }
  out.random.assign(field.bytes.data(), field.bytes.size());
  return std::nullopt;
}

// OpenBao's clusters write the index they count by as decimal digits, in a field of their own.
Found read_state(const wire::Field& field, std::size_t base, SscToken& out) {
  const char* end = field.bytes.data() + field.bytes.size();
  const auto [stop, fault] = std::from_chars(field.bytes.data(), end, out.local_index);
  if (fault == std::errc{} && stop == end) return std::nullopt;
  out.local_index = 0;
  return wire::fault(base + field.at, "field 50 (state) is no number");
}

Found read_epoch(const wire::Field& field, std::size_t base, SscToken& out) {
  if (field.value > std::numeric_limits<std::uint32_t>::max()) {
    return wire::fault(base + field.at, "field 3 (index_epoch) is larger than 32 bits");
  }
  out.index_epoch = static_cast<std::uint32_t>(field.value);
  return std::nullopt;
}

std::string_view inner_name(std::uint32_t number) {
  switch (number) {
    case kRandom: return "random";
    case kLocalIndex: return "local_index";
    case kIndexEpoch: return "index_epoch";
    case kState: return "state";
    default: return {};
  }
}

Found read_inner(std::string_view message, std::size_t base, SscToken& out) {
  std::uint32_t last = 0;
  for (std::size_t at = 0; at < message.size();) {
    const wire::Field field = wire::read_field(message, at);
    const std::string_view name = inner_name(field.number);
    const bool is_number = field.number == kLocalIndex || field.number == kIndexEpoch;
    if (Found found = check_order(field, last, base + at, kState)) return found;
    if (Found found = check_kind(field, is_number ? wire::Kind::varint : wire::Kind::bytes, name, base + at)) {
      return found;
    }
    if (Found found = wire::framing_fault(field, name, base)) return found;
    Found found;
    switch (field.number) {
      case kRandom: found = read_random(field, base, out); break;
      case kLocalIndex: out.local_index = field.value; break;
      case kIndexEpoch: found = read_epoch(field, base, out); break;
      default: found = read_state(field, base, out);
    }
    if (found) return found;
    at = field.end;
  }
  if (out.random.empty()) return wire::fault(base + message.size(), "field 1 (random) is missing");
  return std::nullopt;
}

std::string_view outer_name(std::uint32_t number) {
  switch (number) {
    case kVersion: return "version";
    case kHmac: return "hmac";
    case kToken: return "token";
    default: return {};
  }
}

Found read_version(const wire::Field& field, SscToken& out) {
  out.version = field.value;
  if (out.version == 1) return std::nullopt;
  return wire::fault(field.at, fmt::format("field 1 (version): {}, only 1 is known", out.version));
}

// Before the framing: what is there of a length that is wrong anyway says nothing.
Found check_mac_size(const wire::Field& field) {
  const bool has_length = field.reading == wire::Reading::whole || field.reading == wire::Reading::cut_bytes;
  if (field.number != kHmac || !has_length || field.value == kMacSize) return std::nullopt;
  const std::string_view instead = field.value < kMacSize ? "of" : "instead of";
  return wire::fault(field.at, fmt::format("field 2 (hmac): {} {} {} bytes", field.value, instead, kMacSize));
}

}  // namespace

std::optional<TokenFault> read_signed_token(std::string_view message, SscToken& out) {
  out = SscToken{};
  out.version = 0;
  std::uint32_t last = 0;
  bool seen_version = false;
  bool seen_hmac = false;
  for (std::size_t at = 0; at < message.size();) {
    const wire::Field field = wire::read_field(message, at);
    const std::string_view name = outer_name(field.number);
    if (Found found = check_order(field, last, at)) return found;
    if (Found found = check_kind(field, field.number == kVersion ? wire::Kind::varint : wire::Kind::bytes, name, at)) {
      return found;
    }
    if (Found found = check_mac_size(field)) return found;
    if (Found found = wire::framing_fault(field, name, 0)) return found;
    if (field.number == kVersion) {
      if (Found found = read_version(field, out)) return found;
      seen_version = true;
    } else if (field.number == kHmac) {
      std::copy(field.bytes.begin(), field.bytes.end(), out.hmac.begin());
      seen_hmac = true;
    } else {
      out.signed_part.assign(field.bytes.data(), field.bytes.size());
      if (Found found = read_inner(field.bytes, field.value_at, out)) return found;
    }
    at = field.end;
  }
  if (!seen_version) return wire::fault(message.size(), "field 1 (version) is missing");
  if (!seen_hmac) return wire::fault(message.size(), "field 2 (hmac) is missing");
  if (last != kToken) return wire::fault(message.size(), "field 3 (token) is missing");
  return std::nullopt;
}

SecretString encode_ssc(std::string_view random, std::uint64_t local_index, std::uint32_t index_epoch,
                        const Hmac& hmac) {
  SecretString token;
  token.reserve(random.size() + 20);
  wire::Writer inner(token);
  inner.add_string(kRandom, wire::view(random));
  if (local_index != 0) inner.add_uint64(kLocalIndex, local_index);
  if (index_epoch != 0) inner.add_uint32(kIndexEpoch, index_epoch);

  SecretString whole;
  whole.reserve(token.size() + kMacSize + 10);
  wire::Writer outer(whole);
  outer.add_uint64(kVersion, 1);
  const Mac mac = hmac(token.view());
  outer.add_bytes(kHmac, wire::view(text_of(mac)));
  outer.add_bytes(kToken, wire::view(token.view()));

  SecretString text(kPrefix);
  text.reserve(kPrefix.size() + (whole.size() * 4 + 2) / 3);
  append_base64url({reinterpret_cast<const unsigned char*>(whole.data()), whole.size()}, text);
  return text;
}

SecretString encode_ssc(std::string_view random, std::uint64_t local_index, std::uint32_t index_epoch,
                        KeyView hmac_key) {
  return encode_ssc(random, local_index, index_epoch, Hmac(hmac_key));
}

std::optional<TokenFault> read_ssc(std::string_view token, SscToken& out) {
  out = SscToken{};
  out.version = 0;
  if (!token.starts_with(kPrefix)) return TokenFault{TokenFault::Unit::character, 0, "does not start with \"hvs.\""};
  std::string_view text = token.substr(kPrefix.size());
  if (const std::size_t dot = text.find('.'); dot != std::string_view::npos) {
    const std::string_view suffix = text.substr(dot + 1);
    if (!is_namespace_suffix(suffix)) {
      return TokenFault{TokenFault::Unit::character, kPrefix.size() + dot, "what follows is no namespace suffix"};
    }
    text = text.substr(0, dot);
  }
  const Base64Bytes bytes(text);
  const std::optional<Base64Fault>& fault = bytes.fault();
  Found found = read_signed_token(bytes.view(), out);
  // Of a text that was cut off, the field that is cut says more than the last character.
  if (!fault || (fault->at_end && found)) return found;
  return TokenFault{TokenFault::Unit::character, kPrefix.size() + fault->at, std::string(fault->reason)};
}

Result<SscToken> decode_ssc(std::string_view token) {
  SscToken out;
  if (const std::optional<TokenFault> fault = read_ssc(token, out)) return fail(ErrorKind::damaged, fault->text());
  return out;
}

bool verify_ssc(const SscToken& token, const Hmac& hmac) {
  return equal_secrets(text_of(hmac(token.signed_part.view())), text_of(token.hmac));
}

bool verify_ssc(const SscToken& token, KeyView hmac_key) { return verify_ssc(token, Hmac(hmac_key)); }

}  // namespace vtoken
