#include "cmd/inspect_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/duration.hpp"
#include "base/hex.hpp"
#include "base/text.hpp"
#include "cmd/inputs.hpp"
#include "token/base64url.hpp"

namespace vtoken::cmd {
namespace {

SecretBytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

std::optional<SecretBytes> from_hex(std::string_view text) {
  if (text.size() != 2 * kKeySize) return std::nullopt;
  SecretBytes bytes;
  bytes.reserve(kKeySize);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_digit(text[i]);
    const int low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<unsigned char>(16 * high + low));
  }
  return bytes;
}

// Standard or for URLs, padded or not.
std::optional<SecretBytes> from_base64(std::string_view text) {
  const std::size_t end = text.find_last_not_of('=');
  SecretString url(text.substr(0, end == std::string_view::npos ? 0 : end + 1));
  std::replace(url.begin(), url.end(), '+', '-');
  std::replace(url.begin(), url.end(), '/', '_');
  auto bytes = decode_base64url(url.view());
  if (!bytes || (bytes->size() != kKeySize && !is_uuid(as_text(*bytes)))) return std::nullopt;
  return bytes;
}

// Of a key that has the size for AES-256.
std::optional<AesGcm> cipher_of(const SecretBytes& key) {
  if (key.size() != kKeySize) return std::nullopt;
  return AesGcm(KeyView(key.data(), kKeySize));
}

void check_sealed(const LooseKey& key, Inspection& inspection, bool keep_plaintext) {
  KeyFacts& facts = inspection.keys;
  const BatchEnvelope& envelope = *inspection.token.batch;
  const auto cipher = cipher_of(key.bytes);
  if (!cipher) {
    facts.sealed = "unknown: the key is a UUID, which signs tokens and seals none";
    return;
  }
  auto contents = open_batch(envelope, *cipher);
  if (contents) {
    facts.is_genuine = true;
    facts.contents = std::move(*contents);
    if (keep_plaintext) facts.plaintext = cipher->open(as_text(envelope.sealed), "");
  } else if (contents.error().kind == ErrorKind::wrong_key) {
    facts.is_genuine = false;
    facts.sealed = "unknown: the key does not open it";
  } else {
    facts.sealed = "unknown: " + contents.error().message;
  }
}

}  // namespace

Result<LooseKey> read_loose_key(const Context& context, const std::string& path) {
  const auto content = read_secret_file(context, path);
  if (!content) return tl::unexpected(content.error());
  if (content->size() == kKeySize) return LooseKey{bytes_of(content->view())};
  const std::string_view text = trimmed(content->view());
  if (is_uuid(text)) return LooseKey{bytes_of(text)};
  if (auto bytes = from_hex(text)) return LooseKey{std::move(*bytes)};
  if (auto bytes = from_base64(text)) return LooseKey{std::move(*bytes)};
  return fail(ErrorKind::usage, "no key: it should hold 32 bytes, 64 hexadecimal digits, base64 of 32 bytes, or a UUID",
              path == "-" ? "standard input" : path);
}

void check_with(const LooseKey& key, Inspection& inspection, bool keep_plaintext) {
  KeyFacts& facts = inspection.keys;
  facts.checker = Checker::key_file;
  if (inspection.token.ssc) facts.is_genuine = verify_ssc(*inspection.token.ssc, Hmac(key.bytes));
  if (inspection.token.batch) check_sealed(key, inspection, keep_plaintext);
}

void check_with(const TokenKeys& keys, Inspection& inspection, bool keep_plaintext) {
  KeyFacts& facts = inspection.keys;
  facts.checker = Checker::store;
  if (inspection.token.ssc) facts.is_genuine = keys.verify(*inspection.token.ssc);
  if (!inspection.token.batch) return;
  const BatchEnvelope& envelope = *inspection.token.batch;
  auto contents = keys.open(envelope);
  if (contents) {
    facts.is_genuine = true;
    facts.contents = std::move(*contents);
    if (keep_plaintext) facts.plaintext = keys.unseal(envelope);
  } else if (contents.error().kind == ErrorKind::wrong_key) {
    facts.is_genuine = false;
    facts.sealed = fmt::format("unknown: this store's key of term {} does not open it", *inspection.token.key_term);
  } else {
    facts.sealed = "unknown: " + contents.error().message;
  }
}

void take_own_life(Inspection& inspection, Nanoseconds now) {
  KeyFacts& facts = inspection.keys;
  const BatchEntry& entry = *facts.contents;
  Nanoseconds end = 0;
  if (__builtin_mul_overflow(entry.creation_time, kSecond, &end) || __builtin_add_overflow(end, entry.ttl, &end)) {
    facts.unknown = "unknown: the token ends beyond the year 2262";
    return;
  }
  facts.ttl = end > now ? (end - now) / kSecond : 0;
  facts.expire_time = format_time(end);
}

}  // namespace vtoken::cmd
