// What `inspect` prints for people.
#include <fmt/format.h>

#include <algorithm>

#include "base/duration.hpp"
#include "cmd/inspection.hpp"
#include "token/mask.hpp"

namespace vtoken::cmd {
namespace {

// Texts from a token must not steer the terminal that shows them.
SecretString printable(std::string_view text) {
  SecretString out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) {
      out += c;
    } else {
      out += SecretString(fmt::format("\\x{:02x}", byte));
    }
  }
  return out;
}

std::string_view describe(TokenFormat format) {
  switch (format) {
    case TokenFormat::ssc: return "SSC (server side consistent: signed, with the WAL index)";
    case TokenFormat::inner: return "inner (a root token, or the id inside an SSC token)";
    case TokenFormat::legacy: return "legacy (Vault before 1.10, or OpenBao)";
    case TokenFormat::batch: return "batch (sealed, not stored)";
    case TokenFormat::recovery: return "recovery (of a server in recovery mode)";
    case TokenFormat::accessor: return "unknown (shaped like an accessor; could be a custom id)";
    case TokenFormat::uuid: return "unknown (a UUID: a token or an accessor of Vault before 0.10)";
    case TokenFormat::jwt: return "JWT (a wrapping token, if its claims say so)";
    case TokenFormat::unknown: break;
  }
  return "unknown (a custom id, or no token)";
}

class RowList {
 public:
  explicit RowList(bool reveal) : reveal_(reveal) { rows_.push_back({"Key", "Value"}); }

  void add(std::string_view name, SecretString value) { rows_.push_back({SecretString(name), std::move(value)}); }
  void add(std::string_view name, const std::string& value) { add(name, SecretString(value)); }
  void add(std::string_view name, const char* value) { add(name, SecretString(value)); }
  void add_text(std::string_view name, std::string_view value) {
    if (!value.empty()) add(name, printable(value));
  }
  void add_secret(std::string_view name, std::string_view secret) {
    add(name, reveal_ ? printable(secret) : SecretString(mask_token(secret)));
  }
  void add_list(std::string_view name, const std::vector<std::string>& values) {
    std::string text;
    for (const std::string& value : values) text += (text.empty() ? "" : ", ") + value;
    add_text(name, text);
  }
  [[nodiscard]] bool reveal() const { return reveal_; }
  Rows take() { return std::move(rows_); }

 private:
  bool reveal_;
  Rows rows_;
};

std::string format_text(const Inspection& inspection) {
  const DecodedToken& token = inspection.token;
  std::string text(inspection.facts.is_accessor ? "accessor (the store has its token)" : describe(token.format));
  if (token.namespace_id) text += ", namespaced";
  if (token.fault) text += ", damaged";
  return text;
}

// A token that ought to have the value and is damaged, or one of a kind that has none.
std::string absent(const DecodedToken& token, TokenFormat owner, std::string_view why) {
  return token.format == owner ? "unknown (the token is damaged)" : std::string(why);
}

std::string wal_index_text(const DecodedToken& token) {
  if (token.wal_index) return std::to_string(*token.wal_index);
  return absent(token, TokenFormat::ssc, "none (only SSC tokens have one)");
}

std::string hmac_text(const Inspection& inspection) {
  if (!inspection.token.hmac) return "unknown (the token is damaged)";
  if (!inspection.facts.signed_here) return "present, not checked (unknown offline)";
  return *inspection.facts.signed_here ? "valid: this store signed the token"
                                       : "invalid: this store did not sign the token";
}

void add_ssc(RowList& rows, const Inspection& inspection) {
  const DecodedToken& token = inspection.token;
  if (token.version) rows.add("Version", std::to_string(*token.version));
  rows.add("Index epoch", token.index_epoch ? std::to_string(*token.index_epoch) : "unknown (the token is damaged)");
  rows.add("HMAC", hmac_text(inspection));
  if (token.hmac && rows.reveal()) {
    SecretString text;
    for (const unsigned char byte : *token.hmac) text += SecretString(fmt::format("{:02x}", byte));
    rows.add("HMAC bytes", std::move(text));
  }
  if (!token.secret.empty()) rows.add_secret("Inner id", token.secret.view());
}

