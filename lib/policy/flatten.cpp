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

Result<void> flatten_items(hcl::Object& object);

Result<void> flatten_list(hcl::List& list) {
  std::erase_if(list, [](const hcl::Value& element) { return element.boolean() != nullptr; });
  for (auto& element : list) {
    const auto refused = [&element](const char* what) {
      return hcl::wrong(element.at, std::string(what) + " cannot stand in a JSON list here");
    };
    if (element.list() != nullptr) return refused("a list");
    if (std::holds_alternative<std::nullptr_t>(element.value)) return refused("null");
    if (auto* object = std::get_if<hcl::Object>(&element.value)) {
      if (auto done = flatten_items(*object); !done) return done;
    }
  }
  return {};
}

Result<void> flatten_items(hcl::Object& object) {
  std::vector<hcl::Item> items;
  for (auto& item : object.items) spread(std::move(item), items);
  for (auto& item : items) {
    auto& value = item.value.value;
    Result<void> done;
    if (auto* inner = std::get_if<hcl::Object>(&value)) done = flatten_items(*inner);
    if (auto* list = std::get_if<hcl::List>(&value)) done = flatten_list(*list);
    if (!done) return done;
    if (std::holds_alternative<std::nullptr_t>(value)) value = std::string();
  }
  object.items = std::move(items);
  return {};
}

}  // namespace

Result<hcl::Object> flatten(hcl::Object object) {
  if (auto done = flatten_items(object); !done) return tl::unexpected(done.error());
  return object;
}

}  // namespace vtoken::policy
