#include "store/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/duration.hpp"
#include "base/text.hpp"
#include "core/json.hpp"

namespace vtoken::store {
namespace {

// What Go calls the types that JSON decodes to; servers print these names.
std::string go_type(const Json& value) {
  if (value.is_object()) return "map[string]interface {}";
  if (value.is_array()) return "[]interface {}";
  if (value.is_boolean()) return "bool";
  if (value.is_string()) return "string";
  return "json.Number";
}

std::optional<SecretString> scalar_text(const Json& value) {
  if (value.is_null()) return SecretString();
  if (value.is_string()) return value.get<SecretString>();
  if (value.is_boolean()) return SecretString(value.get<bool>() ? "1" : "0");
  if (value.is_number()) return value.dump();
  return std::nullopt;
}

std::string plain(const SecretString& text) { return {text.data(), text.size()}; }

std::optional<bool> parse_bool(std::string_view text) {
  for (const std::string_view yes : {"1", "t", "T", "TRUE", "true", "True"})
    if (text == yes) return true;
  for (const std::string_view no : {"", "0", "f", "F", "FALSE", "false", "False"})
    if (text == no) return false;
  return std::nullopt;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  if (text.empty()) return 0;
  if (text.front() == '+') text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string duration_fault(std::string_view text) {
  std::string_view rest = text;
  if (rest.starts_with('-') || rest.starts_with('+')) rest.remove_prefix(1);
  std::string what = "invalid duration";
  while (!rest.empty()) {
    const auto unit = rest.find_first_not_of("0123456789.");
    if (unit == 0) break;
    if (unit == std::string_view::npos) {
      what = "missing unit in duration";
      break;
    }
    rest.remove_prefix(unit);
    const auto end = std::min(rest.find_first_of("0123456789."), rest.size());
    const std::string_view name = rest.substr(0, end);
    constexpr std::array kUnits{"ns", "us", "µs", "μs", "ms", "s", "m", "h"};
    if (std::find(kUnits.begin(), kUnits.end(), name) == kUnits.end()) {
      what = fmt::format("unknown unit \"{}\" in duration", name);
      break;
    }
    rest.remove_prefix(end);
  }
  return fmt::format("time: {} \"{}\"", what, text);
}

const Json* Fields::find(std::string_view name) {
  known_.emplace_back(name);
  return find_member(body_, name);
}

bool Fields::has(std::string_view name) const { return find_member(body_, name) != nullptr; }

void Fields::refuse(std::string_view name, const std::string& why) {
  if (failure_) return;
  failure_ = prefix_ + "error converting input for field \"" + std::string(name) + "\": " + why;
}

std::optional<SecretString> Fields::text(std::string_view name) {
  const Json* value = find(name);
  if (value == nullptr) return std::nullopt;
  auto text = scalar_text(*value);
  if (!text) refuse(name, "'' expected type 'string', got unconvertible type '" + go_type(*value) + "'");
  return text;
}

std::optional<bool> Fields::boolean(std::string_view name) {
  const Json* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_null()) return false;
  if (value->is_boolean()) return value->get<bool>();
  if (value->is_number()) return value->get<double>() != 0;
  if (value->is_string()) {
    if (const auto parsed = parse_bool(value->get_ref<const SecretString&>().view())) return parsed;
    refuse(name, "'' cannot parse value as 'bool': strconv.ParseBool: invalid syntax");
  } else {
    refuse(name, "'' expected type 'bool', got unconvertible type '" + go_type(*value) + "'");
  }
  return std::nullopt;
}

std::optional<std::int64_t> Fields::integer(std::string_view name) {
  const Json* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_array() || value->is_object()) {
    refuse(name, "'' expected type 'int', got unconvertible type '" + go_type(*value) + "'");
    return std::nullopt;
  }
  if (const auto parsed = parse_integer(scalar_text(*value)->view())) return parsed;
  refuse(name, "'' cannot parse value as 'int': strconv.ParseInt: invalid syntax");
  return std::nullopt;
}

std::optional<Nanoseconds> Fields::duration(std::string_view name) {
  const Json* value = find(name);
  if (value == nullptr) return std::nullopt;
  const auto text = value->is_boolean() ? std::nullopt : scalar_text(*value);
  if (!text) {
    refuse(name, "could not parse duration from input");
    return std::nullopt;
  }
  const auto length = parse_duration(text->view());
  if (!length) {
    refuse(name, duration_fault(text->view()));
    return std::nullopt;
  }
  if (*length < 0) {
    refuse(name, "cannot provide negative value '" + plain(*text) + "'");
    return std::nullopt;
  }
  return *length / kSecond * kSecond;
}

std::optional<std::vector<std::string>> Fields::list(std::string_view name, const Json& value) {
  std::vector<std::string> items;
  const auto add = [&](const Json& item, std::size_t index) {
    const auto text = scalar_text(item);
    if (!text) {
      refuse(name, "decoding failed due to the following error(s):\n\n'[" + std::to_string(index) +
                       "]' expected type 'string', got unconvertible type '" + go_type(item) + "'");
      return false;
    }
    items.push_back(plain(*text));
    return true;
  };
  if (value.is_null()) return items;
  if (!value.is_array()) {
    if (value.is_string() && value.get_ref<const SecretString&>().empty()) return items;
    if (!add(value, 0)) return std::nullopt;
    return items;
  }
  for (std::size_t i = 0; i < value.size(); ++i)
    if (!add(value[i], i)) return std::nullopt;
  return items;
}

std::optional<std::vector<std::string>> Fields::strings(std::string_view name) {
  const Json* value = find(name);
  if (value == nullptr) return std::nullopt;
  return list(name, *value);
}

std::optional<std::vector<std::string>> Fields::comma_strings(std::string_view name) {
  const Json* value = find(name);
  if (value == nullptr) return std::nullopt;
  const auto raw = list(name, *value);
  if (!raw) return std::nullopt;
  std::vector<std::string> items;
  const auto add = [&items](std::string_view part) {
    if (const auto item = trimmed(part); !item.empty()) items.emplace_back(item);
  };
  if (value->is_array()) {
    for (const auto& item : *raw) add(item);
    return items;
  }
  for (const auto& text : *raw) {
    for (const std::string_view part : split(text, ',')) add(part);
  }
  return items;
}

std::optional<StringMap> Fields::pairs(std::string_view name) {
  const Json* value = find(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  StringMap map;
  if (value->is_object()) {
    for (const auto& [key, item] : value->items()) {
      const auto text = scalar_text(item);
      if (!text) {
        refuse(name, "'" + plain(key) + "' expected type 'string', got unconvertible type '" + go_type(item) + "'");
        return std::nullopt;
      }
      map[plain(key)] = plain(*text);
    }
    return map;
  }
  const auto items = list(name, *value);
  if (!items) return std::nullopt;
  for (std::size_t i = 0; i < items->size(); ++i) {
    const std::string& item = (*items)[i];
    const auto equals = item.find('=');
    if (equals == std::string::npos) {
      refuse(name, fmt::format("invalid key pair at index {} in field \"{}\"", i, name));
      return std::nullopt;
    }
    map[item.substr(0, equals)] = item.substr(equals + 1);
  }
  return map;
}

std::vector<std::string> Fields::unknown() const {
  std::vector<std::string> names;
  if (!body_.is_object()) return names;
  for (const auto& [key, value] : body_.items()) {
    if (std::find(known_.begin(), known_.end(), key.view()) == known_.end()) names.push_back(plain(key));
  }
  return names;
}

}  // namespace vtoken::store
