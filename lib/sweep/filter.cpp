#include "sweep/filter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string_view>

#include "base/duration.hpp"
#include "base/text.hpp"
#include "base/timestamp.hpp"
#include "core/json.hpp"

namespace vtoken::sweep {
namespace {

using Texts = std::vector<std::string>;
using Pairs = std::vector<std::pair<std::string, std::string>>;
using Number = std::optional<std::int64_t>;

// What a token does not have, no pattern matches: -role=* is all that a role has made.
bool any_matches(const Texts& patterns, std::string_view text) {
  return !text.empty() && std::any_of(patterns.begin(), patterns.end(),
                                      [text](const std::string& pattern) { return matches_glob(pattern, text); });
}

// Names of policies have no case.
bool has_policy(const Texts& patterns, const Texts& names) {
  return std::any_of(names.begin(), names.end(), [&patterns](const std::string& name) {
    return std::any_of(patterns.begin(), patterns.end(), [small = lower(name)](const std::string& pattern) {
      return matches_glob(lower(pattern), small);
    });
  });
}

bool has_metadata(const Pairs& wanted, const Pairs& metadata) {
  return std::all_of(wanted.begin(), wanted.end(), [&metadata](const auto& one) {
    return std::any_of(metadata.begin(), metadata.end(), [&one](const auto& other) {
      return one.first == other.first && matches_glob(one.second, other.second);
    });
  });
}

bool is_as_old(const Filter& filter, const TokenFacts& token) {
  if (filter.created_before && !(token.creation_time && *token.creation_time < *filter.created_before)) return false;
  return !filter.created_after || (token.creation_time && *token.creation_time >= *filter.created_after);
}

bool lives_as_long(const Filter& filter, const TokenFacts& token) {
  if (token.endless) return !filter.ttl_less_than;
  if (filter.ttl_less_than && !(token.ttl && *token.ttl < *filter.ttl_less_than)) return false;
  return !filter.ttl_greater_than || (token.ttl && *token.ttl > *filter.ttl_greater_than);
}

// In quotes where it would run together with what is around it.
std::string shown(std::string_view text) {
  const auto is_plain = [](char c) {
    return static_cast<unsigned char>(c) > ' ' && c != 0x7f && c != '"' && c != ',' && c != '\\';
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), is_plain)) return std::string(text);
  SecretString quoted;
  append_json_text(quoted, text);
  return std::string(quoted.view());
}

// "a, b or c".
std::string alternatives(const Texts& texts, std::string_view last_word = "or") {
  std::string out;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i > 0) out += i + 1 == texts.size() ? fmt::format(" {} ", last_word) : ", ";
    out += shown(texts[i]);
  }
  return out;
}

// As many as there can be.
Nanoseconds nanoseconds(std::int64_t seconds) {
  constexpr std::int64_t kMost = std::numeric_limits<Nanoseconds>::max() / kSecond;
  return std::clamp(seconds, -kMost, kMost) * kSecond;
}

// A list in JSON whose order and repetitions mean nothing.
Json texts_json(Texts texts) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return texts;
}

Json pairs_json(Pairs pairs) {
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  Json out = Json::array();
  for (const auto& [key, value] : pairs) out.push_back(Texts{key, value});
  return out;
}

// The kinds that are lists, and those that are numbers, under the names that canonical() gives them.
template <class Self, class Take>
void each_list(Self& filter, const Take& take) {
  take("policies", filter.policies);
  take("roles", filter.roles);
  take("paths", filter.paths);
  take("display_names", filter.display_names);
  take("entity_ids", filter.entity_ids);
}

template <class Self, class Take>
void each_number(Self& filter, const Take& take) {
  take("created_before", filter.created_before);
  take("created_after", filter.created_after);
  take("ttl_less_than", filter.ttl_less_than);
  take("ttl_greater_than", filter.ttl_greater_than);
}

// Lenient: what comes out is compared with what went in.
Filter filter_of(const Json& json) {
  Filter filter;
  each_list(filter, [&json](std::string_view name, Texts& texts) {
    if (const Json* list = find_member(json, name)) texts = list_texts(list);
  });
  each_number(filter, [&json](std::string_view name, Number& number) {
    if (find_member(json, name) != nullptr) number = number_member(json, name);
  });
  if (const Json* pairs = find_member(json, "metadata"); pairs != nullptr && pairs->is_array()) {
    for (const Json& pair : *pairs) {
      Texts texts = list_texts(&pair);
      if (texts.size() == 2) filter.metadata.emplace_back(std::move(texts[0]), std::move(texts[1]));
    }
  }
  if (find_member(json, "type") != nullptr) filter.type = text_member(json, "type");
  if (const Json* orphan = find_member(json, "orphan"); orphan != nullptr && orphan->is_boolean())
    filter.orphan = orphan->get<bool>();
  filter.all = find_member(json, "all") != nullptr;
  return filter;
}

}  // namespace