void add_batch(RowList& rows, const DecodedToken& token) {
  rows.add("Key term", token.key_term ? std::to_string(*token.key_term) : "unknown (the token is damaged)");
  if (token.cipher_version) {
    const std::string_view meaning = *token.cipher_version == 2   ? " (AES-256-GCM, the path authenticated)"
                                     : *token.cipher_version == 1 ? " (AES-256-GCM)"
                                                                  : "";
    rows.add("Cipher version", fmt::format("{}{}", *token.cipher_version, meaning));
  }
  if (!token.ciphertext_size) return;
  rows.add("Nonce", fmt::format("{} bytes", kNonceSize));
  rows.add("Ciphertext", fmt::format("{} bytes", *token.ciphertext_size));
  rows.add("Tag", fmt::format("{} bytes", kTagSize));
}

void add_contents(RowList& rows, const StoreFacts& facts) {
  if (!facts.contents) return rows.add("Contents", facts.sealed);
  const BatchEntry& entry = *facts.contents;
  if (entry.parent.empty()) {
    rows.add("Parent", "none (an orphan)");
  } else {
    rows.add_secret("Parent", entry.parent.view());
  }
  rows.add_list("Policies", entry.policies);
  rows.add_text("Path", entry.path);
  std::vector<std::string> meta;
  for (const auto& [key, value] : entry.meta) meta.push_back(fmt::format("{}={}", key, value));
  rows.add_list("Metadata", meta);
  rows.add_text("Display name", entry.display_name);
  constexpr std::int64_t kLastSecond = std::int64_t{9'223'372'036};
  const bool is_printable = entry.creation_time > 0 && entry.creation_time <= kLastSecond;
  rows.add("Created", is_printable ? format_time(entry.creation_time * kSecond) : std::to_string(entry.creation_time));
  rows.add("Creation TTL", human_duration(entry.ttl));
  rows.add_text("Role", entry.role);
  rows.add_text("Entity", entry.entity_id);
  rows.add_list("Bound CIDRs", entry.bound_cidrs);
  rows.add_text("Namespace id", entry.namespace_id);
}

void add_life(RowList& rows, const StoreFacts& facts) {
  if (!facts.ttl) {
    rows.add("TTL", facts.unknown);
    rows.add("Expires", facts.unknown);
    return;
  }
  const bool ends = facts.expire_time.has_value();
  rows.add("TTL", ends ? human_seconds(*facts.ttl) : SecretString("none (it never ends)"));
  rows.add("Expires", ends ? *facts.expire_time : "never");
}

}  // namespace

Rows inspection_rows(const Inspection& inspection, bool reveal) {
  const DecodedToken& token = inspection.token;
  RowList rows(reveal);
  rows.add_secret("Token", inspection.text.view());
  rows.add("Prefix", token.prefix.empty() ? std::string("none") : std::string(token.prefix));
  rows.add("Type", std::string(name_of(token.type)));
  rows.add("Format", format_text(inspection));
  rows.add("Length", fmt::format("{}", token.length));
  if (token.namespace_id) rows.add("Namespace", *token.namespace_id);
  rows.add("WAL index", wal_index_text(token));
  if (token.format == TokenFormat::ssc) add_ssc(rows, inspection);
  if (token.format == TokenFormat::batch) {
    add_batch(rows, token);
    if (token.batch) add_contents(rows, inspection.facts);
  }
  add_life(rows, inspection.facts);
  if (token.fault) rows.add("Problem", token.fault->text());
  for (const std::string& warning : token.warnings) rows.add("Warning", warning);
  return rows.take();
}

}  // namespace vtoken::cmd
