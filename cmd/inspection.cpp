#include "cmd/inspection.hpp"

#include <fmt/format.h>

#include "base/duration.hpp"
#include "core/json.hpp"
#include "token/mask.hpp"

namespace vtoken::cmd {
namespace {

SecretString secret_text(std::string_view secret, bool reveal) {
  return reveal ? SecretString(secret) : SecretString(mask_token(secret));
}

SecretString hex(const Mac& mac) {
  SecretString text;
  for (const unsigned char byte : mac) text += SecretString(fmt::format("{:02x}", byte));
  return text;
}

Json json_text_of(std::string_view text) { return Json(SecretString(text)); }

template <class T>
Json number_or_null(const std::optional<T>& number) {
  return number ? Json(static_cast<std::uint64_t>(*number)) : Json(nullptr);
}

Json text_or_null(const std::optional<std::string>& text) { return text ? json_text_of(*text) : Json(nullptr); }

Json hmac_json(const Inspection& inspection) {
  if (!inspection.token.hmac) return nullptr;
  if (!inspection.facts.signed_here) return "present";
  return *inspection.facts.signed_here ? "valid" : "invalid";
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

void add_problem(Json& out, const DecodedToken& token) {
  out["problem"] = token.fault ? json_text_of(token.fault->text()) : Json(nullptr);
  out["problem_at"] = token.fault ? Json(static_cast<std::uint64_t>(token.fault->at)) : Json(nullptr);
  out["problem_unit"] = nullptr;
  if (token.fault) out["problem_unit"] = token.fault->unit == TokenFault::Unit::byte ? "byte" : "character";
}

}  // namespace

Inspection inspect_offline(std::string_view text) {
  constexpr std::string_view kWhite = " \t\r\n\v\f";
  Inspection inspection;
  inspection.token = decode_token(text);
  const std::size_t first = text.find_first_not_of(kWhite);
  if (first != std::string_view::npos) {
    inspection.text = SecretString(text.substr(first, text.find_last_not_of(kWhite) + 1 - first));
  }
  return inspection;
}

Json inspection_json(const Inspection& inspection, bool reveal) {
  const DecodedToken& token = inspection.token;
  const StoreFacts& facts = inspection.facts;
  const bool is_sealed = token.batch.has_value();
  Json out = Json::object();
  out["token"] = secret_text(inspection.text.view(), reveal);
  out["prefix"] = json_text_of(token.prefix);
  out["type"] = json_text_of(name_of(token.type));
  out["format"] = json_text_of(name_of(token.format));
  out["length"] = static_cast<std::uint64_t>(token.length);
  out["namespace"] = text_or_null(token.namespace_id);
  out["version"] = number_or_null(token.version);
  out["wal_index"] = number_or_null(token.wal_index);
  out["index_epoch"] = number_or_null(token.index_epoch);
  out["hmac"] = hmac_json(inspection);
  out["hmac_hex"] = token.hmac && reveal ? Json(hex(*token.hmac)) : Json(nullptr);
  out["inner_id"] =
      token.hmac && !token.secret.empty() ? Json(secret_text(token.secret.view(), reveal)) : Json(nullptr);
  out["key_term"] = number_or_null(token.key_term);
  out["cipher_version"] = number_or_null(token.cipher_version);
  out["nonce_size"] = is_sealed ? Json(std::uint64_t{kNonceSize}) : Json(nullptr);
  out["ciphertext_size"] = number_or_null(token.ciphertext_size);
  out["tag_size"] = is_sealed ? Json(std::uint64_t{kTagSize}) : Json(nullptr);
  out["contents"] = facts.contents ? contents_json(*facts.contents, reveal) : Json(nullptr);
  out["ttl"] = facts.ttl ? Json(*facts.ttl) : Json(nullptr);
  out["expire_time"] = text_or_null(facts.expire_time);
  add_problem(out, token);
  out["warnings"] = texts_json(token.warnings);
  return out;
}

}  // namespace vtoken::cmd
