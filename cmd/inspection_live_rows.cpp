#include "cmd/inspection_live_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/duration.hpp"
#include "base/timestamp.hpp"
#include "cmd/output_table.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

void add_new(RowList& rows, std::string_view name, std::string_view value) {
  if (!rows.has(name)) rows.add_text(name, value);
}

void add_texts(RowList& rows, std::string_view name, const Json& data, std::string_view member) {
  if (!rows.has(name)) rows.add_list(name, list_texts(find_member(data, member)));
}

void add_flag(RowList& rows, std::string_view name, const Json& data, std::string_view member) {
  const Json* value = find_member(data, member);
  if (value != nullptr && value->is_boolean()) add_new(rows, name, value->get<bool>() ? "yes" : "no");
}

// Lengths of 0 are for what is not set.
void add_length(RowList& rows, std::string_view name, const Json& data, std::string_view member) {
  const std::int64_t seconds = number_member(data, member);
  if (seconds != 0) add_new(rows, name, human_seconds(seconds).view());
}

void add_meta(RowList& rows, const Json& data) {
  const Json* meta = find_member(data, "meta");
  if (meta == nullptr || !meta->is_object()) return;
  std::string text;
  for (const auto& [key, value] : meta->items()) {
    text += fmt::format("{}{}={}", text.empty() ? "" : ", ", key.view(), member_text("", value).view());
  }
  add_new(rows, "Metadata", text);
}

void add_uses(RowList& rows, const Json& data) {
  const Json* uses = find_member(data, "num_uses");
  if (uses == nullptr || !uses->is_number_integer()) return;
  const auto left = uses->get<std::int64_t>();
  add_new(rows, "Uses left", left == 0 ? "no limit" : left < 0 ? "none (that was the last)" : std::to_string(left));
}

void add_data(RowList& rows, const Json& data) {
  add_texts(rows, "Policies", data, "policies");
  add_texts(rows, "Identity policies", data, "identity_policies");
  add_new(rows, "Accessor", text_member(data, "accessor"));
  add_new(rows, "Path", text_member(data, "path"));
  add_new(rows, "Namespace path", text_member(data, "namespace_path"));
  add_meta(rows, data);
  add_new(rows, "Display name", text_member(data, "display_name"));
  add_new(rows, "Entity", text_member(data, "entity_id"));
  add_new(rows, "Role", text_member(data, "role"));
  add_flag(rows, "Orphan", data, "orphan");
  add_flag(rows, "Renewable", data, "renewable");
  add_uses(rows, data);
  add_texts(rows, "Bound CIDRs", data, "bound_cidrs");
  if (const std::int64_t created = number_member(data, "creation_time"); created != 0) {
    add_new(rows, "Created", time_text(created));
  }
  if (const std::int64_t renewed = number_member(data, "last_renewal_time"); renewed != 0) {
    add_new(rows, "Last renewed", time_text(renewed));
  }
  add_length(rows, "Creation TTL", data, "creation_ttl");
  add_length(rows, "Explicit max TTL", data, "explicit_max_ttl");
  add_length(rows, "Period", data, "period");
}

void add_wrapping(RowList& rows, const Json& wrapping) {
  add_new(rows, "Wraps", fmt::format("the answer of {}", text_member(wrapping, "creation_path")));
  add_new(rows, "Wrapped at", text_member(wrapping, "creation_time"));
  add_length(rows, "Wrapped for", wrapping, "creation_ttl");
}

}  // namespace

void add_live(RowList& rows, const LiveFacts& live) {
  if (live.data != nullptr) add_data(rows, *live.data);
  if (live.wrapping != nullptr) add_wrapping(rows, *live.wrapping);
}

void add_claims(RowList& rows, const JwtFacts& jwt) {
  if (jwt.header != nullptr) add_new(rows, "Signature", text_member(*jwt.header, "alg"));
  if (jwt.claims == nullptr) return;
  const Json& claims = *jwt.claims;
  const std::string_view id = text_member(claims, "jti");
  if (!id.empty()) rows.add_secret("Id (jti)", id);
  const auto add_time = [&](std::string_view name, std::string_view member) {
    if (const std::int64_t time = number_member(claims, member); time != 0) add_new(rows, name, time_text(time));
  };
  add_new(rows, "Claimed type", text_member(claims, "type"));
  add_new(rows, "Server (addr)", text_member(claims, "addr"));
  add_new(rows, "Wrapped accessor", text_member(claims, "accessor"));
  add_new(rows, "Issuer (iss)", text_member(claims, "iss"));
  add_new(rows, "Subject (sub)", text_member(claims, "sub"));
  add_time("Issued (iat)", "iat");
  add_time("Not before (nbf)", "nbf");
}

std::string time_text(std::int64_t seconds) {
  return seconds > 0 && seconds <= kLatestSecond ? format_time(seconds * kSecond) : std::to_string(seconds);
}

}  // namespace vtoken::cmd
