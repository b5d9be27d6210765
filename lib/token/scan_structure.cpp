#include "token/scan_structure.hpp"

#include <cstdint>

#include "token/base64url.hpp"
#include "token/prefix.hpp"
#include "token/ssc.hpp"

namespace vtoken::scan {
namespace {

// Version (2 bytes), tag and length of the HMAC (2) and the HMAC.
constexpr std::size_t kBeforeToken = 36;
constexpr unsigned char kTokenTag = 3U << 3U | 2U;
// Characters that hold all this, the tag of field 3 and the longest length that any token has.
constexpr std::size_t kHeadCharacters = 56;

constexpr std::size_t kBatchHead = 5;    // key term and cipher version
constexpr std::size_t kBatchLeast = 33;  // and nonce and tag
constexpr std::size_t kBatchHeadCharacters = 8;
constexpr std::uint32_t kLargestKeyTerm = 65535;

constexpr std::size_t characters_of(std::size_t bytes) noexcept { return (bytes * 8 + 5) / 6; }

// The bytes of a signed token that starts with `head`, by the length of its last field.
std::optional<std::size_t> signed_size(const SecretBytes& head) {
  if (head.size() <= kBeforeToken || head[kBeforeToken] != kTokenTag) return std::nullopt;
  std::size_t size = 0;
  unsigned shift = 0;
  for (std::size_t at = kBeforeToken + 1; at < head.size(); ++at, shift += 7) {
    size |= static_cast<std::size_t>(head[at] & 0x7fU) << shift;
    if (head[at] < 0x80) return at + 1 + size;
  }
  return std::nullopt;
}

}  // namespace

std::optional<SscExtent> ssc_extent(std::string_view text) {
  const std::optional<SecretBytes> head = decode_base64url(text.substr(kServicePrefix.size(), kHeadCharacters));
  const std::optional<std::size_t> size = head ? signed_size(*head) : std::nullopt;
  if (!size) return std::nullopt;
  const std::size_t length = kServicePrefix.size() + characters_of(*size);
  if (length > text.size()) return std::nullopt;
  SscToken token;
  if (read_ssc(text.substr(0, length), token)) return std::nullopt;
  const std::string_view id = token.random.view();
  const std::string_view body = id.substr(token_prefix(id).size());
  const std::size_t dot = body.find('.');
  SscExtent extent{length};
  if (dot != std::string_view::npos) extent.namespace_id = SecretString(body.substr(dot + 1));
  return extent;
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
