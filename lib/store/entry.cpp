#include "store/entry.hpp"

#include <algorithm>
#include <protozero/buffer_string.hpp>
#include <protozero/pbf_builder.hpp>
#include <protozero/pbf_message.hpp>

#include "token/wire.hpp"

namespace vtoken::store {
namespace {

using wire::number_field;
using wire::text_field;

enum class Field : protozero::pbf_tag_type {
  accessor = 1,
  policy = 2,
  path = 3,
  meta = 4,
  has_meta = 5,
  display_name = 6,
  role = 7,
  entity_id = 8,
  bound_cidr = 9,
  creation_time = 10,
  issue_time = 11,
  last_renewal = 12,
  ttl = 13,
  explicit_max_ttl = 14,
  period = 15,
  renewable = 16,
  lease_ttl = 17,
  num_uses = 18
};

enum class PairField : protozero::pbf_tag_type { key = 1, value = 2 };

void decode_pair(protozero::pbf_message<PairField> message, StringMap& map) {
  std::string key;
  std::string value;
  while (message.next()) {
    switch (message.tag_and_type()) {
      case text_field(PairField::key): key = message.get_string(); break;
      case text_field(PairField::value): value = message.get_string(); break;
      default: message.skip();
    }
  }
  map[key] = value;
}

void decode_field(protozero::pbf_message<Field>& message, TokenEntry& entry) {
  switch (message.tag_and_type()) {
    case text_field(Field::accessor): entry.accessor = message.get_string(); break;
    case text_field(Field::policy): entry.policies.push_back(message.get_string()); break;
    case text_field(Field::path): entry.path = message.get_string(); break;
    case text_field(Field::meta):
      if (!entry.meta) entry.meta.emplace();
      decode_pair(protozero::pbf_message<PairField>(message.get_message()), *entry.meta);
      break;
    case number_field(Field::has_meta):
      if (message.get_bool() && !entry.meta) entry.meta.emplace();
      break;
    case text_field(Field::display_name): entry.display_name = message.get_string(); break;
    case text_field(Field::role): entry.role = message.get_string(); break;
    case text_field(Field::entity_id): entry.entity_id = message.get_string(); break;
    case text_field(Field::bound_cidr): entry.bound_cidrs.push_back(message.get_string()); break;
    case number_field(Field::creation_time): entry.creation_time = message.get_int64(); break;
    case number_field(Field::issue_time): entry.issue_time = message.get_int64(); break;
    case number_field(Field::last_renewal): entry.last_renewal = message.get_int64(); break;
    case number_field(Field::ttl): entry.ttl = message.get_int64(); break;
    case number_field(Field::explicit_max_ttl): entry.explicit_max_ttl = message.get_int64(); break;
    case number_field(Field::period): entry.period = message.get_int64(); break;
    case number_field(Field::renewable): entry.renewable = message.get_bool(); break;
    case number_field(Field::lease_ttl): entry.lease_ttl = message.get_int64(); break;
    case number_field(Field::num_uses): entry.num_uses = message.get_int64(); break;
    default: message.skip();
  }
}

}  // namespace

bool TokenEntry::is_root() const { return std::find(policies.begin(), policies.end(), "root") != policies.end(); }

SecretString encode_entry(const TokenEntry& entry) {
  std::string bytes;
  protozero::pbf_builder<Field> builder(bytes);
  const auto add_text = [&builder](Field field, const std::string& text) {
    if (!text.empty()) builder.add_string(field, text);
  };
  const auto add_number = [&builder](Field field, std::int64_t number) {
    if (number != 0) builder.add_int64(field, number);
  };
  add_text(Field::accessor, entry.accessor);
  for (const auto& policy : entry.policies) builder.add_string(Field::policy, policy);
  add_text(Field::path, entry.path);
  if (entry.meta) {
    builder.add_bool(Field::has_meta, true);
    for (const auto& [key, value] : *entry.meta) {
      protozero::pbf_builder<PairField> pair(builder, Field::meta);
      pair.add_string(PairField::key, key);
      pair.add_string(PairField::value, value);
    }
  }
  add_text(Field::display_name, entry.display_name);
  add_text(Field::role, entry.role);
  add_text(Field::entity_id, entry.entity_id);
  for (const auto& cidr : entry.bound_cidrs) builder.add_string(Field::bound_cidr, cidr);
  add_number(Field::creation_time, entry.creation_time);
  add_number(Field::issue_time, entry.issue_time);
  add_number(Field::last_renewal, entry.last_renewal);
  add_number(Field::ttl, entry.ttl);
  add_number(Field::explicit_max_ttl, entry.explicit_max_ttl);
  add_number(Field::period, entry.period);
  add_number(Field::lease_ttl, entry.lease_ttl);
  add_number(Field::num_uses, entry.num_uses);
  if (entry.renewable) builder.add_bool(Field::renewable, true);
  SecretString out(bytes.data(), bytes.size());
  wipe(bytes.data(), bytes.size());
  return out;
}

std::optional<TokenEntry> decode_entry(std::string_view bytes) {
  try {
    TokenEntry entry;
    protozero::pbf_message<Field> message(bytes.data(), bytes.size());
    while (message.next()) decode_field(message, entry);
    return entry;
  } catch (const protozero::exception&) {
    return std::nullopt;
  }
}

}  // namespace vtoken::store
