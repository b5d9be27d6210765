#include "store/role.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>

#include "core/json.hpp"
#include "store/addresses.hpp"
#include "store/limits.hpp"
#include "store/policies.hpp"

namespace vtoken::store {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

Result<void> refuse(std::string text) { return fail(ErrorKind::refused, std::move(text)); }

// At least three characters: a word character at both ends, and between them also '-' and '.'.
Result<void> check_path_suffix(const std::string& suffix) {
  if (suffix.find("..") != std::string::npos)
    return refuse("error registering path suffix: path cannot contain parent references");
  if (suffix.empty() || (suffix.size() >= 3 && is_role_name(suffix))) return {};
  return refuse(R"(given role path suffix contains invalid characters; must match \w[\w-.]+\w)");
}

void update_policies(Role& role, Fields& fields) {
  if (auto names = fields.comma_strings("allowed_policies")) role.allowed_policies = sanitize_policies(*names, false);
  if (auto names = fields.comma_strings("disallowed_policies")) role.disallowed_policies = tidy_names(*names, true);
  if (auto names = fields.comma_strings("allowed_policies_glob"))
    role.allowed_policies_glob = sanitize_policies(*names, false);
  if (auto names = fields.comma_strings("disallowed_policies_glob"))
    role.disallowed_policies_glob = tidy_names(*names, true);
  if (auto names = fields.comma_strings("allowed_entity_aliases"))
    role.allowed_entity_aliases = tidy_names(*names, true);
}

Result<void> update_type(Role& role, Fields& fields) {
  const auto type = fields.text("token_type");
  if (!type) return {};
  for (const std::string_view known : {"service", "batch", "default-service", "default-batch"}) {
    if (type->view() == known) {
      role.token_type = std::string(known);
      return {};
    }
  }
  return refuse("invalid 'token_type' value \"" + std::string(type->view()) + "\"");
}

// A field that has an old name too: the new one wins, with a warning when both are given.
void update_renamed(Fields& fields, const std::string& old_name, Nanoseconds& value, Nanoseconds& old_value,
                    std::vector<std::string>& warnings) {
  const std::string new_name = "token_" + old_name;
  const auto given = fields.duration(new_name);
  const bool old_given = fields.has(old_name);
  const auto old_form = fields.duration(old_name);
  if (given) {
    if (old_given)
      warnings.push_back("Both '" + new_name + "' and deprecated '" + old_name +
                         "' value supplied, ignoring the deprecated value");
    value = *given;
    old_value = 0;
  } else if (old_form) {
    value = *old_form;
    old_value = *old_form;
  }
}

Result<void> take_addresses(Role& role, const std::vector<std::string>& given, const char* fault) {
  for (const auto& address : given) {
    if (!is_address_or_block(address)) {
      return refuse(
          fmt::format("{}error parsing address \"{}\": Unable to convert \"{}\" to an IPv4 or IPv6 address, or a UNIX "
                      "Socket",
                      fault, address, address));
    }
  }
  role.bound_cidrs.clear();
  for (const auto& address : given) role.bound_cidrs.push_back(shortest_block(address));
  return {};
}

Result<void> update_addresses(Role& role, Fields& fields) {
  const auto given = fields.comma_strings("token_bound_cidrs");
  if (!given) return {};
  role.bound_cidrs_by_old_name = false;
  return take_addresses(role, *given, "error parsing role fields: ");
}

// Servers look at the old names when they are done with the new ones.
Result<void> update_old_addresses(Role& role, Fields& fields, std::vector<std::string>& warnings) {
  const auto given = fields.comma_strings("bound_cidrs");
  if (!given) return {};
  if (fields.comma_strings("token_bound_cidrs")) {
    warnings.emplace_back(
        "Both 'token_bound_cidrs' and deprecated 'bound_cidrs' value supplied, ignoring the deprecated value");
    return {};
  }
  role.bound_cidrs_by_old_name = true;
  return take_addresses(role, *given, "error parsing bound_cidrs: ");
}

Result<void> update_limits(Role& role, Fields& fields, std::vector<std::string>& warnings) {
  const bool periodic = fields.duration("token_period").value_or(role.period) != 0;
  update_renamed(fields, "period", role.period, role.old_period, warnings);
  update_renamed(fields, "explicit_max_ttl", role.explicit_max_ttl, role.old_explicit_max_ttl, warnings);
  if (auto ttl = fields.duration("token_ttl")) role.ttl = *ttl;
  if (auto max_ttl = fields.duration("token_max_ttl")) role.max_ttl = *max_ttl;
  if (role.ttl > 0 && role.max_ttl > 0 && role.ttl > role.max_ttl)
    return refuse("error parsing role fields: 'token_ttl' cannot be greater than 'token_max_ttl'");
  if (auto uses = fields.integer("token_num_uses")) {
    if (*uses < 0) return refuse("error parsing role fields: 'token_num_uses' cannot be negative");
    role.num_uses = *uses;
  }
  // A type that is in the same request is looked at later, by other rules.
  if (!fields.has("token_type") && role.token_type.ends_with("batch")) {
    const char* bad = periodic ? "periodic tokens" : role.num_uses != 0 ? "tokens with limited use count" : "";
    constexpr const char* kStart =
        "error parsing role fields: 'token_type' cannot be 'batch' or 'default_batch' when set to generate ";
    if (*bad != '\0') return refuse(std::string(kStart) + bad);
  }
  // Servers look at what is given, or was given by the old name.
  const Nanoseconds given = fields.duration("token_explicit_max_ttl").value_or(role.old_explicit_max_ttl);
  if (given > kMaxTtl) {
    warnings.push_back("Given explicit max TTL of " + std::to_string(given / kSecond) +
                       " is greater than system/mount allowed value of " + std::to_string(kMaxTtl / kSecond) +
                       " seconds; until this is fixed attempting to create tokens against this role will result in "
                       "an error");
  }
  return {};
}

Result<void> check_batch(const Role& role, std::vector<std::string>& warnings) {
  if (role.token_type != "batch") return {};
  if (role.period != 0) return refuse("'token_type' cannot be 'batch' when role is set to generate periodic tokens");
  if (role.explicit_max_ttl != 0)
    return refuse("'token_type' cannot be 'batch' when role is set to generate tokens with an explicit max TTL");
  if (!role.orphan)
    warnings.emplace_back(
        "This store keeps a batch role with orphan=false; Vault and OpenBao servers refuse it: for them, set "
        "orphan=true renewable=false");
  return {};
}

Json names_or_empty(const std::vector<std::string>& names) {
  Json list = Json::array();
  for (const auto& name : names) list.push_back(name);
  return list;
}

}  // namespace

