// Tokens in any text: each way of looking for prefixes finds the same, cutting the text changes nothing, and what is
// proved can be decoded. The input: a byte for the size of the pieces, the text.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz.hpp"
#include "token/decode.hpp"
#include "token/find_prefix.hpp"
#include "token/scan.hpp"

namespace {

using namespace vtoken;
using fuzz::require;

void compare_stages(std::string_view text, std::size_t until) {
  for (std::size_t from = 0; from <= until;) {
    const std::size_t at = find::find_prefix_portable(text, from, until);
    require(find::find_prefix(text, from, until) == at);
#ifdef __x86_64__
    require(find::find_prefix_sse2(text, from, until) == at);
#endif
    if (at == std::string_view::npos) return;
    require(at >= from && at < until);
    from = at + 1;
  }
}

// As the contract asks for: so much around each piece, in memory of its own.
std::vector<TokenMatch> in_pieces(std::string_view text, std::size_t size) {
  std::vector<TokenMatch> found;
  std::size_t next = 0;
  for (std::size_t start = 0; start < text.size(); start += size) {
    const std::size_t first = start - std::min(start, kContextBefore);
    const std::string piece(text.substr(first, start - first + size + kContextAfter));
    next = std::max(next, start);
    while (next < start + size) {
      auto match = find_token(piece, next - first, start + size - first);
      if (!match) break;
      match->at += first;
      next = match->at + match->length;
      found.push_back(*match);
    }
  }
  return found;
}

void check(std::string_view text, const TokenMatch& match) {
  require(match.length >= 2 + find::kShortestBody && match.length <= kLongestMatch);
  require(match.at + match.length <= text.size());
  require(!match.reason.empty());
  // One that was cut may end anywhere.
  if (match.confidence != Confidence::proved || match.length == kLongestMatch) return;
  const DecodedToken decoded = decode_token(text.substr(match.at, match.length));
  require(decoded.type == match.type && decoded.format == match.format);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t piece = std::size_t{1} + data[0];
  const std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
  compare_stages(text, text.size());
  compare_stages(text, text.size() / 2);

  std::vector<TokenMatch> whole;
  std::size_t end = 0;
  while (const auto match = find_token(text, end, text.size())) {
    require(match->at >= end);
    end = match->at + match->length;
    check(text, *match);
    whole.push_back(*match);
  }
  const std::vector<TokenMatch> pieces = in_pieces(text, std::max(piece, text.size() / 200));
  require(std::equal(whole.begin(), whole.end(), pieces.begin(), pieces.end(), [](const auto& a, const auto& b) {
    return a.at == b.at && a.length == b.length && a.type == b.type && a.format == b.format &&
           a.confidence == b.confidence && a.reason == b.reason;
  }));
  return 0;
}
