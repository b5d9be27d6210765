#include "token/scan_shape.hpp"

#include <algorithm>
#include <cstddef>

#include "token/base62.hpp"
#include "token/find_characters.hpp"
#include "token/prefix.hpp"
#include "token/scan_context.hpp"
#include "token/scan_names.hpp"
#include "token/scan_placeholder.hpp"
#include "token/scan_structure.hpp"
#include "token/scan_suffix.hpp"

namespace vtoken::scan {
namespace {

constexpr std::string_view kDashes = "-_";
constexpr std::size_t kMostDashes = 3;  // of emphasis, or of the end of a comment

TokenMatch match_of(TokenType type, TokenFormat format, Confidence confidence, std::size_t length,
                    std::string_view reason) noexcept {
  return {.at = 0,
          .length = std::min(length, kLongestMatch),
          .type = type,
          .format = format,
          .confidence = confidence,
          .reason = reason};
}

/// A prefix and the token characters behind it.
struct Parts {
  std::string_view prefix;
  std::string_view body;
  std::string_view after;

  [[nodiscard]] std::size_t length() const noexcept { return prefix.size() + body.size(); }
};

Parts split(std::string_view rest) noexcept {
  const std::string_view prefix = token_prefix(rest);
  const std::string_view behind = rest.substr(prefix.size(), kLongestMatch - prefix.size());
  const std::string_view body = find::kTokenCharacters.leading(behind);
  return {prefix, body, rest.substr(prefix.size() + body.size())};
}

// The same with the body's base62 only, when only dashes follow that: emphasis, or the end of a comment.
Parts without_dashes(const Parts& parts) noexcept {
  const std::string_view id = find::kBase62.leading(parts.body);
  if (id.size() < kTokenIdLength || parts.body.find_first_not_of(kDashes, id.size()) != std::string_view::npos) {
    return parts;
  }
  const std::string_view after(id.data() + id.size(), parts.body.size() - id.size() + parts.after.size());
  return {parts.prefix, id, after};
}

// An id behind a prefix that nothing else uses.
TokenMatch judge_id(const Candidate& candidate, const Parts& parts, TokenType type, TokenFormat format) {
  const std::size_t length = parts.length() + suffix_length(parts.after);
  const auto weak = [&](std::string_view reason) { return match_of(type, format, Confidence::weak, length, reason); };
  if (!is_boundary(candidate.before)) return weak("an id behind the prefix, in the middle of a word");
  if (is_placeholder(parts.body)) return weak("a placeholder");
  if (is_name(parts.body)) return weak("a name made of words");
  return match_of(type, format, Confidence::likely, length, "an id behind a prefix of tokens");
}

std::optional<TokenMatch> judge_service(const Candidate& candidate) {
  const Parts parts = split(candidate.rest);
  if (parts.body.starts_with(kSscStart)) {
    if (const std::optional<SscExtent> extent = ssc_extent(candidate.rest.substr(0, parts.length()))) {
      std::size_t length = extent->length;
      const std::string_view after = candidate.rest.substr(length);
      const std::size_t suffix = suffix_length(after);
      if (suffix != 0 && after.substr(1, suffix - 1) == extent->namespace_id.view()) length += suffix;
      return match_of(TokenType::service, TokenFormat::ssc, Confidence::proved, length, "protobuf with a 32-byte HMAC");
    }
    return match_of(TokenType::service, TokenFormat::ssc, Confidence::weak, parts.length(),
                    "starts as an SSC token does, but is cut off or damaged");
  }
  const Parts plain = without_dashes(parts);
  if (plain.body.size() == kTokenIdLength && is_base62(plain.body)) {
    return judge_id(candidate, plain, TokenType::service, TokenFormat::inner);
  }
  return match_of(TokenType::service, TokenFormat::unknown, Confidence::weak, parts.length(),
                  "token characters behind the prefix, in no known format");
}

Parts without_last(const Parts& parts, std::size_t count) noexcept {
  return {parts.prefix,
          parts.body.substr(0, parts.body.size() - count),
          {parts.after.data() - count, parts.after.size() + count}};
}

// How many dashes at the body's end belong to what stands around it: strong emphasis, or the end of a comment.
std::size_t dashes_around(std::string_view before, const Parts& parts) noexcept {
  const bool is_emphasis = before.ends_with("__") && parts.body.ends_with("__");
  const bool ends_comment = parts.after.starts_with('>') && parts.body.ends_with("--");
  return is_emphasis || ends_comment ? 2 : 0;
}

// Of one too long, what is there is judged: it may end anywhere. Dashes at the end are taken off when they belong to
// the surroundings, or when it is whole only without them.
Batch judge_envelope(std::string_view before, Parts& parts) {
  if (parts.length() == kLongestMatch) return batch_structure(parts.body.substr(0, parts.body.size() / 4 * 4));
  const Batch structure = batch_structure(parts.body);
  if (structure == Batch::no) return structure;
  const std::size_t last = parts.body.find_last_not_of(kDashes);
  const std::size_t dashes = std::min(parts.body.size() - 1 - last, kMostDashes);
  for (std::size_t count = dashes_around(before, parts); count <= dashes; ++count) {
    const Parts shorter = without_last(parts, count);
    if (batch_structure(shorter.body) != Batch::whole) continue;
    parts = shorter;
    return Batch::whole;
  }
  return structure;
}

std::optional<TokenMatch> judge_batch(const Candidate& candidate) {
  Parts parts = split(candidate.rest);
  const Batch structure = judge_envelope(candidate.before, parts);
  if (structure == Batch::whole) {
    return match_of(TokenType::batch, TokenFormat::batch, Confidence::proved,
                    parts.length() + suffix_length(parts.after), "key term, cipher version and size of an envelope");
  }
  if (structure == Batch::cut) {
    return match_of(TokenType::batch, TokenFormat::batch, Confidence::weak, parts.length(),
                    "starts as a batch token does, but is cut off or damaged");
  }
  if (parts.prefix == kLegacyBatchPrefix) return std::nullopt;
  return match_of(TokenType::batch, TokenFormat::unknown, Confidence::weak, parts.length(),
                  "token characters behind the prefix, in no known format");
}

std::optional<TokenMatch> judge_recovery(const Candidate& candidate) {
  const Parts parts = without_dashes(split(candidate.rest));
  if (is_base62(parts.body)) return judge_id(candidate, parts, TokenType::recovery, TokenFormat::recovery);
  return match_of(TokenType::recovery, TokenFormat::unknown, Confidence::weak, parts.length(),
                  "token characters behind the prefix, in no known format");
}

// "s." and "r.": fields and methods of programs look the same.
std::optional<TokenMatch> judge_legacy(const Candidate& candidate, TokenType type, TokenFormat format) {
  // Most of what gets here is a longer name.
  const std::string_view id = candidate.rest.substr(kLegacyServicePrefix.size(), kTokenIdLength + 1);
  if (find::kBase62.leading(id).size() != kTokenIdLength) return std::nullopt;
  const Parts parts = without_dashes(split(candidate.rest));
  if (parts.body.size() != kTokenIdLength) return std::nullopt;
  if (!is_boundary(candidate.before)) return std::nullopt;
  const std::size_t suffix = suffix_length(parts.after);
  const std::size_t length = parts.length() + suffix;
  const auto weak = [&](std::string_view reason) { return match_of(type, format, Confidence::weak, length, reason); };
  if (is_name(parts.body)) return weak("a name made of words");
  if (is_placeholder(parts.body)) return weak("a placeholder");
  if (!is_place_of_token(candidate.before, parts.after.substr(suffix))) return weak("only the shape of an older token");
  return match_of(type, format, Confidence::likely, length, "the shape of an older token, in the place of one");
}

}  // namespace

std::optional<TokenMatch> judge(const Candidate& candidate) {
  const std::string_view prefix = token_prefix(candidate.rest);
  if (prefix == kServicePrefix) return judge_service(candidate);
  if (has_batch_prefix(candidate.rest)) return judge_batch(candidate);
  if (prefix == kRecoveryPrefix) return judge_recovery(candidate);
  if (prefix == kLegacyServicePrefix) return judge_legacy(candidate, TokenType::service, TokenFormat::legacy);
  return judge_legacy(candidate, TokenType::recovery, TokenFormat::recovery);
}

}  // namespace vtoken::scan