bool is_role_name(std::string_view name) {
  if (name.empty() || !is_word(name.front()) || !is_word(name.back())) return false;
  return std::all_of(name.begin(), name.end(), [](char c) { return is_word(c) || c == '-' || c == '.'; });
}

Result<void> check_role_types(Fields& fields) {
  for (const char* name : {"orphan", "renewable", "token_no_default_policy"}) (void)fields.boolean(name);
  for (const char* name : {"path_suffix", "token_type"}) (void)fields.text(name);
  for (const char* name : {"allowed_policies", "disallowed_policies", "allowed_policies_glob",
                           "disallowed_policies_glob", "allowed_entity_aliases", "token_bound_cidrs", "bound_cidrs"}) {
    (void)fields.comma_strings(name);
  }
  for (const char* name :
       {"token_explicit_max_ttl", "explicit_max_ttl", "token_period", "period", "token_ttl", "token_max_ttl"}) {
    (void)fields.duration(name);
  }
  (void)fields.integer("token_num_uses");
  if (fields.failure()) return refuse(*fields.failure());
  return {};
}

Result<void> update_role(Role& role, Fields& fields, std::vector<std::string>& warnings) {
  if (auto checked = check_role_types(fields); !checked) return checked;
  if (auto orphan = fields.boolean("orphan")) role.orphan = *orphan;
  if (auto renewable = fields.boolean("renewable")) role.renewable = *renewable;
  if (auto no_default = fields.boolean("token_no_default_policy")) role.no_default_policy = *no_default;
  if (auto suffix = fields.text("path_suffix")) {
    role.path_suffix = std::string(suffix->view());
    if (auto checked = check_path_suffix(role.path_suffix); !checked) return checked;
  }
  update_policies(role, fields);
  if (fields.is_null("token_type")) return refuse("Invalid 'token_type' value: null");
  if (auto updated = update_addresses(role, fields); !updated) return updated;
  if (auto updated = update_limits(role, fields, warnings); !updated) return updated;
  if (auto updated = update_type(role, fields); !updated) return updated;
  if (auto updated = update_old_addresses(role, fields, warnings); !updated) return updated;
  return check_batch(role, warnings);
}

