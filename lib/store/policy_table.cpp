#include "store/policy_table.hpp"

#include <algorithm>
#include <charconv>

#include "core/json.hpp"
#include "policy/builtin.hpp"
#include "store/row_key.hpp"
#include "store/schema.hpp"

namespace vtoken::store {
namespace {

bool over(const StoredPolicy& policy, Nanoseconds now) { return policy.expiration != 0 && policy.expiration < now; }

}  // namespace

std::string encode_policy(const StoredPolicy& policy) {
  Json data = Json::object();
  data["name"] = policy.name;
  data["policy"] = policy.text;
  data["version"] = policy.version;
  data["modified"] = policy.modified;
  if (policy.expiration != 0) data["expiration"] = policy.expiration;
  if (policy.cas_required) data["cas_required"] = true;
  if (policy.allow_wildcards_in_templates) data["allow_wildcards_in_identity_templates"] = true;
  if (policy.allow_slashes_in_templates) data["allow_slashes_in_identity_templates"] = true;
  return std::string(dump_json(data).view());
}

std::optional<StoredPolicy> decode_policy(std::string_view text) {
  const auto data = parse_json(text);
  if (!data || !data->is_object()) return std::nullopt;
  StoredPolicy policy;
  policy.name = text_member(*data, "name");
  policy.text = text_member(*data, "policy");
  if (policy.name.empty()) return std::nullopt;
  policy.version = number_member(*data, "version");
  policy.modified = number_member(*data, "modified");
  policy.expiration = number_member(*data, "expiration");
  policy.cas_required = flag_member(*data, "cas_required");
  policy.allow_wildcards_in_templates = flag_member(*data, "allow_wildcards_in_identity_templates");
  policy.allow_slashes_in_templates = flag_member(*data, "allow_slashes_in_identity_templates");
  return policy;
}

Hash policy_hash(const Keyring& keyring, std::string_view name) {
  return keyring.hash_name("policy:" + std::string(name));
}

Result<StoredPolicy> PolicyTable::open(std::string_view name_hash, std::string_view sealed) {
  const auto plain = keyring_.open(sealed, row_aad("policies", name_hash));
  auto policy = plain ? decode_policy(as_text(*plain)) : std::nullopt;
  if (!policy || policy_hash(keyring_, policy->name).view() != name_hash) {
    return fail(ErrorKind::damaged, "a policy does not open: the file is damaged; see `vtoken store verify`",
                database_.path());
  }
  return std::move(*policy);
}

Result<StoredPolicy> PolicyTable::builtin(std::string_view name, std::string_view text) {
  const auto created = read_meta(database_, kMetaCreated);
  if (!created) return tl::unexpected(created.error());
  StoredPolicy policy;
  policy.name = name;
  policy.text = text;
  std::from_chars(created->data(), created->data() + created->size(), policy.modified);
  return policy;
}

Result<std::optional<StoredPolicy>> PolicyTable::read(std::string_view name, Nanoseconds now) {
  if (name == policy::kRoot) return StoredPolicy{.name = std::string(name), .text = {}, .version = 0};
  if (name == policy::kResponseWrapping) return builtin(name, policy::response_wrapping_text());
  auto statement = database_.prepare("SELECT sealed FROM policies WHERE name_hash = ?1");
  if (!statement) return tl::unexpected(statement.error());
  const Hash hash = policy_hash(keyring_, name);
  (*statement)->bind(1, hash.view());
  const auto found = (*statement)->step();
  if (!found) return tl::unexpected(found.error());
  if (!*found) {
    if (name == policy::kDefault) return builtin(name, policy::default_policy_text());
    return std::nullopt;
  }
  auto policy = open(hash.view(), (*statement)->blob(0));
  if (!policy) return tl::unexpected(policy.error());
  if (over(*policy, now)) return std::nullopt;
  return std::move(*policy);
}

Result<void> PolicyTable::write(const StoredPolicy& policy) {
  auto statement = database_.prepare(
      "INSERT INTO policies(name_hash, sealed) VALUES(?1, ?2) ON CONFLICT(name_hash) DO UPDATE SET sealed = "
      "excluded.sealed");
  if (!statement) return tl::unexpected(statement.error());
  const Hash hash = policy_hash(keyring_, policy.name);
  const SecretBytes sealed = keyring_.seal(encode_policy(policy), row_aad("policies", hash.view()));
  (*statement)->bind(1, hash.view());
  (*statement)->bind(2, as_text(sealed));
  return (*statement)->run();
}

Result<void> PolicyTable::erase(std::string_view name) {
  auto statement = database_.prepare("DELETE FROM policies WHERE name_hash = ?1");
  if (!statement) return tl::unexpected(statement.error());
  const Hash hash = policy_hash(keyring_, name);
  (*statement)->bind(1, hash.view());
  return (*statement)->run();
}

Result<std::vector<std::string>> PolicyTable::names(Nanoseconds now) {
  auto statement = database_.prepare("SELECT name_hash, sealed FROM policies");
  if (!statement) return tl::unexpected(statement.error());
  std::vector<std::string> found;
  bool built_in = true;
  while (true) {
    const auto row = (*statement)->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    const auto policy = open((*statement)->blob(0), (*statement)->blob(1));
    if (!policy) return tl::unexpected(policy.error());
    if (policy->name == policy::kDefault) built_in = false;
    if (!over(*policy, now)) found.push_back(policy->name);
  }
  if (built_in) found.emplace_back(policy::kDefault);
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace vtoken::store
