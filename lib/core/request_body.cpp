#include "core/request_body.hpp"

#include <fmt/format.h>

#include "core/json.hpp"

namespace vtoken {

void RequestBody::quoted(std::string_view value) { append_json_text(body_, value); }

void RequestBody::member(std::string_view name) {
  if (body_.size() > 1) body_ += ',';
  quoted(name);
  body_ += ':';
}

RequestBody& RequestBody::text(std::string_view name, std::string_view value) {
  member(name);
  quoted(value);
  return *this;
}

RequestBody& RequestBody::number(std::string_view name, std::int64_t value) {
  member(name);
  body_ += fmt::to_string(value);
  return *this;
}

RequestBody& RequestBody::flag(std::string_view name, bool value) {
  member(name);
  body_ += value ? "true" : "false";
  return *this;
}

RequestBody& RequestBody::texts(std::string_view name, const std::vector<std::string>& values) {
  member(name);
  body_ += '[';
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) body_ += ',';
    quoted(values[i]);
  }
  body_ += ']';
  return *this;
}

RequestBody& RequestBody::texts(std::string_view name, const std::map<std::string, std::string>& values) {
  member(name);
  char before = '{';
  for (const auto& [key, value] : values) {
    body_ += before;
    quoted(key);
    body_ += ':';
    quoted(value);
    before = ',';
  }
  if (values.empty()) body_ += '{';
  body_ += '}';
  return *this;
}

SecretString RequestBody::finish() {
  body_ += '}';
  return std::move(body_);
}

}  // namespace vtoken
