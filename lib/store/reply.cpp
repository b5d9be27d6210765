#include "store/reply.hpp"

#include <array>

#include "base/crypto.hpp"
#include "base/hex.hpp"
#include "core/json.hpp"

namespace vtoken::store {
namespace {

void append_member(SecretString& body, std::string_view name, std::string_view text) {
  body += ",\"";
  body += name;
  body += "\":";
  body += text.empty() ? std::string_view("null") : text;
}

SecretString texts(const Warnings& warnings) {
  SecretString list;
  for (const auto& warning : warnings) {
    list += list.empty() ? '[' : ',';
    append_json_text(list, warning);
  }
  if (!list.empty()) list += ']';
  return list;
}

}  // namespace

std::string random_uuid() {
  std::array<unsigned char, 16> bytes{};
  random_bytes(bytes);
  return to_uuid(bytes);
}

Response reply(int status, std::string_view data, std::string_view auth, const Warnings& warnings) {
  Response response{status, {}, {}};
  SecretString& body = response.body;
  body.reserve(256 + data.size() + auth.size());
  body += R"({"request_id":")";
  body += random_uuid();
  body += R"(","lease_id":"","renewable":false,"lease_duration":0)";
  append_member(body, "data", data);
  append_member(body, "wrap_info", {});
  append_member(body, "warnings", texts(warnings).view());
  append_member(body, "auth", auth);
  body += "}\n";
  return response;
}

Response reply_data(const Json& data, const Warnings& warnings) {
  return reply(200, dump_json(data).view(), {}, warnings);
}

Response reply_done(const Warnings& warnings) {
  if (warnings.empty()) return {204, {}, {}};
  return reply(200, {}, {}, warnings);
}

Response reply_error(int status, std::string_view text) {
  Response response{status, SecretString("{\"errors\":["), {}};
  append_json_text(response.body, text);
  response.body += "]}\n";
  return response;
}

Response reply_raised(int status, std::string_view text) {
  return reply_error(status, "1 error occurred:\n\t* " + std::string(text) + "\n\n");
}

Response with_data_on_top(Response response) {
  auto body = parse_json(response.body.view());
  const Json* data = body ? find_member(*body, "data") : nullptr;
  if (data == nullptr || !data->is_object()) return response;
  Json whole = *data;
  for (const auto& [name, value] : body->items()) whole.emplace(name, value);
  response.body = dump_json(whole);
  response.body += '\n';
  return response;
}

Response reply_absent() { return {404, SecretString("{\"errors\":[]}\n"), {}}; }

Response reply_denied() { return reply_raised(403, "permission denied"); }

Response reply_bad_caller() { return reply_error(403, "permission denied"); }

}  // namespace vtoken::store
