#include "token/batch.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "token/base62.hpp"
#include "token/base64url.hpp"
#include "token/wire.hpp"

namespace vtoken {
namespace {

using Found = std::optional<TokenFault>;

enum EntryField : std::uint32_t {
  kParent = 3,
  kPolicies = 4,
  kPath = 5,
  kMeta = 6,
  kDisplayName = 7,
  kCreationTime = 9,
  kTtl = 10,
  kRole = 12,
  kEntityId = 14,
  kBoundCidrs = 15,
  kNamespaceId = 16,
  kType = 18,
};
enum MapField : std::uint32_t { kMapKey = 1, kMapValue = 2 };

void add_text(wire::Writer& writer, std::uint32_t field, std::string_view text) {
  if (!text.empty()) writer.add_string(field, wire::view(text));
}

std::size_t size_hint(const BatchEntry& entry) {
  std::size_t size = 96 + entry.parent.size() + entry.path.size() + entry.display_name.size() + entry.role.size() +
                     entry.entity_id.size() + entry.namespace_id.size();
  for (const std::string& policy : entry.policies) size += policy.size() + 6;
  for (const auto& [key, value] : entry.meta) size += key.size() + value.size() + 18;
  for (const std::string& cidr : entry.bound_cidrs) size += cidr.size() + 6;
  return size;
}

// Fields with proto3's default value are left out; repeated fields and maps write each element.
SecretString encode_entry(const BatchEntry& entry) {
  SecretString out;
  out.reserve(size_hint(entry));
  wire::Writer writer(out);
  add_text(writer, kParent, entry.parent.view());
  for (const std::string& policy : entry.policies) writer.add_string(kPolicies, policy);
  add_text(writer, kPath, entry.path);
  for (const auto& [key, value] : entry.meta) {
    wire::Writer pair(writer, kMeta);
    pair.add_string(kMapKey, key);
    pair.add_string(kMapValue, value);
  }
  add_text(writer, kDisplayName, entry.display_name);
  if (entry.creation_time != 0) writer.add_int64(kCreationTime, entry.creation_time);
  if (entry.ttl != 0) writer.add_int64(kTtl, entry.ttl);
  add_text(writer, kRole, entry.role);
  add_text(writer, kEntityId, entry.entity_id);
  for (const std::string& cidr : entry.bound_cidrs) writer.add_string(kBoundCidrs, cidr);
  add_text(writer, kNamespaceId, entry.namespace_id);
  if (entry.type != 0) writer.add_uint32(kType, entry.type);
  return out;
}

Found wrong_type(std::size_t at) { return wire::fault(at, "a field of the wrong wire type"); }

Found read_pair(std::string_view message, std::size_t base, std::map<std::string, std::string>& meta) {
  std::string key;
  std::string value;
  const auto on_field = [&](wire::Reader& reader, std::size_t at) -> Found {
    if (reader.tag() != kMapKey && reader.tag() != kMapValue) {
      reader.skip();
      return std::nullopt;
    }
    if (reader.wire_type() != wire::Type::length_delimited) return wrong_type(at);
    std::string& part = reader.tag() == kMapKey ? key : value;  // a field has no tag once it is read
    part = reader.get_string();
    return std::nullopt;
  };
  if (Found found = wire::each_field(message, base, on_field)) return found;
  meta.insert_or_assign(std::move(key), std::move(value));
  return std::nullopt;
}

// The member that a text field fills; null for fields that are numbers, repeated or unknown.
std::string* text_of(BatchEntry& entry, std::uint32_t field) {
  switch (field) {
    case kPath: return &entry.path;
    case kDisplayName: return &entry.display_name;
    case kRole: return &entry.role;
    case kEntityId: return &entry.entity_id;
    case kNamespaceId: return &entry.namespace_id;
    case kPolicies: return &entry.policies.emplace_back();
    case kBoundCidrs: return &entry.bound_cidrs.emplace_back();
    default: return nullptr;
  }
}

Found read_text(wire::Reader& reader, std::string_view message, BatchEntry& entry) {
  const std::uint32_t field = reader.tag();
  const std::string_view text = wire::view(reader.get_view());
  if (field == kParent) {
    entry.parent.assign(text.data(), text.size());
  } else if (field == kMeta) {
    return read_pair(text, static_cast<std::size_t>(text.data() - message.data()), entry.meta);
  } else if (std::string* member = text_of(entry, field)) {
    member->assign(text);
  }
  return std::nullopt;
}

void read_number(wire::Reader& reader, BatchEntry& entry) {
  switch (reader.tag()) {
    case kCreationTime: entry.creation_time = reader.get_int64(); break;
    case kTtl: entry.ttl = reader.get_int64(); break;
    case kType: entry.type = reader.get_uint32(); break;
    default: reader.skip();
  }
}

bool is_number(std::uint32_t field) { return field == kCreationTime || field == kTtl || field == kType; }

bool is_text(std::uint32_t field) {
  return (field >= kParent && field <= kDisplayName) || field == kRole || (field >= kEntityId && field <= kNamespaceId);
}

// What is inside was sealed by whoever has the key, so fields that are not ours are skipped, as servers do: newer
// servers write more of them.
Found decode_entry(std::string_view message, BatchEntry& entry) {
  entry.type = 0;
  const auto on_field = [&](wire::Reader& reader, std::size_t at) -> Found {
    if (is_number(reader.tag())) {
      if (reader.wire_type() != wire::Type::varint) return wrong_type(at);
      read_number(reader, entry);
    } else if (is_text(reader.tag())) {
      if (reader.wire_type() != wire::Type::length_delimited) return wrong_type(at);
      return read_text(reader, message, entry);
    } else {
      reader.skip();
    }
    return std::nullopt;
  };
  return wire::each_field(message, 0, on_field);
}

std::size_t prefix_size(std::string_view token) {
  if (token.starts_with("hvb.")) return 4;
  return token.starts_with("b.") ? 2 : 0;
}

TokenFault at_character(std::size_t at, std::string_view reason) {
  return {TokenFault::Unit::character, at, std::string(reason)};
}

std::uint32_t read_term(std::string_view bytes) {
  std::uint32_t term = 0;
  for (const char byte : bytes.substr(0, kBatchTermSize)) term = term << 8U | static_cast<unsigned char>(byte);
  return term;
}

// Which part an envelope of `size` bytes is cut in. The ciphertext may be empty, the tag may not.
Found find_cut(std::size_t size) {
  struct Part {
    std::string_view name;
    std::size_t size;
  };
  std::size_t at = 0;
  for (const Part& part : {Part{"key term", kBatchTermSize}, Part{"cipher version", 1}, Part{"nonce", kNonceSize},
                           Part{"tag", kTagSize}}) {
    const std::size_t there = size - at;
    if (there == 0) return wire::fault(at, fmt::format("the {} is missing", part.name));
    if (there < part.size) return wire::fault(at, fmt::format("{}: {} of {} bytes", part.name, there, part.size));
    at += part.size;
  }
  return std::nullopt;
}

}  // namespace

SecretString seal_batch(const BatchEntry& entry, std::uint32_t key_term, const AesGcm& cipher,
                        std::uint8_t cipher_version) {
  const SecretString plain = encode_entry(entry);
  SecretBytes bytes;
  bytes.reserve(kBatchHeaderSize + kNonceSize + plain.size() + kTagSize);
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<unsigned char>(key_term >> shift));
  bytes.push_back(cipher_version);
  cipher.seal(plain.view(), {}, bytes);
  SecretString text("hvb.");
  text.reserve(text.size() + (bytes.size() * 4 + 2) / 3);
  append_base64url(bytes, text);
  return text;
}

