#include "cmd/inspection.hpp"

#include "base/duration.hpp"
#include "base/hex.hpp"
#include "base/text.hpp"
#include "cmd/inspection_explain.hpp"
#include "cmd/inspection_jwt.hpp"
#include "core/json.hpp"
#include "token/mask.hpp"

namespace vtoken::cmd {
namespace {

SecretString secret_text(std::string_view secret, bool reveal) {
  return reveal ? SecretString(secret) : SecretString(mask_token(secret));
}

Json json_text_of(std::string_view text) { return Json(SecretString(text)); }

Json json_text_or_null(std::string_view text) { return text.empty() ? Json(nullptr) : json_text_of(text); }

template <class T>
Json number_or_null(const std::optional<T>& number) {
  return number ? Json(static_cast<std::uint64_t>(*number)) : Json(nullptr);
}

Json text_or_null(const std::optional<std::string>& text) { return text ? json_text_of(*text) : Json(nullptr); }

std::string_view mac_text(const Mac& mac) { return {reinterpret_cast<const char*>(mac.data()), mac.size()}; }

Json hmac_json(const Inspection& inspection) {
  if (!inspection.token.hmac) return nullptr;
  if (!inspection.keys.is_genuine) return "present";
  return *inspection.keys.is_genuine ? "valid" : "invalid";
}

Json texts_json(const std::vector<std::string>& texts) {
  Json list = Json::array();
  for (const std::string& text : texts) list.push_back(json_text_of(text));
  return list;
}

Json contents_json(const BatchEntry& entry, bool reveal) {
  Json meta = Json::object();
  for (const auto& [key, value] : entry.meta) meta[SecretString(key)] = json_text_of(value);
  Json out = Json::object();
  out["parent"] = entry.parent.empty() ? Json(nullptr) : Json(secret_text(entry.parent.view(), reveal));
  out["policies"] = texts_json(entry.policies);
  out["path"] = json_text_of(entry.path);
  out["meta"] = std::move(meta);
  out["display_name"] = json_text_of(entry.display_name);
  out["creation_time"] = entry.creation_time;
  out["ttl"] = entry.ttl / kSecond;
  out["role"] = json_text_of(entry.role);
  out["entity_id"] = json_text_of(entry.entity_id);
  out["bound_cidrs"] = texts_json(entry.bound_cidrs);
  out["namespace_id"] = json_text_of(entry.namespace_id);
  out["type"] = entry.type;
  return out;
}

// `masked` is the member that works as a token.
Json object_json(const std::shared_ptr<const Json>& object, const char* masked, bool reveal) {
  if (object == nullptr) return nullptr;
  Json out = *object;
  const std::string_view secret = text_member(out, masked);
  if (!secret.empty()) out[masked] = secret_text(SecretString(secret).view(), reveal);
  return out;
}

void add_jwt(Json& out, const Inspection& inspection, bool reveal) {
  out["jwt"] = nullptr;
  if (!inspection.jwt) return;
  Json jwt = Json::object();
  jwt["header"] = object_json(inspection.jwt->header, "", reveal);
  jwt["claims"] = object_json(inspection.jwt->claims, "jti", reveal);
  jwt["wrapping"] = inspection.jwt->is_wrapping;
  out["jwt"] = std::move(jwt);
}

void add_live(Json& out, const LiveFacts& live, bool reveal) {
  out["lookup"] = object_json(live.data, "id", reveal);
  out["lookup_problem"] = json_text_or_null(live.problem);
  out["wrapping"] = object_json(live.wrapping, "", reveal);
}

void add_verdict(Json& out, const Inspection& inspection, bool is_asked) {
  const Verdict verdict = verdict_on(inspection);
  out["verified"] = verdict.is_genuine ? Json(*verdict.is_genuine) : Json(nullptr);
  out["verified_by"] = json_text_or_null(name_of(verdict.checker));
  out["verify_problem"] = nullptr;
  if (is_asked && verdict.is_genuine != true) out["verify_problem"] = json_text_of(verdict.text);
}

void add_problem(Json& out, const DecodedToken& token) {
  out["problem"] = token.fault ? json_text_of(token.fault->text()) : Json(nullptr);
  out["problem_at"] = token.fault ? Json(static_cast<std::uint64_t>(token.fault->at)) : Json(nullptr);
  out["problem_unit"] = nullptr;
  if (token.fault) out["problem_unit"] = token.fault->unit == TokenFault::Unit::byte ? "byte" : "character";
}

void add_parts(Json& out, const Inspection& inspection, bool reveal) {
  const DecodedToken& token = inspection.token;
  const bool is_sealed = token.batch.has_value();
  out["namespace"] = text_or_null(token.namespace_id);
  out["version"] = number_or_null(token.version);
  out["wal_index"] = number_or_null(token.wal_index);
  out["index_epoch"] = number_or_null(token.index_epoch);
  out["hmac"] = hmac_json(inspection);
  out["hmac_hex"] = token.hmac && reveal ? Json(to_secret_hex(mac_text(*token.hmac))) : Json(nullptr);
  out["inner_id"] =
      token.hmac && !token.secret.empty() ? Json(secret_text(token.secret.view(), reveal)) : Json(nullptr);
  out["key_term"] = number_or_null(token.key_term);
  out["cipher_version"] = number_or_null(token.cipher_version);
  out["nonce_size"] = is_sealed ? Json(std::uint64_t{kNonceSize}) : Json(nullptr);
  out["ciphertext_size"] = number_or_null(token.ciphertext_size);
  out["tag_size"] = is_sealed ? Json(std::uint64_t{kTagSize}) : Json(nullptr);
}

}  // namespace

std::string_view name_of(Checker checker) noexcept {
  switch (checker) {
    case Checker::store: return "store";
    case Checker::server: return "server";
    case Checker::key_file: return "key file";
    case Checker::nobody: break;
  }
  return {};
}

Inspection inspect_offline(std::string_view text, Nanoseconds now) {
  Inspection inspection;
  inspection.token = decode_token(text);
  inspection.text = SecretString(vtoken::trimmed(text, kWhiteSpace));
  if (inspection.token.fault) inspection.keys.unknown = "unknown (the token is damaged)";
  if (inspection.token.format == TokenFormat::jwt) read_claims(inspection, now);
  return inspection;
}

Json inspection_json(const Inspection& inspection, const Shown& shown) {
  const DecodedToken& token = inspection.token;
  const KeyFacts& facts = inspection.keys;
  Json out = Json::object();
  out["token"] = secret_text(inspection.text.view(), shown.reveal);
  out["prefix"] = json_text_of(token.prefix);
  out["type"] = json_text_of(name_of(token.type));
  out["format"] = json_text_of(name_of(token.format));
  out["length"] = static_cast<std::uint64_t>(token.length);
  add_parts(out, inspection, shown.reveal);
  out["contents"] = facts.contents ? contents_json(*facts.contents, shown.reveal) : Json(nullptr);
  out["ttl"] = facts.ttl ? Json(*facts.ttl) : Json(nullptr);
  out["expire_time"] = text_or_null(facts.expire_time);
  add_jwt(out, inspection, shown.reveal);
  add_live(out, inspection.live, shown.reveal);
  add_verdict(out, inspection, shown.verdict);
  out["explain"] = shown.explain ? explain_json(inspection, shown.reveal) : Json(nullptr);
  add_problem(out, token);
  out["warnings"] = texts_json(token.warnings);
  return out;
}

}  // namespace vtoken::cmd
