// Source of the rules: openbao vault/policy/policy.go and acl.go; what a path needs was tried on OpenBao 2.7.2.
#include "cmd/policy_doubts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/base64.hpp"
#include "base/duration.hpp"
#include "base/text.hpp"
#include "cmd/args.hpp"
#include "core/hcl.hpp"
#include "policy/policy.hpp"

namespace vtoken::cmd {
namespace {

using Lines = std::vector<std::string>;

// Paths that are only written to, and never hold anything: such a request is an update, whatever it makes.
constexpr std::array<std::string_view, 17> kUpdated = {
    "auth/token/create",      "auth/token/create-orphan",   "auth/token/lookup",         "auth/token/lookup-accessor",
    "auth/token/renew",       "auth/token/renew-self",      "auth/token/renew-accessor", "auth/token/revoke",
    "auth/token/revoke-self", "auth/token/revoke-accessor", "auth/token/revoke-orphan",  "auth/token/tidy",
    "sys/capabilities",       "sys/capabilities-self",      "sys/capabilities-accessor", "sys/wrapping/wrap",
    "sys/wrapping/rewrap"};
constexpr std::string_view kCreate = "auth/token/create";
constexpr std::string_view kByRole = "auth/token/create/";
constexpr std::string_view kAccessors = "auth/token/accessors";
constexpr std::string_view kRevokeOrphan = "auth/token/revoke-orphan";
constexpr std::string_view kRevokePrefix = "sys/leases/revoke-prefix/";

// Keys and capabilities that other servers, or other versions, know.
constexpr std::array<std::string_view, 8> kElsewhere = {
    "mfa_methods",   "pagination_limit", "list_scan_response_keys_filter_path",
    "control_group", "subscribe",        "subscribe_event_types",
    "recover",       "sentinel"};

// Servers take a policy in base64, too.
std::string plain_text(std::string_view text) {
  auto decoded = decode_base64(text);
  return decoded ? std::move(*decoded) : std::string(text);
}

bool holds(const hcl::List& list, std::string_view text) {
  return std::any_of(list.begin(), list.end(), [&](const hcl::Value& value) {
    const std::string* own = value.text();
    return own != nullptr && (*own == text || *own == "*");
  });
}

// One `path "…" { … }` as it is written.
struct Written {
  std::string path;  // without the one slash that servers take off
  bool has_old_policy = false;
  Lines capabilities;

