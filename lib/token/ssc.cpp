#include "token/ssc.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>

#include "token/base62.hpp"
#include "token/base64url.hpp"
#include "token/wire.hpp"

namespace vtoken {
namespace {

using Found = std::optional<TokenFault>;

constexpr std::string_view kPrefix = "hvs.";

enum SignedField : std::uint32_t { kVersion = 1, kHmac = 2, kToken = 3 };
enum TokenField : std::uint32_t { kRandom = 1, kLocalIndex = 2, kIndexEpoch = 3, kState = 50 };

std::string_view text_of(const Mac& mac) { return {reinterpret_cast<const char*>(mac.data()), mac.size()}; }

// Go writes fields once each, in order. Everything else is damage, or not a token at all. `extra` is known too.
Found check_order(std::uint32_t number, std::uint32_t& last, std::size_t at, std::uint32_t extra = 0) {
  if (number > kToken && number != extra) return wire::fault(at, fmt::format("field {} is unknown", number));
  if (number <= last) return wire::fault(at, fmt::format("field {} after field {}", number, last));
  last = number;
  return std::nullopt;
}

Found check_type(const wire::Reader& reader, wire::Type wanted, std::string_view name, std::size_t at) {
  if (reader.wire_type() == wanted) return std::nullopt;
  return wire::fault(at, fmt::format("field {} ({}) has the wrong wire type", reader.tag(), name));
}

// "hvs." or "s.", base62, and perhaps "." and the namespace's base62. Gives the offset of the first wrong character.
std::optional<std::size_t> find_wrong_in_id(std::string_view id) {
  const std::size_t prefix = id.starts_with(kPrefix) ? kPrefix.size() : id.starts_with("s.") ? 2 : 0;
  if (prefix == 0) return 0;
  std::size_t part = prefix;
  bool in_namespace = false;
  for (std::size_t i = prefix; i < id.size(); ++i) {
    if (is_base62(id.substr(i, 1))) continue;
    if (id[i] != '.' || in_namespace || i == part) return i;
    in_namespace = true;
    part = i + 1;
  }
  if (part == id.size()) return id.size();
  return std::nullopt;
}

Found read_random(wire::Reader& reader, std::string_view message, std::size_t base, std::size_t at, SscToken& out) {
  if (Found found = check_type(reader, wire::Type::length_delimited, "random", at)) return found;
  const std::string_view id = wire::view(reader.get_view());
  const auto start = base + static_cast<std::size_t>(id.data() - message.data());
  if (const std::optional<std::size_t> wrong = find_wrong_in_id(id)) {
    return wire::fault(start + *wrong, "field 1 (random) is no token id");
  }
  out.random.assign(id.data(), id.size());
  return std::nullopt;
}

// OpenBao's clusters write the index they count by as decimal digits, in a field of their own.
Found read_state(wire::Reader& reader, std::size_t at, SscToken& out) {
  if (Found found = check_type(reader, wire::Type::length_delimited, "state", at)) return found;
  const std::string_view digits = wire::view(reader.get_view());
  const char* end = digits.data() + digits.size();
  const auto [stop, fault] = std::from_chars(digits.data(), end, out.local_index);
  if (fault == std::errc{} && stop == end) return std::nullopt;
  out.local_index = 0;
  return wire::fault(at, "field 50 (state) is no number");
}

Found read_inner(std::string_view message, std::size_t base, SscToken& out) {
  std::uint32_t last = 0;
  const auto on_field = [&](wire::Reader& reader, std::size_t at) -> Found {
    if (Found found = check_order(reader.tag(), last, at, kState)) return found;
    if (reader.tag() == kState) return read_state(reader, at, out);
    if (reader.tag() == kRandom) return read_random(reader, message, base, at, out);
    const bool is_index = reader.tag() == kLocalIndex;
    if (Found found = check_type(reader, wire::Type::varint, is_index ? "local_index" : "index_epoch", at))
      return found;
    const std::uint64_t value = reader.get_uint64();
    if (is_index) {
      out.local_index = value;
    } else if (value > std::numeric_limits<std::uint32_t>::max()) {
      return wire::fault(at, "field 3 (index_epoch) is larger than 32 bits");
    } else {
      out.index_epoch = static_cast<std::uint32_t>(value);
    }
    return std::nullopt;
  };
  if (Found found = wire::each_field(message, base, on_field)) return found;
  if (out.random.empty()) return wire::fault(base + message.size(), "field 1 (random) is missing");
  return std::nullopt;
}

Found read_signed(std::string_view message, SscToken& out) {
  std::uint32_t last = 0;
  bool seen_version = false;
  bool seen_hmac = false;
  const auto on_field = [&](wire::Reader& reader, std::size_t at) -> Found {
    if (Found found = check_order(reader.tag(), last, at)) return found;
    if (reader.tag() == kVersion) {
      if (Found found = check_type(reader, wire::Type::varint, "version", at)) return found;
      out.version = reader.get_uint64();
      if (out.version != 1) return wire::fault(at, fmt::format("field 1 (version): {}, only 1 is known", out.version));
      seen_version = true;
      return std::nullopt;
    }
    const bool is_hmac = reader.tag() == kHmac;
    if (Found found = check_type(reader, wire::Type::length_delimited, is_hmac ? "hmac" : "token", at)) return found;
    const std::string_view bytes = wire::view(reader.get_view());
    if (!is_hmac) {
      out.signed_part.assign(bytes.data(), bytes.size());
      return read_inner(bytes, static_cast<std::size_t>(bytes.data() - message.data()), out);
    }
    if (bytes.size() != kMacSize) {
      return wire::fault(at, fmt::format("field 2 (hmac): {} of {} bytes", bytes.size(), kMacSize));
    }
    std::copy(bytes.begin(), bytes.end(), out.hmac.begin());
    seen_hmac = true;
    return std::nullopt;
  };
  if (Found found = wire::each_field(message, 0, on_field)) return found;
  if (!seen_version) return wire::fault(message.size(), "field 1 (version) is missing");
  if (!seen_hmac) return wire::fault(message.size(), "field 2 (hmac) is missing");
  if (last != kToken) return wire::fault(message.size(), "field 3 (token) is missing");
  return std::nullopt;
}

}  // namespace

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
    if (suffix.empty() || !is_base62(suffix)) {
      return TokenFault{TokenFault::Unit::character, kPrefix.size() + dot, "what follows is no namespace suffix"};
    }
    text = text.substr(0, dot);
  }
  SecretBytes bytes;
  const std::optional<Base64Fault> fault = decode_base64url(text, bytes);
  Found found = read_signed(as_text(bytes), out);
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