Json role_data(const Role& role) {
  Json data = {{"allowed_policies", names_or_empty(role.allowed_policies)},
               {"allowed_policies_glob", names_or_empty(role.allowed_policies_glob)},
               {"disallowed_policies", names_or_empty(role.disallowed_policies)},
               {"disallowed_policies_glob", names_or_empty(role.disallowed_policies_glob)},
               {"explicit_max_ttl", role.old_explicit_max_ttl / kSecond},
               {"name", role.name},
               {"orphan", role.orphan},
               {"path_suffix", role.path_suffix},
               {"period", role.old_period / kSecond},
               {"renewable", role.renewable},
               {"token_explicit_max_ttl", role.explicit_max_ttl / kSecond},
               {"token_no_default_policy", role.no_default_policy},
               {"token_period", role.period / kSecond},
               {"token_type", role.token_type}};
  data["allowed_entity_aliases"] =
      role.allowed_entity_aliases ? names_or_empty(*role.allowed_entity_aliases) : Json(nullptr);
  if (!role.bound_cidrs.empty()) {
    data["token_bound_cidrs"] = names_or_empty(role.bound_cidrs);
    if (role.bound_cidrs_by_old_name) data["bound_cidrs"] = names_or_empty(role.bound_cidrs);
  }
  if (role.num_uses > 0) data["token_num_uses"] = role.num_uses;
  // Servers have no such fields and drop them; a store that honours them shows them.
  if (role.ttl > 0) data["token_ttl"] = role.ttl / kSecond;
  if (role.max_ttl > 0) data["token_max_ttl"] = role.max_ttl / kSecond;
  return data;
}

SecretString encode_role(const Role& role) {
  Json data = role_data(role);
  data["bound_cidrs_by_old_name"] = role.bound_cidrs_by_old_name;
  return dump_json(data);
}

std::optional<Role> decode_role(std::string_view bytes) {
  const auto data = parse_json(bytes);
  if (!data || !data->is_object()) return std::nullopt;
  Role role;
  role.name = std::string(text_member(*data, "name"));
  // The stored form is a request's body plus what a body cannot say, so the same reader serves.
  Fields fields(*data, "");
  std::vector<std::string> ignored;
  if (auto updated = update_role(role, fields, ignored); !updated) return std::nullopt;
  role.old_period = number_member(*data, "period") * kSecond;
  role.old_explicit_max_ttl = number_member(*data, "explicit_max_ttl") * kSecond;
  if (const Json* aliases = find_member(*data, "allowed_entity_aliases"); aliases == nullptr || aliases->is_null())
    role.allowed_entity_aliases.reset();
  role.bound_cidrs_by_old_name = flag_member(*data, "bound_cidrs_by_old_name");
  return role;
}

}  // namespace vtoken::store
