#include "policy/parameters.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "core/json.hpp"

namespace vtoken::policy {
namespace {

constexpr std::string_view kAny = "*";

// A lone star is itself here.
bool matches(std::string_view pattern, std::string_view text) {
  return pattern == kAny ? text == kAny : matches_outer_glob(pattern, text);
}

std::string_view view(const Json& text) { return text.get_ref<const SecretString&>().view(); }

// Without `*`. Objects within objects are lists to HCL, and never the same as what JSON has there.
bool same(const hcl::Value& mine, const Json& theirs, bool in_object) {
  if (const auto* text = mine.text()) return theirs.is_string() && view(theirs) == *text;
  if (const auto* boolean = mine.boolean()) return theirs.is_boolean() && theirs.get<bool>() == *boolean;
  if (const auto* list = mine.list()) {
    return theirs.is_array() && std::equal(list->begin(), list->end(), theirs.begin(), theirs.end(),
                                           [](const hcl::Value& a, const Json& b) { return same(a, b, false); });
  }
  const auto* object = mine.object();
  if (object == nullptr || in_object || !theirs.is_object() || object->items.size() != theirs.size()) return false;
  return std::all_of(object->items.begin(), object->items.end(), [&theirs](const hcl::Item& item) {
    const Json* member = item.keys.size() == 1 ? find_member(theirs, item.keys.front()) : nullptr;
    return member != nullptr && same(item.value, *member, true);
  });
}

// No values stand for any.
bool listed(const hcl::List& values, const Json& value) {
  return values.empty() || std::any_of(values.begin(), values.end(), [&value](const hcl::Value& one) {
           const auto* pattern = one.text();
           return pattern != nullptr && value.is_string() ? matches(*pattern, view(value)) : same(one, value, false);
         });
}

bool has_required(const Permissions& permissions, const Json* data) {
  return std::all_of(permissions.required.begin(), permissions.required.end(), [data](const std::string& name) {
    return data != nullptr && find_member(*data, lower(name)) != nullptr;
  });
}

bool denied(const Parameters& parameters, const Json& data) {
  if (parameters.empty()) return false;
  if (parameters.contains(kAny)) return true;
  for (const auto& [name, value] : data.items()) {
    const auto found = parameters.find(lower(name.view()));
    if (found != parameters.end() && listed(found->second, value)) return true;
  }
  return false;
}

bool allowed(const Parameters& parameters, const Json& data) {
  if (parameters.empty()) return true;
  const bool any = parameters.contains(kAny);
  if (any && parameters.size() == 1) return true;
  for (const auto& [name, value] : data.items()) {
    const auto found = parameters.find(lower(name.view()));
    if (found == parameters.end() ? !any : !listed(found->second, value)) return false;
  }
  return true;
}

}  // namespace

bool parameters_allowed(const Permissions& permissions, const Json* data) {
  if (!has_required(permissions, data)) return false;
  if (data == nullptr || data->empty()) return true;
  return !denied(permissions.denied, *data) && allowed(permissions.allowed, *data);
}

}  // namespace vtoken::policy
