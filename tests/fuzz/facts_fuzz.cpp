// What a lookup tells, read in one pass, against what a tree of the whole answer holds.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/json.hpp"
#include "fuzz.hpp"
#include "sweep/facts.hpp"
#include "sweep/filter.hpp"

namespace {

using namespace vtoken;

std::vector<std::string> texts(const Json& data, std::string_view name) {
  std::vector<std::string> out;
  const Json* list = find_member(data, name);
  if (list == nullptr || !list->is_array()) return out;
  for (const Json& item : *list) {
    if (item.is_string()) out.emplace_back(item.get_ref<const SecretString&>().view());
  }
  return out;
}

std::optional<std::int64_t> number(const Json& data, std::string_view name) {
  const Json* member = find_member(data, name);
  if (member == nullptr || !member->is_number_integer()) return std::nullopt;
  if (member->is_number_unsigned() && member->get<std::uint64_t>() > INT64_MAX) return std::nullopt;
  return member->get<std::int64_t>();
}

void compare(const sweep::TokenFacts& facts, const Json& data) {
  fuzz::require(facts.accessor == text_member(data, "accessor"));
  fuzz::require(facts.display_name == text_member(data, "display_name"));
  fuzz::require(facts.path == text_member(data, "path"));
  fuzz::require(facts.type == text_member(data, "type"));
  fuzz::require(facts.entity_id == text_member(data, "entity_id"));
  fuzz::require(facts.policies == texts(data, "policies"));
  fuzz::require(facts.identity_policies == texts(data, "identity_policies"));
  fuzz::require(facts.creation_time == number(data, "creation_time"));
  fuzz::require(facts.ttl == number(data, "ttl"));
  const Json* orphan = find_member(data, "orphan");
  fuzz::require(facts.orphan == (orphan != nullptr && orphan->is_boolean() && orphan->get<bool>()));
  for (const auto& [key, value] : facts.metadata) {
    const Json* meta = find_member(data, "meta");
    fuzz::require(meta != nullptr && value == text_member(*meta, key));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto facts = sweep::read_facts(body);
  const auto whole = parse_json(body);
  // The tree has a limit of its own on how much there is.
  if (!whole) {
    fuzz::require(!facts || size > 1'000'000);
    return 0;
  }
  const Json* members = find_member(*whole, "data");
  fuzz::require(facts.has_value() == (members != nullptr && members->is_object()));
  if (!facts) return 0;
  compare(*facts, *members);

  // A filter made of a token's texts is read again from what it writes.
  const sweep::Filter filter{.policies = facts->policies,
                             .paths = {facts->path},
                             .display_names = {facts->display_name},
                             .metadata = facts->metadata,
                             .created_before = facts->creation_time};
  const auto again = sweep::read_filter(filter.canonical());
  fuzz::require(again && again->canonical() == filter.canonical());
  fuzz::require(again->matches(*facts) == filter.matches(*facts));
  fuzz::require(filter.described().find('\n') == std::string::npos);
  return 0;
}
