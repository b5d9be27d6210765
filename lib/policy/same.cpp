#include "policy/same.hpp"

#include <algorithm>

namespace vtoken::policy {
namespace {

bool same(const hcl::Value& a, const hcl::Value& b);
bool same(const Rule& a, const Rule& b);

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

}  // namespace

bool same_rules(const Policy& a, const Policy& b) { return same_all(a.rules, b.rules); }

}  // namespace vtoken::policy
