#include "store/auth_data.hpp"

#include "core/json.hpp"

namespace vtoken::store {
namespace {

void append_names(SecretString& out, const std::vector<std::string>& names) {
  out += '[';
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i != 0) out += ',';
    append_json_text(out, names[i]);
  }
  out += ']';
}

}  // namespace

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

SecretString auth_data(const AuthFacts& facts) {
  SecretString out;
  out.reserve(512 + facts.client_token.size());
  const auto name = [&out](std::string_view key) {
    out += out.empty() ? '{' : ',';
    out += '"';
    out += key;
    out += "\":";
  };
  const auto text = [&](std::string_view key, std::string_view value) {
    name(key);
    append_json_text(out, value);
  };
  const auto number = [&](std::string_view key, std::int64_t value) {
    name(key);
    out += std::string_view(std::to_string(value));
  };
  const auto flag = [&](std::string_view key, bool value) {
    name(key);
    out += value ? "true" : "false";
  };
  text("client_token", facts.client_token);
  text("accessor", facts.entry.accessor);
  name("policies");
  append_names(out, facts.entry.policies);
  if (!facts.entry.policies.empty()) {
    name("token_policies");
    append_names(out, facts.entry.policies);
  }
  name("metadata");
  out += facts.entry.meta ? dump_json(meta_data(facts.entry.meta)) : SecretString("null");
  number("lease_duration", facts.ttl / kSecond);
  flag("renewable", facts.renewable);
  text("entity_id", facts.entry.entity_id);
  text("token_type", facts.batch ? "batch" : "service");
  flag("orphan", facts.orphan);
  name("mfa_requirement");
  out += "null";
  number("num_uses", facts.num_uses);
  out += '}';
  return out;
}

}  // namespace vtoken::store