  [[nodiscard]] bool may(std::string_view capability) const {
    return std::find(capabilities.begin(), capabilities.end(), capability) != capabilities.end();
  }
};

Written read(const hcl::Block& block) {
  Written rule;
  rule.path = std::string(block.label.starts_with('/') ? block.label.substr(1) : block.label);
  rule.has_old_policy = hcl::attribute(*block.body, "policy") != nullptr;
  const hcl::Value* given = hcl::attribute(*block.body, "capabilities");
  const hcl::List* list = given == nullptr ? nullptr : given->list();
  if (list == nullptr) return rule;
  for (const hcl::Value& value : *list) {
    if (value.text() != nullptr && !rule.may(*value.text())) rule.capabilities.push_back(*value.text());
  }
  return rule;
}

void doubt_path(std::string_view label, const Written& rule, Lines& doubts) {
  const std::string& path = rule.path;
  if (path.starts_with('/')) {
    doubts.emplace_back("it matches nothing, because no path begins with a slash");
  } else if (path.starts_with("v1/")) {
    doubts.push_back(fmt::format("the v1/ of a URL is no part of a path: {} is meant", go_quoted(path.substr(3))));
  } else if (label.starts_with('/')) {
    doubts.push_back(fmt::format("a path begins without a slash; it is taken for {}", go_quoted(path)));
  }
  const auto star = path.find('*');
  if (star != std::string::npos && star + 1 < path.size()) {
    doubts.emplace_back("a * is a wildcard at the end only, and this one is not at the end: + stands for one segment");
  }
  for (const std::string_view segment : split(std::string_view(path), '/')) {
    if (segment.size() > 1 && segment.starts_with('+')) {
      doubts.push_back(
          fmt::format("a + is a wildcard only when it is a whole segment, which {} is not", go_quoted(segment)));
    }
  }
}

void doubt_capabilities(const Written& rule, Lines& doubts) {
  if (rule.capabilities.empty()) {
    if (!rule.has_old_policy) doubts.emplace_back("it allows nothing, because it has no capabilities");
  } else if (rule.may("deny") && rule.capabilities.size() > 1) {
    doubts.emplace_back("deny takes away the other capabilities that stand beside it");
  } else if (rule.may("sudo") && rule.capabilities.size() == 1) {
    doubts.emplace_back("sudo alone allows nothing: read, list or what else the request needs has to stand beside it");
  }
}

void doubt_known(const Written& rule, Lines& doubts) {
  if (rule.may("deny") || rule.has_old_policy || rule.capabilities.empty()) return;
  if (only_updates(rule.path) && rule.may("create") && !rule.may("update")) {
    doubts.emplace_back("requests there need update, not create");
  }
  const std::string_view folder = rule.path.ends_with('/') ? std::string_view(rule.path).substr(0, rule.path.size() - 1)
                                                           : std::string_view(rule.path);
  if (folder == kAccessors && (rule.may("list") || rule.may("read")) && !(rule.may("list") && rule.may("sudo"))) {
    doubts.emplace_back("listing accessors needs both list and sudo");
  }
  if ((rule.path == kRevokeOrphan || rule.path.starts_with(kRevokePrefix)) && rule.may("update") && !rule.may("sudo")) {
    doubts.emplace_back("requests there need sudo as well as update");
  }
}

// Values are compared as they are sent.
void doubt_times(const Written& rule, const hcl::Object& body, Lines& doubts) {
  constexpr std::array<std::string_view, 3> kTimes = {"ttl", "explicit_max_ttl", "period"};
  if (rule.path != kCreate && !rule.path.starts_with(kByRole)) return;
  for (const std::string_view list : {"allowed_parameters", "denied_parameters"}) {
    const hcl::Value* given = hcl::attribute(body, list);
    if (given == nullptr || given->object() == nullptr) continue;
    for (const std::string_view name : kTimes) {
      const hcl::Value* values = hcl::attribute(*given->object(), name);
      if (values == nullptr || values->list() == nullptr) continue;
      for (const hcl::Value& value : *values->list()) {
        const auto time = value.text() == nullptr ? Result<Nanoseconds>(0) : parse_duration(*value.text());
        if (!time || *time == 0) continue;
        const std::string sent = go_duration(*time);
        if (holds(*values->list(), sent)) continue;
        doubts.push_back(fmt::format("commands send {} {} as {}, which {} does not name", name,
                                     go_quoted(*value.text()), go_quoted(sent), list));
      }
    }
  }
}

}  // namespace

bool only_updates(std::string_view path) {
  return std::find(kUpdated.begin(), kUpdated.end(), path) != kUpdated.end() ||
         (path.starts_with(kByRole) && path.size() > kByRole.size());
}

Lines policy_doubts(std::string_view text) {
  const std::string plain = plain_text(text);
  const auto parsed = hcl::parse(plain);
  if (!parsed) return {};
  const auto blocks = hcl::blocks(*parsed, "path");
  if (!blocks) return {};
  Lines lines;
  for (const hcl::Block& block : *blocks) {
    const Written rule = read(block);
    Lines doubts;
    doubt_path(block.label, rule, doubts);
    doubt_capabilities(rule, doubts);
    doubt_known(rule, doubts);
    doubt_times(rule, *block.body, doubts);
    for (const std::string& doubt : doubts) {
      lines.push_back(hcl::placed(block.at, fmt::format("path {}: {}", go_quoted(block.label), doubt)));
    }
  }
  return lines;
}

std::string policy_fault(std::string_view name, std::string_view text) {
  const std::string plain = plain_text(text);
  const auto parsed = policy::parse_policy(name, plain);
  if (parsed) return {};
  const std::string& message = parsed.error().message;
  if (plain.size() > hcl::kLongest) return {};  // servers take more
  const bool elsewhere = std::any_of(kElsewhere.begin(), kElsewhere.end(), [&](std::string_view word) {
    return message.find(fmt::format("\"{}\"", word)) != std::string::npos ||
           message.find(fmt::format(" {} is not supported", word)) != std::string::npos;
  });
  return elsewhere ? std::string() : message;
}

}  // namespace vtoken::cmd
