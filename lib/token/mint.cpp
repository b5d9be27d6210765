#include "token/mint.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>

#include "base/hex.hpp"
#include "token/base62.hpp"
#include "token/base64url.hpp"
#include "token/prefix.hpp"
#include "token/ssc.hpp"

namespace vtoken {
namespace {

constexpr std::size_t kUuidSize = 16;

std::optional<std::string> refusal(const MintSettings& settings) {
  if (settings.format == TokenFormat::unknown) return "there is no token of the format \"unknown\" to make";
  if (settings.format == TokenFormat::ssc && settings.legacy_prefix) return "an SSC token has no older prefix";
  if (!is_base62(settings.random)) return "the id holds a character that is not base62";
  if (!is_base62(settings.namespace_id)) return "the namespace's id holds a character that is not base62";
  if (settings.namespace_id.size() > kLongestNamespaceId) {
    return fmt::format("the namespace's id is longer than {} characters", kLongestNamespaceId);
  }
  if (settings.format != TokenFormat::batch) return std::nullopt;
  if (settings.key_term == 0) return "key terms start at 1";
  if (settings.cipher_version != 1 && settings.cipher_version != 2) {
    return fmt::format("cipher version {}; there are 1 and 2", settings.cipher_version);
  }
  return std::nullopt;
}

SecretString id_of(const MintSettings& settings) {
  return settings.random.empty() ? random_base62(kTokenIdLength) : SecretString(settings.random);
}

// `prefix`, `body` and the namespace, if there is one.
SecretString joined(std::string_view prefix, std::string_view body, std::string_view namespace_id) {
  SecretString text;
  text.reserve(prefix.size() + body.size() + 1 + namespace_id.size());
  text.append(prefix).append(body);
  if (!namespace_id.empty()) text.append(".").append(namespace_id);
  return text;
}

// Namespaces came after UUIDs.
SecretString uuid() {
  std::array<unsigned char, kUuidSize> bytes{};
  random_bytes(bytes);
  SecretString text(to_uuid(bytes));
  wipe(bytes.data(), bytes.size());
  return text;
}

SecretString signed_text(const MintSettings& settings, KeyView key) {
  const SecretString id = joined(kServicePrefix, id_of(settings).view(), settings.namespace_id);
  return encode_ssc(id.view(), settings.local_index, settings.index_epoch, key);
}

SecretString sealed_text(const MintSettings& settings, KeyView key) {
  const SecretString text = seal_batch(settings.entry, settings.key_term, AesGcm(key), settings.cipher_version);
  const std::string_view body = text.view().substr(kBatchPrefix.size());
  return joined(settings.legacy_prefix ? kLegacyBatchPrefix : kBatchPrefix, body, settings.namespace_id);
}

// A server signs these with ES512; the key given here makes HS256 of it.
SecretString jwt(const MintSettings& settings, KeyView key) {
  const auto encode = [](std::string_view bytes, SecretString& out) {
    append_base64url({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()}, out);
  };
  SecretString claims(R"({"accessor":"","addr":"http://127.0.0.1:8200","exp":1700003600,"iat":1700000000,"jti":")");
  claims.append(joined(kServicePrefix, id_of(settings).view(), settings.namespace_id).view());
  claims.append(R"(","nbf":1699999995,"type":"wrapping"})");
  SecretString text;
  encode(R"({"alg":"HS256","typ":"JWT"})", text);
  text.append(".");
  encode(claims.view(), text);
  const Mac mac = hmac_sha256(key, text.view());
  text.append(".");
  append_base64url(mac, text);
  return text;
}

}  // namespace

Result<SecretString> mint_token(const MintSettings& settings, KeyView key) {
  if (auto reason = refusal(settings)) return fail(ErrorKind::usage, std::move(*reason));
  const std::string_view space = settings.namespace_id;
  switch (settings.format) {
    case TokenFormat::ssc: return signed_text(settings, key);
    case TokenFormat::batch: return sealed_text(settings, key);
    case TokenFormat::uuid: return uuid();
    case TokenFormat::jwt: return jwt(settings, key);
    case TokenFormat::legacy: return joined(kLegacyServicePrefix, id_of(settings).view(), space);
    case TokenFormat::accessor: return joined({}, id_of(settings).view(), space);
    case TokenFormat::recovery:
      return joined(settings.legacy_prefix ? kLegacyRecoveryPrefix : kRecoveryPrefix, id_of(settings).view(), space);
    default: return joined(kServicePrefix, id_of(settings).view(), space);
  }
}

}  // namespace vtoken
