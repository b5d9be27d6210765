#include "token/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "token/base64url.hpp"
#include "token/explain_parts.hpp"

namespace vtoken {
namespace {

std::string_view prefix_meaning(TokenType type, std::string_view prefix) {
  const bool is_short = prefix.size() == 2;
  switch (type) {
    case TokenType::service:
      return is_short ? "a service token of Vault before 1.10, or of OpenBao" : "a service token";
    case TokenType::batch: return is_short ? "a batch token of Vault before 1.10, or of OpenBao" : "a batch token";
    case TokenType::recovery:
      return is_short ? "a recovery token of Vault before 1.10, or of OpenBao" : "a recovery token";
    default: return "";
  }
}

// What the text is between prefix and namespace.
std::string body_name(TokenFormat format) {
  switch (format) {
    case TokenFormat::ssc:
    case TokenFormat::batch: return "base64url";
    case TokenFormat::accessor: return "accessor";
    case TokenFormat::uuid: return "UUID";
    case TokenFormat::unknown: return "custom id";
    default: return "id";
  }
}

void add_run(TokenLayer& layer, std::size_t from, std::size_t to, TokenPart part) {
  if (from >= to) return;
  part.at = from;
  part.size = to - from;
  layer.parts.push_back(std::move(part));
}

std::string characters(std::size_t count) { return count == 1 ? "1 character" : fmt::format("{} characters", count); }

SecretBytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

// Where a namespace's suffix begins: its dot, or the text's end.
std::size_t namespace_start(std::string_view text, const DecodedToken& token) {
  const std::size_t dot = text.rfind('.');
  if (!token.namespace_id || dot == std::string_view::npos || dot < token.prefix.size()) return text.size();
  return text.substr(dot + 1) == *token.namespace_id ? dot : text.size();
}

// The text, in prefix, body and namespace; from a fault in it on, all is damaged.
TokenLayer text_layer(std::string_view text, const DecodedToken& token) {
  TokenLayer layer{"text", bytes_of(text), {}};
  const std::size_t start = token.prefix.size();
  const std::size_t end = namespace_start(text, token);
  const std::string name = body_name(token.format);
  add_run(layer, 0, start, {0, 0, 0, "prefix", std::string(prefix_meaning(token.type, token.prefix)), false, false});
  const bool in_text = token.fault && token.fault->unit == TokenFault::Unit::character;
  const std::size_t wrong = in_text ? std::max(token.fault->at, start) : text.size();
  const std::size_t sound = std::min(wrong, end);
  add_run(layer, start, sound, {0, 0, 0, name, characters(sound - start), true, false});
  if (wrong < end) add_run(layer, wrong, end, {0, 0, 0, name, token.fault->reason, true, true});
  if (end < text.size()) {
    add_run(layer, end, text.size(),
            {0, 0, 0, "namespace", "its id: " + *token.namespace_id, false, wrong < text.size()});
  }
  return layer;
}

// Each part of a JWT, and the dots between them.
TokenLayer jwt_text_layer(std::string_view text, const DecodedToken& token) {
  static constexpr std::array<std::string_view, 3> kNames{"header, base64url", "claims, base64url",
                                                          "signature, base64url"};
  TokenLayer layer{"text", bytes_of(text), {}};
  std::size_t at = 0;
  for (std::size_t i = 0; i < kNames.size() && at <= text.size(); ++i) {
    const bool is_last = i + 1 == kNames.size();
    const std::size_t end = is_last ? text.size() : std::min(text.find('.', at), text.size());
    add_run(layer, at, end, {0, 0, 0, std::string(kNames[i]), characters(end - at), i != 0, false});
    add_run(layer, end, std::min(end + 1, text.size()),
            {0, 0, 0, "dot", "ends the " + std::string(kNames[i].substr(0, kNames[i].find(','))), false, false});
    at = end + 1;
  }
  if (token.fault) explain::mark_damaged(layer.parts, token.fault->at);
  return layer;
}

void add_whole(std::vector<TokenLayer>& layers, std::string name, SecretBytes bytes, std::string_view meaning,
               bool secret) {
  if (bytes.empty()) return;
  TokenLayer layer{name + " (JSON)", std::move(bytes), {}};
  add_run(layer, 0, layer.bytes.size(), {0, 0, 0, std::move(name), std::string(meaning), secret, false});
  layers.push_back(std::move(layer));
}

void add_jwt(std::string_view text, std::vector<TokenLayer>& layers) {
  Jwt jwt;
  static_cast<void>(read_jwt(text, jwt));
  add_whole(layers, "header", std::move(jwt.header), "how it is signed", false);
  add_whole(layers, "claims", std::move(jwt.claims), "of a wrapping token, jti is an id that works as the token", true);
}

SecretBytes decoded_body(std::string_view text, const DecodedToken& token) {
  SecretBytes bytes;
  std::string_view body = text.substr(token.prefix.size());
  static_cast<void>(decode_base64url(body.substr(0, body.find('.')), bytes));
  return bytes;
}

std::string cipher_meaning(unsigned version) {
  switch (version) {
    case 1: return "1: AES-256-GCM, nothing but the plaintext authenticated";
    case 2: return "2: AES-256-GCM, the storage path (here empty) authenticated too";
    default: return fmt::format("{}: not known", version);
  }
}

TokenLayer envelope_layer(SecretBytes bytes, const std::optional<TokenFault>& fault) {
  TokenLayer layer{"envelope", std::move(bytes), {}};
  const SecretBytes& all = layer.bytes;
  const std::size_t size = all.size();
  std::uint32_t term = 0;
  for (std::size_t i = 0; i < kBatchTermSize && i < size; ++i) term = term << 8U | all[i];
  const auto part = [&](std::size_t from, std::size_t to, std::string_view name, std::string meaning, bool secret) {
    const std::size_t there = std::min(to, size);
    if (there < to) meaning = fmt::format("{} of {} bytes", there - std::min(from, there), to - from);
    add_run(layer, from, there, {0, 0, 0, std::string(name), std::move(meaning), secret, there < to});
  };
  part(0, kBatchTermSize, "key term", fmt::format("{}, big endian", term), false);
  part(kBatchTermSize, kBatchHeaderSize, "cipher version",
       size > kBatchTermSize ? cipher_meaning(all[kBatchTermSize]) : "", false);
  part(kBatchHeaderSize, kBatchHeaderSize + kNonceSize, "nonce", "12 bytes", false);
  const std::size_t sealed = kBatchHeaderSize + kNonceSize;
  if (size < sealed + kTagSize) {
    part(sealed, sealed + kTagSize, "tag", "", true);
  } else {
    const std::size_t tag = size - kTagSize;
    part(sealed, tag, "ciphertext", fmt::format("{} bytes: TokenEntry (protobuf), sealed", tag - sealed), true);
    part(tag, size, "tag", "16 bytes: authenticates all of it", true);
  }
  if (fault && fault->unit == TokenFault::Unit::byte) explain::mark_damaged(layer.parts, fault->at);
  return layer;
}

}  // namespace

std::vector<TokenLayer> explain_token(std::string_view text) {
  const std::string_view whole = trimmed(text, kWhiteSpace);
  std::vector<TokenLayer> layers;
  if (whole.empty()) return layers;
  const DecodedToken token = decode_token(whole);
  layers.push_back(token.format == TokenFormat::jwt ? jwt_text_layer(whole, token) : text_layer(whole, token));
  if (token.format == TokenFormat::jwt) add_jwt(whole, layers);
  if (token.format == TokenFormat::ssc) layers.push_back(explain::signed_layer(decoded_body(whole, token)));
  if (token.format == TokenFormat::batch) layers.push_back(envelope_layer(decoded_body(whole, token), token.fault));
  return layers;
}

}  // namespace vtoken
