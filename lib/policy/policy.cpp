#include "policy/policy.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "base/timestamp.hpp"
#include "policy/attributes.hpp"
#include "policy/flatten.hpp"
#include "policy/nearest.hpp"

namespace vtoken::policy {
namespace {

constexpr std::array<std::string_view, 9> kKeys{"capabilities",
                                                "policy",
                                                "allowed_parameters",
                                                "denied_parameters",
                                                "required_parameters",
                                                "min_wrapping_ttl",
                                                "max_wrapping_ttl",
                                                "expiration",
                                                "comment"};
// Servers know these too.
constexpr std::array<std::string_view, 3> kRefused{"mfa_methods", "pagination_limit",
                                                   "list_scan_response_keys_filter_path"};
constexpr std::array<std::string_view, 2> kOuterKeys{"path", "name"};

using Words = std::span<const std::string_view>;

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

bool contains(Words names, std::string_view name) { return std::find(names.begin(), names.end(), name) != names.end(); }

std::string joined(Words words) {
  std::string text;
  for (const std::string_view word : words) text += (text.empty() ? "" : ", ") + std::string(word);
  return text;
}

// "unknown key "x" (did you mean "y"?)"
std::string unknown(std::string_view what, std::string_view word, Words known) {
  std::string text = "unknown " + std::string(what) + " " + quoted(word);
  if (const auto near = nearest(word, known); !near.empty()) text += " (did you mean " + quoted(near) + "?)";
  return text;
}

constexpr std::array<std::string_view, 9> kCapabilityNames{"create", "read", "update", "patch", "delete",
                                                           "list",   "scan", "sudo",   "deny"};
constexpr std::array<std::string_view, 4> kOldNames{"read", "write", "sudo", "deny"};

// The braces of templates: each "{{" has its "}}". What is between them is looked at only where there are identities.
Result<bool> has_template(std::string_view path, const hcl::Position& at) {
  bool found = false;
  while (true) {
    const auto open = path.find("{{");
    if (path.substr(0, open).find("}}") != std::string_view::npos) break;
    if (open == std::string_view::npos) return found;
    path.remove_prefix(open + 2);
    const auto close = path.find("}}");
    if (close == std::string_view::npos || path.substr(0, close).find("{{") != std::string_view::npos) break;
    path.remove_prefix(close + 2);
    found = true;
  }
  return wrong(at, "a template is written {{identity.entity.name}}, and each {{ has its }}");
}

// Everything in a path's block, before it is made sense of.
struct Body {
  std::string old_policy;
  hcl::Position old_policy_at;
  std::vector<std::string> capabilities;
  std::vector<hcl::Position> capabilities_at;
  std::string expiration;
  hcl::Position expiration_at;
  const hcl::Item* min_wrapping = nullptr;
  const hcl::Item* max_wrapping = nullptr;
  Permissions permissions;
};

Result<void> read_attribute(const hcl::Item& item, Body& body) {
  const std::string_view key = item.keys.front();
  const auto note = [&item](hcl::Position& place) { place = item.value.at; };
  if (key == "policy") return note(body.old_policy_at), read_text(item, body.old_policy);
  if (key == "capabilities") return read_texts(item, body.capabilities, &body.capabilities_at);
  if (key == "allowed_parameters") return read_parameters(item, body.permissions.allowed);
  if (key == "denied_parameters") return read_parameters(item, body.permissions.denied);
  if (key == "required_parameters") return read_texts(item, body.permissions.required);
  if (key == "min_wrapping_ttl") body.min_wrapping = &item;
  if (key == "max_wrapping_ttl") body.max_wrapping = &item;
  if (key == "expiration") return note(body.expiration_at), read_text(item, body.expiration);
  return {};  // a comment is anything
}

Result<Body> read_body(const hcl::Object& object) {
  Body body;
  for (const auto& item : object.items) {
    const std::string& key = item.keys.front();
    if (contains(kRefused, key)) return wrong(item.at, key + " is not supported: a store cannot keep to it");
    if (!contains(kKeys, key)) {
      return wrong(item.at, unknown("key", key, kKeys) + ": a path has " + joined(kKeys));
    }
  }
  for (const auto& item : object.items) {
    if (auto read = read_attribute(item, body); !read) return tl::unexpected(read.error());
  }
  return body;
}

// The policies of Vault before 0.5: one word.
Result<void> add_old_policy(Body& body) {
  if (body.old_policy.empty()) return {};
  std::vector<std::string_view> words;
  if (body.old_policy == "deny") {
    body.capabilities = {"deny"};
  } else if (body.old_policy == "read") {
    words = {"read", "list"};
  } else if (body.old_policy == "write") {
    words = {"create", "read", "update", "delete", "list"};
  } else if (body.old_policy == "sudo") {
    words = {"create", "read", "update", "delete", "list", "sudo"};
  } else {
    return wrong(body.old_policy_at, unknown("policy", body.old_policy, kOldNames) + ": it is one of " +
                                         joined(kOldNames) + "; new policies have capabilities instead");
  }
  body.capabilities.insert(body.capabilities.end(), words.begin(), words.end());
  return {};
}

Result<void> read_wrapping(Body& body) {
  Nanoseconds& min = body.permissions.min_wrapping_ttl;
  Nanoseconds& max = body.permissions.max_wrapping_ttl;
  if (body.min_wrapping != nullptr) {
    if (auto read = read_length(*body.min_wrapping, min); !read) return read;
  }
  if (body.max_wrapping != nullptr) {
    if (auto read = read_length(*body.max_wrapping, max); !read) return read;
  }
  if (min != 0 && max != 0 && max < min) {
    return wrong(body.max_wrapping->value.at, "max_wrapping_ttl cannot be less than min_wrapping_ttl");
  }
  // Below 0 they limit nothing.
  min = std::max<Nanoseconds>(min, 0);
  max = std::max<Nanoseconds>(max, 0);
  return {};
}

Result<Permissions> permissions_of(Body body) {
  if (auto added = add_old_policy(body); !added) return tl::unexpected(added.error());
  for (std::size_t i = 0; i < body.capabilities.size(); ++i) {
    const std::string& name = body.capabilities[i];
    const auto capability = find_capability(name);
    if (!capability) {
      return wrong(body.capabilities_at[i],
                   unknown("capability", name, kCapabilityNames) + ": there are " + joined(kCapabilityNames));
    }
    if (*capability == Capability::deny) {
      Permissions nothing;  // beside deny nothing counts, and nothing is looked at
      nothing.capabilities.add(Capability::deny);
      return nothing;
    }
    body.permissions.capabilities.add(*capability);
  }
  if (auto read = read_wrapping(body); !read) return tl::unexpected(read.error());
  return std::move(body.permissions);
}

// Splits a path into what is compared and how.
Result<void> set_path(std::string path, const hcl::Position& at, Rule& rule) {
  auto templated = has_template(path, at);
  if (!templated) return tl::unexpected(templated.error());
  rule.templated = *templated;
  if (path.starts_with('/')) path.erase(0, 1);
  if (path.find("+*") != std::string::npos) {
    return wrong(at, "the path " + quoted(path) + " has \"+*\": a + stands for one whole segment, a * only at the end");
  }
  rule.segments = path == "+" || path.starts_with("+/") || path.find("/+") != std::string::npos;
  rule.prefix = !rule.segments && path.ends_with('*');
  if (rule.prefix) path.pop_back();
  rule.path = std::move(path);
  return {};
}

Result<Rule> read_path(const hcl::Item& item) {
  // To a server, a block without a label is of the path "path". What stands behind a first label is ignored.
  const std::string& path = item.keys.size() > 1 ? item.keys[1] : item.keys[0];
  const auto* object = item.value.object();
  if (object == nullptr)
    return wrong(item.value.at, "a path is written path \"secret/*\" { capabilities = [\"read\"] }");
  Rule rule;
  rule.at = item.at;
  if (auto set = set_path(path, item.at, rule); !set) return tl::unexpected(set.error());
  auto body = read_body(*object);
  if (!body) return tl::unexpected(body.error());
  if (!body->expiration.empty()) {
    const auto time = parse_time(body->expiration);
    if (!time) return wrong(body->expiration_at, "expiration: " + time.error().message);
    rule.expiration = *time;
  }
  auto permissions = permissions_of(std::move(*body));
  if (!permissions) return tl::unexpected(permissions.error());
  rule.permissions = std::move(*permissions);
  return rule;
}

}  // namespace

Result<Policy> parse_policy(std::string_view name, std::string_view text) {
  auto whole = hcl::parse(text);
  if (whole && hcl::begins_as_json(text)) whole = flatten(std::move(*whole));
  if (!whole) return tl::unexpected(whole.error());
  Policy policy{std::string(name), {}};
  for (const auto& item : whole->items) {
    const std::string& key = item.keys.front();
    if (!contains(kOuterKeys, key)) {
      return wrong(item.at, unknown("key", key, kOuterKeys) + ": a policy is made of blocks path \"secret/*\" { … }");
    }
    if (key == "name") {
      std::string ignored;
      if (auto read = read_text(item, ignored); !read) return tl::unexpected(read.error());
    }
  }
  for (const auto& item : whole->items) {
    if (item.keys.front() != "path") continue;
    auto rule = read_path(item);
    if (!rule) return tl::unexpected(rule.error());
    policy.rules.push_back(std::move(*rule));
  }
  return policy;
}

std::vector<std::string> templated_paths(const Policy& policy) {
  std::vector<std::string> paths;
  for (const auto& rule : policy.rules) {
    if (rule.templated) paths.push_back(rule.prefix ? rule.path + "*" : rule.path);
  }
  return paths;
}

}  // namespace vtoken::policy
