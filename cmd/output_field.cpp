// One field of an answer: -field=NAME.
#include <fmt/format.h>

#include <optional>
#include <ostream>
#include <span>

#include "cmd/field_path.hpp"
#include "cmd/output.hpp"
#include "cmd/output_go.hpp"
#include "cmd/output_json.hpp"
#include "cmd/output_time.hpp"
#include "cmd/output_yaml.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

// A list that a server left out is still a field: an empty one. As JSON it is null.
struct Field {
  Json value;
  bool absent_list = false;
};
using MaybeField = std::optional<Field>;

MaybeField text(std::string_view value) { return Field{Json(SecretString(value))}; }

MaybeField texts(const std::optional<std::vector<std::string>>& values) {
  Json list = Json::array();
  for (const std::string& value : values.value_or(std::vector<std::string>())) list.push_back(SecretString(value));
  return Field{std::move(list), !values};
}

MaybeField value_at(const Json* value) {
  if (value == nullptr || value->is_null()) return std::nullopt;
  return Field{*value};
}

MaybeField data_field(const Answer& answer, std::string_view name) {
  if (answer.data == nullptr) return std::nullopt;
  return value_at(find_member(*answer.data, name));
}

MaybeField auth_field(const Auth& auth, std::string_view name) {
  if (name == "token") return text(auth.client_token.view());
  if (name == "token_accessor") return text(auth.accessor);
  if (name == "token_duration") return Field{Json(auth.lease_duration)};
  if (name == "token_renewable") return Field{Json(auth.renewable)};
  if (name == "token_policies") return texts(auth.token_policies);
  if (name == "identity_policies") return texts(auth.identity_policies);
  if (name == "policies") return texts(auth.policies);
  return std::nullopt;
}

MaybeField wrap_field(const WrapInfo& info, std::string_view name) {
  if (name == "wrapping_token") return text(info.token.view());
  if (name == "wrapping_accessor") return text(info.accessor);
  if (name == "wrapping_token_ttl") return Field{Json(info.ttl)};
  if (name == "wrapping_token_creation_time") return text(rfc3339_text(info.creation_time));
  if (name == "wrapping_token_creation_path") return text(info.creation_path);
  if (name == "wrapped_accessor") return text(info.wrapped_accessor);
  return std::nullopt;
}

MaybeField envelope_field(const Answer& answer, std::string_view name) {
  if (name == "lease_duration" || name == "refresh_interval") return Field{Json(answer.lease_duration)};
  if (name == "lease_id") return text(answer.lease_id);
  if (name == "request_id") return text(answer.request_id);
  if (name == "renewable") return Field{Json(answer.renewable)};
  if (name != "data" || answer.data == nullptr || answer.data->contains("data")) return std::nullopt;
  return Field{*answer.data};
}

MaybeField find_field(const Answer& answer, std::string_view name) {
  MaybeField found = answer.auth        ? auth_field(*answer.auth, name)
                     : answer.wrap_info ? wrap_field(*answer.wrap_info, name)
                                        : envelope_field(answer, name);
  return found ? found : data_field(answer, name);
}

// What a path leads to from a field that has a name of its own, or else in the answer as JSON.
MaybeField find_path(const Answer& answer, std::string_view path) {
  const auto steps = parse_field_path(path);
  if (!steps) return std::nullopt;
  const std::span<const FieldStep> all(*steps);
  if (const MaybeField first = find_field(answer, std::get<std::string>(all.front()))) {
    if (MaybeField found = value_at(follow_path(first->value, all.subspan(1)))) return found;
  }
  const auto whole = parse_json(answer_json(answer).view());
  return whole ? value_at(follow_path(*whole, all)) : std::nullopt;
}

Result<SecretString> field_text(const Field& field, Format format) {
  switch (format) {
    case Format::json:
    case Format::ndjson: return field.absent_list ? SecretString("null") : json_text(field.value);
    case Format::yaml: return field.absent_list ? SecretString("null\n") : yaml_text(field.value);
    case Format::pretty: return SecretString();
    case Format::table:
    case Format::env:
    case Format::raw: break;
  }
  SecretString text;
  append_go_value(text, field.value);
  return text;
}

int print_field(Output& output, const MaybeField& field, std::string_view name) {
  if (!field) {
    output.error(fmt::format("Field \"{}\" not present in secret", name));
    return 1;
  }
  const auto text = field_text(*field, output.options().field_is_raw ? Format::raw : output.format());
  if (!text) return output.failure("Error formatting output", text.error());
  std::ostream& out = output.streams().out;
  out.write(text->data(), static_cast<std::streamsize>(text->size()));
  if (output.streams().out_is_terminal) out << '\n';
  return 0;
}

}  // namespace

int Output::field(const Answer& answer, std::string_view name) {
  MaybeField found = find_field(answer, name);
  if (!found && options_.field_paths) found = find_path(answer, name);
  return print_field(*this, found, name);
}

int Output::field(const Json& object, std::string_view name) {
  MaybeField found = value_at(find_member(object, name));
  const auto steps = found || !options_.field_paths ? std::nullopt : parse_field_path(name);
  if (steps) found = value_at(follow_path(object, *steps));
  return print_field(*this, found, name);
}

}  // namespace vtoken::cmd
