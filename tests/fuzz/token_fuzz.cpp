// A token's text, taken to pieces; and the same bytes as what the base64url of a token holds, where no fuzzer finds the
// way through the alphabet.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz.hpp"
#include "token/base64url.hpp"
#include "token/decode.hpp"
#include "token/explain.hpp"
#include "token/mask.hpp"
#include "token/ssc.hpp"

namespace {

using namespace vtoken;
using fuzz::require;

// Each byte has one name; the part where damage begins, or the end.
std::size_t walk(const TokenLayer& layer) {
  std::size_t at = 0;
  std::size_t damage = layer.bytes.size();
  for (const TokenPart& part : layer.parts) {
    require(part.at == at && part.size > 0 && !part.name.empty());
    if (part.damaged) damage = std::min(damage, at);
    at += part.size;
  }
  require(at == layer.bytes.size());
  return damage;
}

void check_text(std::string_view text) {
  const DecodedToken token = decode_token(text);
  require(token.length <= text.size());
  require(!token.fault || (!token.ssc && !token.batch && !token.jwt));
  const auto layers = explain_token(text);
  require(layers.empty() == (token.length == 0));
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const std::size_t damage = walk(layers[i]);
    require(token.fault || damage == layers[i].bytes.size());
    const std::size_t damaged = token.fault && token.fault->unit == TokenFault::Unit::byte ? 1 : 0;
    const bool is_here = token.fault && i == damaged;
    require(!is_here || damage <= token.fault->at);
  }
  require(mask_token(text).size() <= 12);
  SscToken ssc;
  require(decode_ssc(text).has_value() == !read_ssc(text, ssc));
}

// What was read is written again as a token that says the same.
void check_again(const SscToken& token) {
  const SecretString text = encode_ssc(token.random.view(), token.local_index, token.index_epoch, Key{});
  const auto again = decode_ssc(text.view());
  require(again.has_value());
  require(again->random == token.random && again->local_index == token.local_index &&
          again->index_epoch == token.index_epoch);
}

void check_bytes(std::string_view bytes) {
  static_cast<void>(walk(explain_entry(bytes)));
  for (const std::string_view prefix : {"hvs.", "hvb."}) {
    SecretString text(prefix);
    append_base64url({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()}, text);
    check_text(text.view());
  }
  SscToken token;
  if (!read_signed_token(bytes, token)) check_again(token);
}

// As if the bytes had been sealed by whoever has the key.
void check_entry(std::string_view bytes) {
  static const AesGcm cipher{Key{}};  // takes longer to set up than all the rest
  BatchEnvelope envelope{1, 2, {}};
  cipher.seal(bytes, {}, envelope.sealed);
  const auto entry = open_batch(envelope, cipher);
  if (!entry) {
    require(entry.error().kind == ErrorKind::damaged);
    return;
  }
  const auto again = open_batch(split_batch(seal_batch(*entry, 1, cipher).view()).value(), cipher);
  require(again && again->policies == entry->policies && again->meta == entry->meta && again->ttl == entry->ttl &&
          again->parent == entry->parent && again->type == entry->type);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_text(text);
  check_bytes(text);
  check_entry(text);
  return 0;
}