bool Filter::empty() const noexcept {
  return policies.empty() && roles.empty() && paths.empty() && display_names.empty() && metadata.empty() &&
         entity_ids.empty() && !type && !orphan && !created_before && !created_after && !ttl_less_than &&
         !ttl_greater_than && !all;
}

bool Filter::matches(const TokenFacts& token) const {
  if (type && *type != token.type) return false;
  if (orphan && *orphan != token.orphan) return false;
  if (!is_as_old(*this, token) || !lives_as_long(*this, token)) return false;
  if (!roles.empty() && !any_matches(roles, token.role)) return false;
  if (!paths.empty() && !any_matches(paths, token.path)) return false;
  if (!display_names.empty() && !any_matches(display_names, token.display_name)) return false;
  if (!entity_ids.empty() && std::find(entity_ids.begin(), entity_ids.end(), token.entity_id) == entity_ids.end())
    return false;
  if (!has_metadata(metadata, token.metadata)) return false;
  return policies.empty() || has_policy(policies, token.policies) || has_policy(policies, token.identity_policies);
}

std::string Filter::described() const {
  Texts parts;
  const auto add = [&parts](std::string_view kind, const Texts& texts) {
    if (!texts.empty()) parts.push_back(fmt::format("{} {}", kind, alternatives(texts)));
  };
  add("policy", policies);
  add("role", roles);
  add("path", paths);
  add("display name", display_names);
  Texts pairs;
  for (const auto& [key, value] : metadata) pairs.push_back(fmt::format("{}={}", key, value));
  if (!pairs.empty()) parts.push_back("metadata " + alternatives(pairs, "and"));
  add("entity", entity_ids);
  if (type) parts.push_back("type " + shown(*type));
  if (orphan) parts.emplace_back(*orphan ? "orphan" : "not orphan");
  const auto time = [](std::int64_t seconds) { return format_time(nanoseconds(seconds)); };
  if (created_before) parts.push_back("created before " + time(*created_before));
  if (created_after) parts.push_back("created at or after " + time(*created_after));
  const auto length = [](std::int64_t seconds) { return human_duration(nanoseconds(seconds)); };
  if (ttl_less_than) parts.push_back("less than " + length(*ttl_less_than) + " to live");
  if (ttl_greater_than) parts.push_back("more than " + length(*ttl_greater_than) + " to live");
  if (parts.empty()) return all ? "every token" : "no filter";
  return fmt::format("{}", fmt::join(parts, ", and "));
}

std::string Filter::canonical() const {
  Json json = Json::object();
  each_list(*this, [&json](std::string_view name, const Texts& texts) {
    if (!texts.empty()) json[SecretString(name)] = texts_json(texts);
  });
  each_number(*this, [&json](std::string_view name, const Number& number) {
    if (number) json[SecretString(name)] = *number;
  });
  if (!metadata.empty()) json["metadata"] = pairs_json(metadata);
  if (type) json["type"] = SecretString(*type);
  if (orphan) json["orphan"] = *orphan;
  if (all) json["all"] = true;
  return std::string(dump_json(json).view());
}

Result<Filter> read_filter(std::string_view canonical) {
  if (const auto json = parse_json(canonical)) {
    Filter filter = filter_of(*json);
    if (filter.canonical() == canonical) return filter;
  }
  return fail(ErrorKind::damaged, "this is not a filter as vtoken writes it");
}

Result<std::int64_t> parse_moment(std::string_view text, Nanoseconds now) {
  const bool is_number = text.find_first_not_of("0123456789") == std::string_view::npos;
  if (!is_number) {
    if (const auto time = parse_time(text)) return *time / kSecond;
    // A sign would be lost on most readers.
    const auto age = parse_duration(text);
    if (age && *age >= 0 && text.front() != '+' && text.front() != '-')
      return std::max(now - *age, Nanoseconds{0}) / kSecond;
  }
  return fail(
      ErrorKind::usage,
      fmt::format("{} is neither a point of time nor an age: write it as 2026-11-22T10:00:00Z, or as 90s, 2h or "
                  "3d for so long ago",
                  shown(text)));
}

}  // namespace vtoken::sweep
