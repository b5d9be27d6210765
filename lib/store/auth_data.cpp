#include "store/auth_data.hpp"

#include "core/json.hpp"

namespace vtoken::store {

Json names_data(const std::vector<std::string>& names) {
  Json list = Json::array();
  for (const auto& name : names) list.emplace_back(name);
  return list;
}

Json meta_data(const std::optional<StringMap>& meta) {
  if (!meta) return nullptr;
  Json object = Json::object();
  for (const auto& [key, value] : *meta) object[SecretString(key)] = value;
  return object;
}

Json auth_data(const AuthFacts& facts) {
  Json auth = Json::object();
  auth["client_token"] = SecretString(facts.client_token);
  auth["accessor"] = facts.entry.accessor;
  auth["policies"] = names_data(facts.entry.policies);
  if (!facts.entry.policies.empty()) auth["token_policies"] = auth["policies"];
  auth["metadata"] = meta_data(facts.entry.meta);
  auth["lease_duration"] = facts.ttl / kSecond;
  auth["renewable"] = facts.renewable;
  auth["entity_id"] = facts.entry.entity_id;
  auth["token_type"] = facts.batch ? "batch" : "service";
  auth["orphan"] = facts.orphan;
  auth["mfa_requirement"] = nullptr;
  auth["num_uses"] = facts.num_uses;
  return auth;
}

}  // namespace vtoken::store
