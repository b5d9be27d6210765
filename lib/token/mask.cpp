#include "token/mask.hpp"

#include <algorithm>

#include "token/find_characters.hpp"
#include "token/prefix.hpp"

namespace vtoken {
namespace {

constexpr std::size_t kShown = 4;
constexpr std::size_t kHidden = 16;
constexpr std::string_view kStars = "****";

constexpr std::size_t kShortestKnown = 16;
constexpr std::size_t kShortestBody = 20;  // behind the prefix

// How many bytes at the start of `text` look like a token; `before` is the byte in front of it.
std::size_t token_length(std::string_view text, char before) {
  const std::string_view prefix = token_prefix(text);
  if (prefix.empty() || find::is_token_character(before)) return 0;
  const std::string_view body = text.substr(prefix.size());
  const auto end = std::find_if_not(body.begin(), body.end(), find::is_token_character);
  const auto length = static_cast<std::size_t>(end - body.begin());
  return length < kShortestBody ? 0 : prefix.size() + length;
}

}  // namespace

std::string mask_token(std::string_view token) {
  const std::string_view prefix = token_prefix(token);
  std::string masked(prefix);
  masked += kStars;
  const std::string_view body = token.substr(prefix.size());
  if (body.size() < kHidden + kShown) return masked;
  const std::string_view end = body.substr(body.size() - kShown);
  if (std::all_of(end.begin(), end.end(), find::is_token_character)) masked += end;
  return masked;
}

std::string mask_tokens_in(std::string_view text, std::string_view known) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    std::size_t length = token_length(rest, at == 0 ? ' ' : text[at - 1]);
    if (known.size() >= kShortestKnown && rest.starts_with(known)) length = std::max(length, known.size());
    if (length == 0) {
      out += rest.front();
      ++at;
    } else {
      out += mask_token(rest.substr(0, length));
      at += length;
    }
  }
  return out;
}

}  // namespace vtoken
