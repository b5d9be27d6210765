// What `inspect` prints for people.
#include <fmt/format.h>

#include <algorithm>

#include "base/duration.hpp"
#include "base/hex.hpp"
#include "cmd/inspection.hpp"
#include "cmd/inspection_live_rows.hpp"
#include "cmd/row_list.hpp"

namespace vtoken::cmd {
namespace {

std::string_view describe(TokenFormat format) {
  switch (format) {
    case TokenFormat::ssc: return "SSC (server side consistent: signed, with the WAL index)";
    case TokenFormat::inner: return "inner (a root token, or the id inside an SSC token)";
    case TokenFormat::legacy: return "legacy (Vault before 1.10, or OpenBao)";
    case TokenFormat::batch: return "batch (sealed, not stored)";
    case TokenFormat::recovery: return "recovery (of a server in recovery mode)";
    case TokenFormat::accessor: return "accessor by its shape (or a custom id)";
    case TokenFormat::uuid: return "unknown (a UUID: a token or an accessor of Vault before 0.10)";
    case TokenFormat::jwt: return "JWT (a JSON Web Token; no wrapping token of a server)";
    case TokenFormat::unknown: break;
  }
  return "unknown (a custom id, or no token)";
}

std::string format_text(const Inspection& inspection) {
  const DecodedToken& token = inspection.token;
  std::string text(describe(token.format));
  if (inspection.keys.is_accessor) {
    text = fmt::format("accessor (the {} has its token)", name_of(inspection.keys.checker));
  }
  if (inspection.jwt && inspection.jwt->is_wrapping) text = "JWT (a wrapping token in the format \"jwt\")";
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
  const KeyFacts& facts = inspection.keys;
  if (!facts.is_genuine) {
    return inspection.live.problem.empty() ? "present, not checked (unknown offline)" : "present, not checked";
  }
  if (facts.checker == Checker::server) return "valid: the server accepts the token";
  const std::string_view who = facts.checker == Checker::store ? "this store" : "the key";
  return *facts.is_genuine ? fmt::format("valid: {} signed the token", who)
                           : fmt::format("invalid: {} did not sign the token", who);
}

void add_ssc(RowList& rows, const Inspection& inspection) {
  const DecodedToken& token = inspection.token;
  if (token.version) rows.add("Version", std::to_string(*token.version));
  rows.add("Index epoch", token.index_epoch ? std::to_string(*token.index_epoch) : "unknown (the token is damaged)");
  rows.add("HMAC", hmac_text(inspection));
  if (token.hmac && rows.reveal()) {
    const auto* bytes = reinterpret_cast<const char*>(token.hmac->data());
    rows.add("HMAC bytes", to_secret_hex({bytes, token.hmac->size()}));
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

void add_contents(RowList& rows, const KeyFacts& facts) {
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
  rows.add("Created", time_text(entry.creation_time));
  rows.add("Creation TTL", human_duration(entry.ttl));
  rows.add_text("Role", entry.role);
  rows.add_text("Entity", entry.entity_id);
  rows.add_list("Bound CIDRs", entry.bound_cidrs);
  rows.add_text("Namespace id", entry.namespace_id);
}

void add_life(RowList& rows, const KeyFacts& facts) {
  if (!facts.ttl) {
    rows.add("TTL", facts.unknown);
    rows.add("Expires", facts.unknown);
    return;
  }
  const bool ends = facts.expire_time.has_value();
  rows.add("TTL", ends ? human_seconds(*facts.ttl) : SecretString("none (it never ends)"));
  rows.add("Expires", ends ? *facts.expire_time : "never");
}

void add_verdict(RowList& rows, const Inspection& inspection) {
  const Verdict verdict = verdict_on(inspection);
  const std::string_view answer = !verdict.is_genuine ? "unknown" : *verdict.is_genuine ? "yes" : "no";
  rows.add_text("Verified", fmt::format("{}: {}", answer, verdict.text));
}

}  // namespace

Rows inspection_rows(const Inspection& inspection, const Shown& shown) {
  const DecodedToken& token = inspection.token;
  RowList rows(shown.reveal);
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
    if (token.batch) add_contents(rows, inspection.keys);
  }
  if (inspection.jwt) add_claims(rows, *inspection.jwt);
  if (shown.verdict) add_verdict(rows, inspection);
  add_live(rows, inspection.live);
  const std::string& problem = inspection.live.problem;
  const bool is_told = !inspection.keys.ttl && inspection.keys.unknown.find(problem) != std::string::npos;
  if (!is_told) rows.add_text("Not looked up", problem);
  add_life(rows, inspection.keys);
  if (token.fault) rows.add("Problem", token.fault->text());
  for (const std::string& warning : token.warnings) rows.add("Warning", warning);
  return rows.take();
}

}  // namespace vtoken::cmd
