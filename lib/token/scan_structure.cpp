#include "token/scan_structure.hpp"

#include <cstdint>
#include <utility>

#include "token/base62.hpp"
#include "token/base64url.hpp"
#include "token/field.hpp"
#include "token/prefix.hpp"

namespace vtoken::scan {
namespace {

// Version (2 bytes), tag and length of the HMAC (2) and the HMAC.
constexpr std::size_t kBeforeMac = 4;
constexpr std::size_t kBeforeToken = 36;
// Characters that hold all this, the tag of field 3 and the longest length that any token has.
constexpr std::size_t kHeadCharacters = 56;

constexpr std::size_t kBatchHead = 5;    // key term and cipher version
constexpr std::size_t kBatchLeast = 33;  // and nonce and tag
constexpr std::size_t kBatchHeadCharacters = 8;
constexpr std::uint32_t kLargestKeyTerm = 65535;

constexpr std::uint32_t kTokenField = 3;
constexpr std::uint32_t kRandomField = 1;

constexpr std::size_t characters_of(std::size_t bytes) noexcept { return (bytes * 8 + 5) / 6; }

std::string_view text_of(const SecretBytes& bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// The last field of a signed token that starts with `head`: what is there of it, and where it would end.
wire::Field token_field(const SecretBytes& head) noexcept {
  constexpr unsigned char kMacSize = 32;
  if (head.size() <= kBeforeToken || head[kBeforeMac - 1] != kMacSize) return {};
  const wire::Field field = wire::read_field(text_of(head), kBeforeToken);
  return field.number == kTokenField && field.kind == wire::Kind::bytes ? field : wire::Field{};
}

// "hvs." or "s.", base62, and perhaps a namespace: gives that.
std::optional<SecretString> namespace_of_id(std::string_view id) {
  if (!id.starts_with(kServicePrefix) && !id.starts_with(kLegacyServicePrefix)) return std::nullopt;
  const std::string_view body = id.substr(token_prefix(id).size());
  const std::size_t dot = body.find('.');
  const std::string_view random = body.substr(0, dot);
  const std::string_view suffix = dot == std::string_view::npos ? std::string_view{} : body.substr(dot + 1);
  if (random.empty() || !is_base62(random) || !is_base62(suffix)) return std::nullopt;
  return SecretString(suffix);
}

// Servers to come may write more fields than decode_ssc knows: here it is enough that each is a whole one, and that the
// first is an id.
std::optional<SecretString> namespace_of_token(std::string_view message) {
  std::optional<SecretString> found;
  for (std::size_t at = 0; at < message.size();) {
    const wire::Field field = wire::read_field(message, at);
    if (field.reading != wire::Reading::whole) return std::nullopt;
    if (at == 0) {
      if (field.number != kRandomField || field.kind != wire::Kind::bytes) return std::nullopt;
      found = namespace_of_id(field.bytes);
    }
    at = field.end;
  }
  return found;
}

}  // namespace

std::optional<SscExtent> ssc_extent(std::string_view text) {
  const std::string_view body = text.substr(kServicePrefix.size());
  const std::optional<SecretBytes> head = decode_base64url(body.substr(0, kHeadCharacters));
  const wire::Field field = head ? token_field(*head) : wire::Field{};
  const std::size_t room = body.size() / 4 * 3 + 2;
  if (field.number == 0 || field.value > room) return std::nullopt;
  const std::size_t length = characters_of(field.value_at + static_cast<std::size_t>(field.value));
  if (length > body.size()) return std::nullopt;
  const std::optional<SecretBytes> bytes = decode_base64url(body.substr(0, length));
  if (!bytes) return std::nullopt;
  std::optional<SecretString> space = namespace_of_token(text_of(*bytes).substr(field.value_at));
  if (!space) return std::nullopt;
  return SscExtent{kServicePrefix.size() + length, std::move(*space)};
}

Batch batch_structure(std::string_view body) {
  const std::optional<SecretBytes> head = decode_base64url(body.substr(0, kBatchHeadCharacters));
  if (!head || head->size() < kBatchHead) return Batch::no;
  std::uint32_t key_term = 0;
  for (std::size_t i = 0; i + 1 < kBatchHead; ++i) key_term = key_term << 8U | (*head)[i];
  const unsigned char version = (*head)[kBatchHead - 1];
  if (key_term == 0 || key_term > kLargestKeyTerm || (version != 1 && version != 2)) return Batch::no;
  if (body.size() < characters_of(kBatchLeast)) return Batch::cut;
  const std::string_view last = body.substr(body.size() / 4 * 4);
  return last.empty() || decode_base64url(last) ? Batch::whole : Batch::cut;
}

}  // namespace vtoken::scan
