#include "cmd/inspection_jwt.hpp"

#include "base/duration.hpp"
#include "base/timestamp.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

std::shared_ptr<const Json> read_object(const SecretBytes& bytes) {
  auto json = parse_json(as_text(bytes));
  if (!json || !json->is_object()) return nullptr;
  return std::make_shared<const Json>(std::move(*json));
}

}  // namespace

void read_claims(Inspection& inspection, Nanoseconds now) {
  JwtFacts& jwt = inspection.jwt.emplace();
  if (!inspection.token.jwt) return;
  jwt.header = read_object(inspection.token.jwt->header);
  jwt.claims = read_object(inspection.token.jwt->claims);
  if (jwt.claims == nullptr) return;
  jwt.is_wrapping = text_member(*jwt.claims, "type") == "wrapping" && !text_member(*jwt.claims, "jti").empty();
  if (jwt.is_wrapping) inspection.token.type = TokenType::service;
  const std::int64_t end = number_member(*jwt.claims, "exp");
  if (end <= 0 || end > kLatestSecond) return;
  const std::int64_t left = end - now / kSecond;
  inspection.keys.ttl = left > 0 ? left : 0;
  inspection.keys.expire_time = format_time(end * kSecond);
}

}  // namespace vtoken::cmd
