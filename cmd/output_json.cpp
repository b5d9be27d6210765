#include "cmd/output_json.hpp"

#include <fmt/format.h>

#include <ostream>

#include "cmd/output_go.hpp"
#include "cmd/output_time.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kLineSeparator = "\xe2\x80\xa8";
constexpr std::string_view kParagraphSeparator = "\xe2\x80\xa9";

void append_json_byte(SecretString& out, char c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  const bool plain = static_cast<unsigned char>(c) >= 0x20 && c != '<' && c != '>' && c != '&';
  if (plain) {
    out += c;
  } else {
    out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
  }
}

// In quotes; bytes that are not UTF-8 become U+FFFD. Go's escapes differ from nlohmann's in some controls.
void append_quoted(SecretString& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) {
      out += "\\ufffd";
    } else if (length == 1) {
      append_json_byte(out, text.front());
    } else if (const auto sequence = text.substr(0, length); sequence == kLineSeparator) {
      out += "\\u2028";
    } else if (sequence == kParagraphSeparator) {
      out += "\\u2029";
    } else {
      out += sequence;
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
}

void write_texts(JsonWriter& json, std::string_view name, const std::optional<std::vector<std::string>>& texts) {
  json.name(name);
  if (!texts) {
    json.null();
    return;
  }
  json.open('[');
  for (const std::string& text : *texts) json.text(text);
  json.close(']');
}

void write_mfa(JsonWriter& json, const Json& requirement) {
  json.open('{');
  const auto id = text_member(requirement, "mfa_request_id");
  if (!id.empty()) json.name("mfa_request_id").text(id);
  const Json* constraints = find_member(requirement, "mfa_constraints");
  if (constraints != nullptr && !constraints->empty()) json.name("mfa_constraints").value(*constraints);
  json.close('}');
}

void write_auth(JsonWriter& json, const Auth& auth) {
  json.open('{');
  json.name("client_token").text(auth.client_token.view());
  json.name("accessor").text(auth.accessor);
  write_texts(json, "policies", auth.policies);
  write_texts(json, "token_policies", auth.token_policies);
  write_texts(json, "identity_policies", auth.identity_policies);
  json.name("metadata");
  if (auth.metadata) {
    json.open('{');
    for (const auto& [key, value] : *auth.metadata) json.name(key).text(value);
    json.close('}');
  } else {
    json.null();
  }
  json.name("orphan").flag(auth.orphan);
  json.name("entity_id").text(auth.entity_id);
  json.name("lease_duration").number(auth.lease_duration);
  json.name("renewable").flag(auth.renewable);
  json.name("mfa_requirement");
  if (auth.mfa_requirement == nullptr) {
    json.null();
  } else {
    write_mfa(json, *auth.mfa_requirement);
  }
  json.close('}');
}

void write_wrap_info(JsonWriter& json, const WrapInfo& info) {
  json.open('{');
  json.name("token").text(info.token.view());
  json.name("accessor").text(info.accessor);
  json.name("ttl").number(info.ttl);
  json.name("creation_time").text(rfc3339_text(info.creation_time));
  json.name("creation_path").text(info.creation_path);
  json.name("wrapped_accessor").text(info.wrapped_accessor);
  json.close('}');
}

}  // namespace

void JsonWriter::new_line() {
  if (layout_ == JsonLayout::line) return;
  out_ += '\n';
  out_.append(2 * depth_, ' ');
}

void JsonWriter::begin_value() {
  if (after_name_) {
    after_name_ = false;
    return;
  }
  if (!first_) out_ += ',';
  first_ = false;
  if (depth_ > 0) new_line();
}

JsonWriter& JsonWriter::open(char bracket) {
  begin_value();
  out_ += bracket;
  ++depth_;
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  --depth_;
  if (!first_) new_line();
  first_ = false;
  out_ += bracket;
  return *this;
}

JsonWriter& JsonWriter::name(std::string_view name) {
  begin_value();
  append_quoted(out_, name);
  out_ += layout_ == JsonLayout::line ? ":" : ": ";
  after_name_ = true;
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
  begin_value();
  append_quoted(out_, value);
  return *this;
}

JsonWriter& JsonWriter::number(std::int64_t value) {
  begin_value();
  out_ += fmt::to_string(value);
  return *this;
}

JsonWriter& JsonWriter::flag(bool value) {
  begin_value();
  out_ += value ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::null() {
  begin_value();
  out_ += "null";
  return *this;
}

JsonWriter& JsonWriter::value(const Json& value) {
  if (value.is_object()) {
    open('{');
    for (const auto& [key, item] : value.items()) name(key.view()).value(item);
    return close('}');
  }
  if (value.is_array()) {
    open('[');
    for (const Json& item : value) this->value(item);
    return close(']');
  }
  if (value.is_string()) return text(value.get_ref<const SecretString&>().view());
  begin_value();
  out_ += literal_text(value);
  return *this;
}

SecretString json_text(const Json& value) {
  SecretString out;
  JsonWriter(out).value(value);
  return out;
}

SecretString answer_json(const Answer& answer) {
  SecretString out;
  JsonWriter json(out);
  json.open('{');
  json.name("request_id").text(answer.request_id);
  json.name("lease_id").text(answer.lease_id);
  json.name("lease_duration").number(answer.lease_duration);
  json.name("renewable").flag(answer.renewable);
  json.name("data");
  answer.data == nullptr ? json.null() : json.value(*answer.data);
  write_texts(json, "warnings", answer.warnings);
  if (answer.auth) {
    json.name("auth");
    write_auth(json, *answer.auth);
  }
  if (answer.wrap_info) {
    json.name("wrap_info");
    write_wrap_info(json, *answer.wrap_info);
  }
  json.close('}');
  return out;
}

SecretString answer_line(const Answer& answer) {
  if (answer.data != nullptr) return dump_json(*answer.data);
  SecretString out;
  JsonWriter json(out, JsonLayout::line);
  if (answer.auth) {
    out.reserve(512);
    write_auth(json, *answer.auth);
  } else if (answer.wrap_info) {
    write_wrap_info(json, *answer.wrap_info);
  }
  return out;
}

void write_key_json(std::ostream& out, const KeyList& keys) {
  bool first = true;
  SecretString line;
  keys.for_each([&](std::string_view key) {
    line = first ? "[\n  " : ",\n  ";
    append_quoted(line, key);
    out.write(line.data(), static_cast<std::streamsize>(line.size()));
    first = false;
    return true;
  });
  out << (first ? "[]\n" : "\n]\n");
}

}  // namespace vtoken::cmd
