// Which strings need quotes in YAML 1.1, and in which order members stand, as Go's YAML library decides.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string>

#include "cmd/output_go.hpp"
#include "cmd/output_yaml.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::array<std::string_view, 39> kWords = {
    "y",    "Y",    "yes",  "Yes",   "YES",   "true",  "True", "TRUE",  "on",    "On",    "ON",    "n",     "N",
    "no",   "No",   "NO",   "false", "False", "FALSE", "off",  "Off",   "OFF",   "",      "~",     "null",  "Null",
    "NULL", ".nan", ".NaN", ".NAN",  ".inf",  ".Inf",  ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads from the front of a text.
struct Cursor {
  std::string_view rest;

  bool take(char c) {
    if (rest.empty() || rest.front() != c) return false;
    rest.remove_prefix(1);
    return true;
  }
  bool take_any(std::string_view characters) {
    if (rest.empty() || characters.find(rest.front()) == std::string_view::npos) return false;
    rest.remove_prefix(1);
    return true;
  }
  std::string_view digits(std::size_t most = std::string_view::npos) {
    std::size_t length = 0;
    while (length < most && length < rest.size() && is_digit(rest[length])) ++length;
    const auto found = rest.substr(0, length);
    rest.remove_prefix(length);
    return found;
  }
  // One or two digits within a range.
  bool number(int least, int most, int* value = nullptr) {
    const auto found = digits(2);
    if (found.empty()) return false;
    int number = 0;
    std::from_chars(found.data(), found.data() + found.size(), number);
    if (value != nullptr) *value = number;
    return number >= least && number <= most;
  }
};

