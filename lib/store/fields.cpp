#include "store/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/duration.hpp"
#include "base/text.hpp"
#include "base/timestamp.hpp"
#include "core/json.hpp"
#include "store/go_text.hpp"

namespace vtoken::store {
namespace {

std::optional<SecretString> scalar_text(const Json& value) {
  if (value.is_null()) return SecretString();
  if (value.is_string()) return value.get<SecretString>();
  if (value.is_boolean()) return SecretString(value.get<bool>() ? "1" : "0");
  if (value.is_number() || value.is_binary()) return SecretString(literal_text(value));
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

const Json* Fields::find(std::string_view name) {
  known_.emplace_back(name);
  return find_member(body_, name);
}

bool Fields::has(std::string_view name) const { return find_member(body_, name) != nullptr; }

bool Fields::is_null(std::string_view name) const {
  const Json* value = find_member(body_, name);
  return value != nullptr && value->is_null();
}

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
  if (const auto text = scalar_text(*value)) {
    if (const auto parsed = parse_bool(text->view())) return parsed;
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
  if (value == nullptr || value->is_null()) return std::nullopt;
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
  const Nanoseconds seconds = *length / kSecond;
  if (seconds < 0) {
    refuse(name, "cannot provide negative value '" + std::to_string(seconds) + "'");
    return std::nullopt;
  }
  return seconds * kSecond;
}

// Two generations of the server's decoder are in use: the older one tells the values too.
std::optional<std::vector<std::string>> Fields::list(std::string_view name, const Json& value, bool by_older) {
  std::vector<std::string> items;
  if (value.is_null() || (value.is_structured() && value.empty())) return items;
  if (value.is_string() && value.get_ref<const SecretString&>().empty()) return items;
  std::string faults;
  std::size_t count = 0;
  const auto add = [&](const Json& item, std::size_t index) {
    if (const auto text = scalar_text(item)) {
      items.push_back(plain(*text));
      return;
    }
    ++count;
    faults += fmt::format("\n{}'[{}]' expected type 'string', got unconvertible type '{}'", by_older ? "* " : "", index,
                          go_type(item));
    if (by_older) faults += fmt::format(", value: '{}'", go_value(item));
  };
  if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) add(value[i], i);
  } else {
    add(value, 0);
  }
  if (count == 0) return items;
  const std::string start =
      by_older ? fmt::format("{} error(s) decoding:\n", count) : "decoding failed due to the following error(s):\n";
  refuse(name, start + faults);
  return std::nullopt;
}

std::optional<Nanoseconds> Fields::time(std::string_view name) {
  const Json* value = find(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  const bool number = value->is_number() || value->is_binary();
  if (!number && !value->is_string()) {
    refuse(name, "could not parse time from input type");
    return std::nullopt;
  }
  const std::string text = number ? literal_text(*value) : plain(value->get<SecretString>());
  if (const auto seconds = text.empty() ? std::nullopt : parse_integer(text)) {
    constexpr std::int64_t kLast = std::numeric_limits<Nanoseconds>::max() / kSecond;
    return std::clamp<std::int64_t>(*seconds, -kLast, kLast) * kSecond;
  }
  if (!number) {
    if (const auto point = parse_time(text)) return *point;
  }
  refuse(name, number ? integer_fault(text) : "could not parse string as date and time");
  return std::nullopt;
}

std::optional<std::vector<std::string>> Fields::strings(std::string_view name) {
  const Json* value = find(name);
  if (value == nullptr) return std::nullopt;
  return list(name, *value, false);
}

std::optional<std::vector<std::string>> Fields::comma_strings(std::string_view name) {
  const Json* value = find(name);
  if (value == nullptr) return std::nullopt;
  const auto raw = list(name, *value, true);
  if (!raw) return std::nullopt;
  std::vector<std::string> items;
  const auto add = [&items](std::string_view part) { items.emplace_back(trimmed(part)); };
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
        // What is no map of texts is read as a list, which is what the server complains about.
        (void)list(name, Json::array({*value}), false);
        return std::nullopt;
      }
      map[plain(key)] = plain(*text);
    }
    return map;
  }
  if (value->is_string() && value->get_ref<const SecretString&>().empty()) {
    refuse(name, fmt::format("invalid key pair at index 0 in field \"{}\"", name));
    return std::nullopt;
  }
  // A list of nothings is nothing.
  const bool nothing = value->is_array() && !value->empty() &&
                       std::all_of(value->begin(), value->end(), [](const Json& item) { return item.is_null(); });
  if (nothing) return std::nullopt;
  const auto items = list(name, *value, false);
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
