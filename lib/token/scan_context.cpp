#include "token/scan_context.hpp"

#include <algorithm>

#include "base/hex.hpp"
#include "token/find_characters.hpp"
#include "token/find_words.hpp"

namespace vtoken::scan {
namespace {

// What names a token, within words too.
constexpr find::WordSet<6> kNames({"token", "vault", "bao", "bearer", "hvac", "unwrap"});

// What names a token when it is the whole name of a value.
constexpr find::WordSet<5> kValueNames({"id", "auth", "password", "secret", "credential"});

bool is_dash(char c) noexcept { return c == '-' || c == '_'; }

bool ends_word(std::string_view before) noexcept { return !before.empty() && find::is_token_character(before.back()); }

// Whether the last `digits` characters of `before` are hexadecimal digits behind `start`.
bool ends_with_hex(std::string_view before, std::string_view start, std::size_t digits) noexcept {
  if (before.size() < start.size() + digits) return false;
  const std::string_view last = before.substr(before.size() - digits);
  return std::all_of(last.begin(), last.end(), [](char c) { return hex_digit(c) >= 0; }) &&
         before.substr(0, before.size() - digits).ends_with(start);
}

// Of C, JSON, URLs (also encoded twice), and mails ("=22").
bool ends_with_escape(std::string_view before) noexcept {
  constexpr std::string_view kLetters = "abefnrtv0";
  if (before.size() >= 2 && before[before.size() - 2] == '\\' &&
      kLetters.find(before.back()) != std::string_view::npos) {
    return true;
  }
  return ends_with_hex(before, "%", 2) || ends_with_hex(before, "%25", 2) || ends_with_hex(before, "\\x", 2) ||
         ends_with_hex(before, "\\u", 4) || ends_with_hex(before, "\\U", 8) || ends_with_hex(before, "=", 2);
}

// A terminal's colour, or its clearing of the line (as grep writes behind colours): "[", numbers and ";", "m" or "K".
bool ends_with_colour(std::string_view before) noexcept {
  if (!before.ends_with('m') && !before.ends_with('K')) return false;
  std::string_view rest = before.substr(0, before.size() - 1);
  while (!rest.empty() && (find::is_digit(rest.back()) || rest.back() == ';')) rest.remove_suffix(1);
  return rest.ends_with('[');
}

// Such as the start of an option, a list's item, a removed line of a diff, or emphasis.
bool ends_with_loose_dashes(std::string_view before) noexcept {
  if (!is_dash(before.back())) return false;
  const auto word_end = std::find_if_not(before.rbegin(), before.rend(), is_dash).base();
  return !ends_word(before.substr(0, static_cast<std::size_t>(word_end - before.begin())));
}

// The name that stands before a value: `id: `, `"password": "`.
std::string_view name_of_value(std::string_view before) noexcept {
  const std::size_t last = before.find_last_not_of(" \t\"'`:=>\\");
  if (last == std::string_view::npos || last + 1 == before.size()) return {};
  const std::string_view named = before.substr(0, last + 1);
  const auto start = std::find_if_not(named.rbegin(), named.rend(), find::is_token_character).base();
  return named.substr(static_cast<std::size_t>(start - named.begin()));
}

bool is_alone_on_line(std::string_view before, std::string_view after) noexcept {
  const std::size_t last = before.find_last_not_of(" \t+");
  const bool starts = last == std::string_view::npos || before[last] == '\n';
  const std::size_t next = after.find_first_not_of(" \t\r");
  return starts && (next == std::string_view::npos || after[next] == '\n');
}

}  // namespace

bool is_boundary(std::string_view before) noexcept {
  return !ends_word(before) || ends_with_loose_dashes(before) || ends_with_escape(before) || ends_with_colour(before);
}

bool is_place_of_token(std::string_view before, std::string_view after) noexcept {
  return kValueNames.holds(name_of_value(before)) || is_alone_on_line(before, after) || kNames.stands_in(before);
}

}  // namespace vtoken::scan