int days_in(int year, int month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return kDays[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

bool is_zone(Cursor& cursor) {
  if (cursor.take('Z')) return true;
  if (!cursor.take_any("+-") || cursor.rest.size() != 5) return false;
  return cursor.number(0, 24) && cursor.take(':') && cursor.number(0, 60);
}

// "2006-1-2", with a time after "T" or "t" and a zone, or after a space without one.
bool is_time(std::string_view text) {
  Cursor cursor{text};
  const auto year = cursor.digits();
  int month = 0;
  int day = 0;
  if (year.size() != 4 || !cursor.take('-') || !cursor.number(1, 12, &month)) return false;
  if (!cursor.take('-') || !cursor.number(1, 31, &day)) return false;
  if (day > days_in(std::stoi(std::string(year)), month)) return false;
  if (cursor.rest.empty()) return true;
  const bool zoned = cursor.rest.front() != ' ';
  if (!cursor.take_any("Tt ")) return false;
  while (!zoned && cursor.take(' ')) {
  }
  if (!cursor.number(0, 23) || !cursor.take(':') || !cursor.number(0, 59)) return false;
  if (!cursor.take(':') || !cursor.number(0, 59)) return false;
  if (cursor.rest.size() > 1 && (cursor.rest.front() == '.' || cursor.rest.front() == ',') &&
      is_digit(cursor.rest[1])) {
    cursor.rest.remove_prefix(1);
    cursor.digits();
  }
  return (!zoned || is_zone(cursor)) && cursor.rest.empty();
}

// Go's ParseInt and ParseUint with base 0: "12", "-0x1f", "0o17", "017", "0b1".
bool is_integer(std::string_view text) {
  Cursor cursor{text};
  const bool negative = cursor.take('-');
  const bool signed_text = negative || cursor.take('+');
  int base = 10;
  if (cursor.rest.size() > 1 && cursor.rest.front() == '0') {
    cursor.take('0');
    base = cursor.take_any("xX") ? 16 : cursor.take_any("bB") ? 2 : 8;
    if (base == 8) cursor.take_any("oO");
  }
  std::uint64_t value = 0;
  const char* end = cursor.rest.data() + cursor.rest.size();
  const auto [stop, failure] = std::from_chars(cursor.rest.data(), end, value, base);
  if (cursor.rest.empty() || failure != std::errc() || stop != end) return false;
  const auto limit = std::uint64_t{std::numeric_limits<std::int64_t>::max()} + (negative ? 1 : 0);
  return !signed_text || value <= limit;
}

// Digits, a point, an exponent; a value that a double can hold.
bool is_float(std::string_view text) {
  Cursor cursor{text};
  cursor.take_any("+-");
  const std::string_view number = cursor.rest;
  const auto whole = cursor.digits();
  const bool point = cursor.take('.');
  const auto fraction = point ? cursor.digits() : std::string_view();
  if (whole.empty() && fraction.empty()) return false;
  if (cursor.take_any("eE")) {
    cursor.take_any("+-");
    if (cursor.digits().empty()) return false;
  }
  if (!cursor.rest.empty()) return false;
  double value = 0;
  const auto result = std::from_chars(number.data(), number.data() + number.size(), value);
  // Too small is zero for Go, too large is no number.
  return result.ec == std::errc() ||
         (result.ec == std::errc::result_out_of_range && number.find('-') != std::string_view::npos);
}

// Without the underscores between digits, which Go takes for separators.
std::string without_separators(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool separates =
        text[i] == '_' && i > 0 && is_digit(text[i - 1]) && i + 1 < text.size() && is_digit(text[i + 1]);
    if (!separates) plain += text[i];
  }
  return plain;
}

// "1:30": base 60 in YAML 1.1.
bool is_base60(std::string_view text) {
  Cursor cursor{text};
  cursor.take_any("+-");
  if (cursor.rest.empty() || !is_digit(cursor.rest.front())) return false;
  cursor.rest.remove_prefix(std::min(cursor.rest.find_first_not_of("0123456789_"), cursor.rest.size()));
  int groups = 0;
  while (cursor.take(':')) {
    const auto group = cursor.digits(2);
    if (group.empty() || (group.size() == 2 && group.front() > '5')) return false;
    ++groups;
  }
  if (groups > 0 && cursor.take('.')) {
    cursor.rest.remove_prefix(std::min(cursor.rest.find_first_not_of("0123456789_"), cursor.rest.size()));
  }
  return groups > 0 && cursor.rest.empty();
}

// Unicode's letters, roughly: beyond ASCII all but the blocks of signs that names are likely to hold.
bool is_letter(std::string_view sequence) {
  const std::uint32_t c = utf8_rune(sequence);
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  if (c < 0xc0) return c == 0xaa || c == 0xb5 || c == 0xba;
  const bool sign = c == 0xd7 || c == 0xf7 || (c >= 0x2000 && c < 0x2070) || (c >= 0x20a0 && c < 0x20d0) ||
                    (c >= 0x2190 && c < 0x2c00) || (c >= 0x3000 && c < 0x3005) || (c >= 0x3008 && c < 0x3021) ||
                    (c >= 0xe000 && c < 0xf900) || (c >= 0xfe10 && c < 0xfe70) || (c >= 0x1f000 && c < 0x1fb00);
  return !sign;
}

std::string_view next_rune(std::string_view text) {
  const std::size_t length = utf8_length(text);
  return text.substr(0, length == 0 ? 1 : length);
}

// The digits at the front of a text, and the number they form; it wraps around as Go's does when there are very many.
struct Digits {
  std::size_t length = 0;
  std::uint64_t number = 0;

  Digits(std::string_view text, std::uint64_t before) : number(before) {
    for (; length < text.size() && is_digit(text[length]); ++length) {
      number = number * 10 + static_cast<std::uint64_t>(text[length] - '0');
    }
  }
};

// Whether the digits right before `at` form a number other than zero.
bool follows_number(std::string_view text, std::size_t at) {
  while (at > 0 && is_digit(text[at - 1])) {
    if (text[--at] != '0') return true;
  }
  return false;
}

}  // namespace

bool yaml_reads_as_string(std::string_view text) {
  if (std::find(kWords.begin(), kWords.end(), text) != kWords.end()) return false;
  const char first = text.front();  // not empty: that is one of the words
  if (first == '.') return !is_float(without_separators(text));
  if (!is_digit(first) && first != '+' && first != '-') return true;
  if (is_time(text) || is_base60(text)) return false;
  std::string plain(text);
  std::erase(plain, '_');
  return !is_integer(plain) && !is_float(plain);
}

bool yaml_name_less(std::string_view a, std::string_view b) {
  std::size_t same = 0;
  while (same < a.size() && same < b.size()) {
    const auto ra = next_rune(a.substr(same));
    const auto rb = next_rune(b.substr(same));
    if (ra == rb) {
      same += ra.size();
      continue;
    }
    const bool letter_a = is_letter(ra);
    const bool letter_b = is_letter(rb);
    if (letter_a && letter_b) return ra < rb;
    if (letter_a || letter_b) return letter_b;
    const bool zero = ra == "0" || rb == "0";
    const std::uint64_t before = zero && follows_number(a, same) ? 1 : 0;
    const Digits da(a.substr(same), before);
    const Digits db(b.substr(same), before);
    if (da.number != db.number) return static_cast<std::int64_t>(da.number) < static_cast<std::int64_t>(db.number);
    if (da.length != db.length) return da.length < db.length;
    return ra < rb;
  }
  return a.size() < b.size();
}

}  // namespace vtoken::cmd
