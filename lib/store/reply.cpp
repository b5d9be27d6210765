#include "store/reply.hpp"

#include <array>

#include "base/crypto.hpp"
#include "core/json.hpp"

namespace vtoken::store {
namespace {

Json texts(const Warnings& warnings) {
  if (warnings.empty()) return nullptr;
  Json list = Json::array();
  for (const auto& warning : warnings) list.push_back(warning);
  return list;
}

void append_json(SecretString& body, std::string_view name, const Json* value) {
  body += ",\"";
  body += name;
  body += "\":";
  if (value == nullptr) {
    body += "null";
  } else {
    body += dump_json(*value);
  }
}

}  // namespace

std::string random_uuid() {
  std::array<unsigned char, 16> bytes{};
  random_bytes(bytes);
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += kHex[bytes[i] >> 4U];
    text += kHex[bytes[i] & 15U];
  }
  return text;
}

Response reply(int status, const Json* data, const Json* auth, const Warnings& warnings) {
  Response response{status, {}, {}};
  SecretString& body = response.body;
  body.reserve(768);
  body += R"({"request_id":")";
  body += random_uuid();
  body += R"(","lease_id":"","renewable":false,"lease_duration":0)";
  append_json(body, "data", data);
  append_json(body, "wrap_info", nullptr);
  const Json warning_list = texts(warnings);
  append_json(body, "warnings", &warning_list);
  append_json(body, "auth", auth);
  body += "}\n";
  return response;
}

Response reply_done(const Warnings& warnings) {
  if (warnings.empty()) return {204, {}, {}};
  return reply(200, nullptr, nullptr, warnings);
}

Response reply_error(int status, std::string_view text) {
  Json body = {{"errors", Json::array({SecretString(text)})}};
  Response response{status, dump_json(body), {}};
  response.body += '\n';
  return response;
}

Response reply_raised(int status, std::string_view text) {
  return reply_error(status, "1 error occurred:\n\t* " + std::string(text) + "\n\n");
}

Response reply_denied() { return reply_raised(403, "permission denied"); }

Response reply_bad_caller() { return reply_error(403, "permission denied"); }

}  // namespace vtoken::store
