// A policy: read, formatted, read again, and asked.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/json.hpp"
#include "fuzz.hpp"
#include "policy/acl.hpp"
#include "policy/format.hpp"
#include "policy/policy.hpp"

namespace vtoken::policy {
namespace {

bool same(const hcl::Value& a, const hcl::Value& b);

bool same(const hcl::Item& a, const hcl::Item& b) { return a.keys == b.keys && same(a.value, b.value); }

template <class Range>
bool same_all(const Range& a, const Range& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) { return same(x, y); });
}

bool same(const hcl::Value& a, const hcl::Value& b) {
  if (a.value.index() != b.value.index()) return false;
  if (a.list() != nullptr) return same_all(*a.list(), *b.list());
  if (a.object() != nullptr) return same_all(a.object()->items, b.object()->items);
  if (a.number() != nullptr) return a.number()->text == b.number()->text;
  if (a.text() != nullptr) return *a.text() == *b.text();
  return a.boolean() == nullptr || *a.boolean() == *b.boolean();
}

bool same(const Parameters& a, const Parameters& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return x.first == y.first && same_all(x.second, y.second); });
}

bool same(const Rule& a, const Rule& b) {
  const Permissions& x = a.permissions;
  const Permissions& y = b.permissions;
  return a.path == b.path && a.prefix == b.prefix && a.segments == b.segments && a.templated == b.templated &&
         a.expiration == b.expiration && x.capabilities == y.capabilities && same(x.allowed, y.allowed) &&
         same(x.denied, y.denied) && x.required == y.required && x.min_wrapping_ttl == y.min_wrapping_ttl &&
         x.max_wrapping_ttl == y.max_wrapping_ttl;
}

void ask(const Acl& acl, std::string_view path) {
  const Json data = {{"a", "b"}, {"b", 1}, {"c", {"d", true}}};
  for (const auto operation :
       {Operation::create, Operation::read, Operation::update, Operation::erase, Operation::list}) {
    const Verdict verdict = acl.ask({operation, path, &data, kSecond});
    fuzz::require(!verdict.sudo || operation == Operation::list || acl.sudo(path));
  }
  const auto names = acl.capabilities(path);
  fuzz::require(!names.empty() && std::is_sorted(names.begin(), names.end()));
}

void check(std::string_view text) {
  const auto policy = parse_policy("p", text);
  if (!policy) {
    fuzz::require(policy.error().kind == ErrorKind::usage && !policy.error().message.empty());
    return;
  }
  const Acl acl({&*policy, &*policy}, 0);
  for (const Rule& rule : policy->rules) {
    ask(acl, rule.path);
    ask(acl, rule.path + "/x");
  }
  ask(acl, text.substr(0, 64));
  const auto formatted = format_policy(text);
  if (!formatted) {
    fuzz::require(formatted.error().kind == ErrorKind::usage);
    return;
  }
  // The usual form has no carriage return, not even within the ${…} of a path: the real command drops it there, too.
  if (text.find('\r') != std::string_view::npos) return;
  const auto again = parse_policy("p", *formatted);
  fuzz::require(again && policy->rules.size() == again->rules.size());
  for (std::size_t i = 0; i < policy->rules.size(); ++i) fuzz::require(same(policy->rules[i], again->rules[i]));
}

}  // namespace
}  // namespace vtoken::policy

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  vtoken::policy::check({reinterpret_cast<const char*>(data), size});
  return 0;
}
