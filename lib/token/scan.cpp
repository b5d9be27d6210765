#include "token/scan.hpp"

#include <algorithm>

#include "token/find_prefix.hpp"
#include "token/scan_shape.hpp"

namespace vtoken {
namespace {

constexpr std::string_view kLongPrefixStart = "hv";

// Where the prefix that ends with the letter at `at` starts.
std::size_t prefix_start(std::string_view text, std::size_t at) noexcept {
  const bool is_long = text.substr(0, at).ends_with(kLongPrefixStart);
  return is_long ? at - kLongPrefixStart.size() : at;
}

// As much around a prefix as the contract lets a decision rest on, so that the pieces a text is cut into change none.
scan::Candidate candidate_at(std::string_view text, std::size_t start) noexcept {
  const std::size_t before = std::min(start, kContextBefore);
  return {text.substr(start - before, before), text.substr(start, kContextAfter)};
}

}  // namespace

std::string_view name_of(Confidence confidence) noexcept {
  switch (confidence) {
    case Confidence::weak: return "weak";
    case Confidence::likely: return "likely";
    case Confidence::proved: break;
  }
  return "proved";
}

std::optional<Confidence> confidence_named(std::string_view name) noexcept {
  for (const Confidence confidence : {Confidence::weak, Confidence::likely, Confidence::proved}) {
    if (name == name_of(confidence)) return confidence;
  }
  return std::nullopt;
}

std::optional<TokenMatch> find_token(std::string_view text, std::size_t from, std::size_t until) {
  const std::size_t end = std::min(until, text.size());
  // The letter before the dot of a prefix that starts before `end` may stand behind it.
  const std::size_t letters_end = std::min(end + kLongPrefixStart.size(), text.size());
  for (std::size_t at = from; at < letters_end; ++at) {
    at = find::find_prefix(text, at, letters_end);
    if (at == std::string_view::npos) return std::nullopt;
    const std::size_t start = prefix_start(text, at);
    if (start < from || start >= end) continue;
    if (std::optional<TokenMatch> match = scan::judge(candidate_at(text, start))) {
      match->at = start;
      return match;
    }
  }
  return std::nullopt;
}

}  // namespace vtoken
