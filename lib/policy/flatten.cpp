#include "policy/flatten.hpp"

#include <algorithm>
#include <utility>

namespace vtoken::policy {
namespace {

bool is_object(const hcl::Value& value) { return value.object() != nullptr; }

bool only_objects(const hcl::Value& value) {
  if (const auto* list = value.list()) return !list->empty() && std::all_of(list->begin(), list->end(), is_object);
  const auto* object = value.object();
  return object != nullptr && !object->items.empty() &&
         std::all_of(object->items.begin(), object->items.end(),
                     [](const hcl::Item& item) { return is_object(item.value); });
}

// Appends the item, or what it falls into.
void spread(hcl::Item item, std::vector<hcl::Item>& out) {
  if (!only_objects(item.value)) {
    out.push_back(std::move(item));
  } else if (auto* list = std::get_if<hcl::List>(&item.value.value)) {
    for (auto& element : *list) spread({item.keys, std::move(element), item.at}, out);
  } else {
    for (auto& inner : std::get<hcl::Object>(item.value.value).items) {
      auto keys = item.keys;
      keys.insert(keys.end(), inner.keys.begin(), inner.keys.end());
      spread({std::move(keys), std::move(inner.value), inner.at}, out);
    }
  }
}

void flatten_value(hcl::Value& value) {
  if (auto* object = std::get_if<hcl::Object>(&value.value)) {
    *object = flatten(std::move(*object));
  } else if (auto* list = std::get_if<hcl::List>(&value.value)) {
    std::erase_if(*list, [](const hcl::Value& element) { return element.boolean() != nullptr; });
    for (auto& element : *list) flatten_value(element);
  }
}

}  // namespace

hcl::Object flatten(hcl::Object object) {
  hcl::Object result;
  for (auto& item : object.items) spread(std::move(item), result.items);
  for (auto& item : result.items) flatten_value(item.value);
  return result;
}

}  // namespace vtoken::policy
