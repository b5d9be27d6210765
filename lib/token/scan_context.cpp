#include "token/scan_context.hpp"

#include <algorithm>
#include <array>

#include "token/find_characters.hpp"

namespace vtoken::scan {
namespace {

bool is_hex(char c) noexcept { return find::is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Whether the last `digits` characters of `before` are hexadecimal digits behind `start`.
bool ends_with_hex(std::string_view before, std::string_view start, std::size_t digits) noexcept {
  if (before.size() < start.size() + digits) return false;
  const std::string_view last = before.substr(before.size() - digits);
  return std::all_of(last.begin(), last.end(), is_hex) && before.substr(0, before.size() - digits).ends_with(start);
}

bool ends_with_escape(std::string_view before) noexcept {
  constexpr std::string_view kLetters = "abefnrtv0";
  if (before.size() >= 2 && before[before.size() - 2] == '\\' && kLetters.find(before.back()) != kLetters.npos) {
    return true;
  }
  return ends_with_hex(before, "%", 2) || ends_with_hex(before, "\\x", 2) || ends_with_hex(before, "\\u", 4) ||
         ends_with_hex(before, "\\U", 8) || ends_with_hex(before, "=", 2);
}

// A terminal's colour: "[", numbers and ";", "m".
bool ends_with_colour(std::string_view before) noexcept {
  if (!before.ends_with('m')) return false;
  std::string_view rest = before.substr(0, before.size() - 1);
  while (!rest.empty() && (find::is_digit(rest.back()) || rest.back() == ';')) rest.remove_suffix(1);
  return rest.ends_with('[');
}

}  // namespace

bool is_boundary(std::string_view before) noexcept {
  if (before.empty() || !find::is_token_character(before.back())) return true;
  return ends_with_escape(before) || ends_with_colour(before);
}

bool is_place_of_token(std::string_view before) noexcept {
  // What stands between a name and its value.
  constexpr std::string_view kBetween = " \t\"'`:=>\\";
  const std::size_t end = before.find_last_not_of(kBetween);
  if (end == std::string_view::npos || end + 1 == before.size()) return false;
  constexpr std::array<std::string_view, 2> kNames{"token", "TOKEN"};
  const std::string_view name = before.substr(0, end + 1);
  return std::any_of(kNames.begin(), kNames.end(), [&](std::string_view word) { return name.ends_with(word); }) ||
         name.ends_with("Token");
}

}  // namespace vtoken::scan
