#include "token/mask.hpp"

#include <algorithm>

#include "token/base62.hpp"
#include "token/prefix.hpp"

namespace vtoken {
namespace {

constexpr std::size_t kShown = 4;
constexpr std::size_t kHidden = 16;
constexpr std::string_view kStars = "****";

bool is_token_character(char c) { return is_base62(std::string_view(&c, 1)) || c == '-' || c == '_'; }

}  // namespace

std::string mask_token(std::string_view token) {
  const std::string_view prefix = token_prefix(token);
  std::string masked(prefix);
  masked += kStars;
  const std::string_view body = token.substr(prefix.size());
  if (body.size() < kHidden + kShown) return masked;
  const std::string_view end = body.substr(body.size() - kShown);
  if (std::all_of(end.begin(), end.end(), is_token_character)) masked += end;
  return masked;
}

}  // namespace vtoken
