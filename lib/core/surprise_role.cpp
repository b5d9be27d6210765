#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/duration.hpp"
#include "base/text.hpp"
#include "core/json.hpp"
#include "core/surprise.hpp"

namespace vtoken {
namespace {

constexpr std::array<std::string_view, 4> kIgnored = {"token_ttl", "token_max_ttl", "token_policies",
                                                      "token_strictly_bind_ip"};
// Old names, which a server may show under the new one only.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kRenamed = {
    {{"period", "token_period"}, {"explicit_max_ttl", "token_explicit_max_ttl"}, {"bound_cidrs", "token_bound_cidrs"}}};

bool is_length(std::string_view name) { return name.ends_with("ttl") || name.ends_with("period"); }

std::string text_of(const Json& value) {
  if (value.is_string()) return std::string(value.get_ref<const SecretString&>().view());
  return std::string(dump_json(value).view());
}

// The items of a list, or of a text with commas, sorted.
Lines items_of(const Json& value) {
  Lines items;
  const auto take = [&](std::string_view item) {
    if (std::string one = lower(trimmed(item)); !one.empty()) items.push_back(std::move(one));
  };
  if (value.is_array()) {
    for (const Json& item : value) take(text_of(item));
  } else if (!value.is_null()) {
    const std::string text = text_of(value);
    for (const std::string_view item : split(text, ',')) take(item);
  }
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  return items;
}

// Whole seconds; nothing when it is no length of time.
std::optional<std::int64_t> seconds_of(const Json& value) {
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_null()) return 0;
  if (!value.is_string()) return std::nullopt;
  const auto length = parse_duration(trimmed(value.get_ref<const SecretString&>().view()));
  if (!length) return std::nullopt;
  return *length / kSecond;
}

std::optional<std::int64_t> number_of(const Json& value) {
  if (value.is_number_integer()) return value.get<std::int64_t>();
  const std::string given = text_of(value);
  const std::string_view text = trimmed(given);
  std::int64_t number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<bool> truth_of(const Json& value) {
  if (value.is_boolean()) return value.get<bool>();
  const std::string given = text_of(value);
  const std::string text = lower(trimmed(given));
  for (const std::string_view yes : {"1", "t", "true"}) {
    if (text == yes) return true;
  }
  for (const std::string_view no : {"0", "f", "false", ""}) {
    if (text == no) return false;
  }
  return std::nullopt;
}

// A value that a server need not keep to have heeded it.
bool says_nothing(std::string_view name, const Json& value) {
  if (value.is_null() || value == Json(false)) return true;
  if (value.is_array()) return items_of(value).empty();
  if (value.is_object()) return value.empty();
  const std::string given = text_of(value);
  const std::string_view text = trimmed(given);
  return text.empty() || text == "0" || text == "false" || (is_length(name) && seconds_of(value) == 0);
}

bool is_same(std::string_view name, const Json& given, const Json& kept) {
  if (kept.is_array() || (kept.is_null() && given.is_array())) return items_of(given) == items_of(kept);
  if (kept.is_null()) return says_nothing(name, given);
  if (kept.is_boolean()) return truth_of(given) == kept.get<bool>();
  if (is_length(name)) return seconds_of(given) == seconds_of(kept);
  if (kept.is_number()) return number_of(given) == number_of(kept);
  const std::string text = text_of(given);
  return trimmed(text) == text_of(kept);
}

std::string shown(std::string_view name, const Json& value) {
  if (value.is_array()) return fmt::format("[{}]", fmt::join(items_of(value), " "));
  const auto seconds = is_length(name) ? seconds_of(value) : std::nullopt;
  return seconds ? human_duration(*seconds * kSecond) : text_of(value);
}

const Json* find_kept(const Json& kept, std::string_view name) {
  if (const Json* found = find_member(kept, name)) return found;
  for (const auto& [old_name, new_name] : kRenamed) {
    if (name == old_name) return find_member(kept, new_name);
  }
  return nullptr;
}

std::string not_kept(std::string_view name) {
  if (name == "token_ttl" || name == "token_max_ttl") {
    return fmt::format(
        "The role does not keep {}: servers ignore it, and its tokens live as long as the system lets "
        "them. Limit them with `create -ttl`, or service tokens with {}",
        name, name == "token_ttl" ? "token_period" : "token_explicit_max_ttl");
  }
  if (name == "token_policies") {
    return "The role does not keep token_policies: servers ignore it. Name the policies with allowed_policies";
  }
  return fmt::format("The role does not keep {}: the server has no such parameter", name);
}

bool mentions(const Lines& said, std::string_view name) {
  return std::any_of(said.begin(), said.end(),
                     [&](const std::string& line) { return line.find(name) != std::string::npos; });
}

}  // namespace

Lines ignored_role_parameters(const Json& given) {
  Lines lines;
  if (!given.is_object()) return lines;
  for (const auto& [name, value] : given.items()) {
    const bool ignored = std::find(kIgnored.begin(), kIgnored.end(), name.view()) != kIgnored.end();
    if (ignored && !says_nothing(name.view(), value)) lines.push_back(not_kept(name.view()));
  }
  return lines;
}

Lines role_surprises(const Json& given, const Json& kept, const Lines& said) {
  Lines lines;
  if (!given.is_object() || !kept.is_object()) return lines;
  for (const auto& [key, value] : given.items()) {
    const std::string_view name = key.view();
    if (name == "name" || name == "role_name" || mentions(said, name)) continue;
    const Json* found = find_kept(kept, name);
    if (found == nullptr) {
      if (!says_nothing(name, value)) lines.push_back(not_kept(name));
    } else if (!is_same(name, value, *found)) {
      lines.push_back(
          fmt::format("The role keeps {}={}, not {} as was given", name, shown(name, *found), shown(name, value)));
    }
  }
  return lines;
}

}  // namespace vtoken
