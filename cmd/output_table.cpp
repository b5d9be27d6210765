#include "cmd/output_table.hpp"

#include <algorithm>
#include <limits>
#include <ostream>

#include "base/duration.hpp"
#include "cmd/output_go.hpp"
#include "cmd/output_time.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kGlue = "    ";
constexpr std::string_view kEmpty = "n/a";
constexpr std::uint64_t kMostSeconds = std::numeric_limits<std::int64_t>::max();

std::string_view cell_text(std::string_view text) {
  const auto trimmed = trim_space(text);
  return trimmed.empty() ? kEmpty : trimmed;
}

std::size_t count_runes(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

void append_row(SecretString& out, const std::vector<SecretString>& row, const std::vector<std::size_t>& widths) {
  for (std::size_t column = 0; column < row.size(); ++column) {
    const std::string_view text = cell_text(row[column].view());
    out += text;
    if (column + 1 == row.size()) break;
    const std::size_t runes = count_runes(text);
    if (runes < widths[column]) out.append(widths[column] - runes, ' ');
    out += kGlue;
  }
  out += '\n';
}

bool ends_with_any(std::string_view name, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return name == word ||
           (name.ends_with(word) && name.size() > word.size() && name[name.size() - word.size() - 1] == '_');
  });
}

bool looks_like_duration(std::string_view name) {
  return ends_with_any(name, {"period", "ttl", "duration"}) || name == "lease_max" || name == "ttl_max";
}

SecretString cell(const Json& value) {
  SecretString text;
  append_go_value(text, value);
  return text;
}

SecretString flag(bool value) { return value ? "true" : "false"; }

void add_mfa_rows(const Json& requirement, Rows& rows) {
  rows.push_back({"mfa_request_id", SecretString(text_member(requirement, "mfa_request_id"))});
  const Json* constraints = find_member(requirement, "mfa_constraints");
  if (constraints == nullptr || !constraints->is_object()) return;
  for (const auto& [name, constraint] : constraints->items()) {
    const Json* any = find_member(constraint, "any");
    if (any == nullptr || !any->is_array()) continue;
    for (const Json& method : *any) {
      const SecretString prefix = "mfa_constraint_" + name + "_" + SecretString(text_member(method, "type"));
      const Json* uses = find_member(method, "uses_passcode");
      rows.push_back({prefix + "_id", SecretString(text_member(method, "id"))});
      rows.push_back({prefix + "_uses_passcode", flag(uses != nullptr && uses->is_boolean() && uses->get<bool>())});
      const auto method_name = text_member(method, "name");
      if (!method_name.empty()) rows.push_back({prefix + "_name", SecretString(method_name)});
    }
  }
}

void add_auth_rows(const Auth& auth, Rows& rows) {
  if (auth.mfa_requirement != nullptr) return add_mfa_rows(*auth.mfa_requirement, rows);
  using Texts = std::vector<std::string>;
  rows.push_back({"token", auth.client_token});
  rows.push_back({"token_accessor", auth.accessor});
  rows.push_back({"token_duration", auth.lease_duration == 0 ? SecretString("∞") : human_seconds(auth.lease_duration)});
  rows.push_back({"token_renewable", flag(auth.renewable)});
  rows.push_back({"token_policies", go_quoted(auth.token_policies.value_or(Texts()))});
  rows.push_back({"identity_policies", go_quoted(auth.identity_policies.value_or(Texts()))});
  rows.push_back({"policies", go_quoted(auth.policies.value_or(Texts()))});
  if (!auth.metadata) return;
  for (const auto& [name, value] : *auth.metadata) rows.push_back({"token_meta_" + SecretString(name), value});
}

void add_wrap_rows(const WrapInfo& info, Rows& rows) {
  rows.push_back({"wrapping_token:", info.token});
  rows.push_back({"wrapping_accessor:", info.accessor});
  rows.push_back({"wrapping_token_ttl:", human_seconds(info.ttl)});
  rows.push_back({"wrapping_token_creation_time:", go_time_text(info.creation_time)});
  rows.push_back({"wrapping_token_creation_path:", info.creation_path});
  if (!info.wrapped_accessor.empty()) rows.push_back({"wrapped_accessor:", info.wrapped_accessor});
}

void add_members(const Json& object, Rows& rows) {
  if (!object.is_object()) return;
  for (const auto& [name, value] : object.items()) {
    rows.push_back({name, member_text(name.view(), value)});
  }
}

Rows with_header(Rows rows) {
  if (!rows.empty()) rows.insert(rows.begin(), {"Key", "Value"});
  return rows;
}

}  // namespace

SecretString member_text(std::string_view name, const Json& value) {
  const bool is_length = looks_like_duration(name) && value.is_number_integer() &&
                         !(value.is_number_unsigned() && value.get<std::uint64_t>() > kMostSeconds);
  return is_length ? human_seconds(value.get<std::int64_t>()) : cell(value);
}

SecretString human_seconds(std::int64_t seconds) {
  constexpr std::int64_t kMost = std::numeric_limits<Nanoseconds>::max() / kSecond;
  // Beyond 292 years Go's lengths wrap around; the number says more.
  if (seconds > kMost || seconds < -kMost) return SecretString(std::to_string(seconds));
  return SecretString(human_duration(seconds * kSecond));
}

SecretString render_table(const Rows& rows) {
  SecretString out;
  if (rows.empty()) return out;
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    if (widths.size() < row.size()) widths.resize(row.size());
    // Widths count bytes and padding counts characters: the real command's way, which shows beside an "∞".
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], cell_text(row[i].view()).size());
  }
  append_row(out, rows.front(), widths);
  std::vector<SecretString> dashes;
  for (const SecretString& name : rows.front()) dashes.emplace_back(name.size(), '-');
  append_row(out, dashes, widths);
  std::for_each(rows.begin() + 1, rows.end(), [&](const auto& row) { append_row(out, row, widths); });
  return out;
}

Rows object_rows(const Json& object) {
  Rows rows;
  add_members(object, rows);
  return with_header(std::move(rows));
}

Rows answer_rows(const Answer& answer) {
  Rows rows;
  if (answer.lease_duration > 0) {
    if (!answer.lease_id.empty()) {
      rows.push_back({"lease_id", answer.lease_id});
      rows.push_back({"lease_duration", human_seconds(answer.lease_duration)});
      rows.push_back({"lease_renewable", flag(answer.renewable)});
    } else {
      rows.push_back({"refresh_interval", human_seconds(answer.lease_duration)});
    }
  }
  if (answer.auth) add_auth_rows(*answer.auth, rows);
  if (answer.wrap_info) add_wrap_rows(*answer.wrap_info, rows);
  if (answer.data != nullptr) add_members(*answer.data, rows);
  return with_header(std::move(rows));
}

void write_key_table(std::ostream& out, const KeyList& keys) {
  if (keys.empty()) return;
  out << "Keys\n----\n";
  keys.for_each_sorted([&](std::string_view key) {
    out << cell_text(key) << '\n';
    return true;
  });
}

}  // namespace vtoken::cmd