std::optional<TokenFault> read_batch(std::string_view token, BatchEnvelope& out) {
  out = BatchEnvelope{};
  const std::size_t prefix = prefix_size(token);
  if (prefix == 0) return at_character(0, "does not start with \"hvb.\"");
  std::string_view text = token.substr(prefix);
  if (const std::size_t dot = text.find('.'); dot != std::string_view::npos) {
    const std::string_view suffix = text.substr(dot + 1);
    if (!is_namespace_suffix(suffix)) return at_character(prefix + dot, "what follows is no namespace suffix");
    text = text.substr(0, dot);
  }
  const Base64Bytes decoded(text);
  const std::string_view bytes = decoded.view();
  if (bytes.size() >= kBatchTermSize) out.key_term = read_term(bytes);
  if (bytes.size() >= kBatchHeaderSize) out.cipher_version = static_cast<unsigned char>(bytes[kBatchTermSize]);
  Found cut = find_cut(bytes.size());
  const std::optional<Base64Fault>& fault = decoded.fault();
  // Of a text that was cut off, the part that is cut says more than the last character.
  if (fault && !(fault->at_end && cut)) return at_character(prefix + fault->at, fault->reason);
  if (cut) return cut;
  if (out.key_term == 0) return wire::fault(0, "key term 0; terms start at 1");
  if (out.cipher_version != 1 && out.cipher_version != 2) {
    return wire::fault(kBatchTermSize,
                       "cipher version " + std::to_string(out.cipher_version) + "; only 1 and 2 are known");
  }
  out.sealed.assign(bytes.begin() + kBatchHeaderSize, bytes.end());
  return std::nullopt;
}

Result<BatchEnvelope> split_batch(std::string_view token) {
  BatchEnvelope out;
  if (const std::optional<TokenFault> fault = read_batch(token, out)) return fail(ErrorKind::damaged, fault->text());
  return out;
}

Result<BatchEntry> open_batch(const BatchEnvelope& envelope, const AesGcm& cipher) {
  const std::optional<SecretBytes> plain = cipher.open(as_text(envelope.sealed), {});
  if (!plain) return fail(ErrorKind::wrong_key, "this key did not seal the batch token, or the token is damaged");
  BatchEntry entry;
  if (const Found found = decode_entry(as_text(*plain), entry)) {
    return fail(ErrorKind::damaged, "inside the batch token, " + found->text());
  }
  return entry;
}

}  // namespace vtoken
