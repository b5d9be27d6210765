#include "base/duration.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <limits>
#include <optional>

namespace vtoken {
namespace {

constexpr std::uint64_t kLongest = std::uint64_t{1} << 63;  // of a negative length; a positive one is shorter by one

struct Unit {
  std::string_view name;
  std::uint64_t length;  // nanoseconds
};

constexpr std::array<Unit, 9> kUnits{{{"ns", 1},
                                      {"us", 1'000},
                                      {"\u00b5s", 1'000},  // micro sign
                                      {"\u03bcs", 1'000},  // Greek letter mu
                                      {"ms", 1'000'000},
                                      {"s", 1'000'000'000},
                                      {"m", 60'000'000'000},
                                      {"h", 3'600'000'000'000},
                                      {"d", 86'400'000'000'000}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view take_digits(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && is_digit(text[length])) ++length;
  const std::string_view digits = text.substr(0, length);
  text.remove_prefix(length);
  return digits;
}

std::optional<std::uint64_t> number_of(std::string_view digits) {
  std::uint64_t value = 0;
  for (const char digit : digits) {
    if (__builtin_mul_overflow(value, std::uint64_t{10}, &value)) return std::nullopt;
    if (__builtin_add_overflow(value, static_cast<std::uint64_t>(digit - '0'), &value)) return std::nullopt;
  }
  return value;
}

// Digits that no longer fit are ignored, and the rest is floating point, so that the result is Go's to the nanosecond.
std::uint64_t fraction_of(std::string_view digits, std::uint64_t unit) {
  std::uint64_t value = 0;
  double scale = 1;
  for (const char digit : digits) {
    if (value > (kLongest - 1) / 10) break;
    value = value * 10 + static_cast<std::uint64_t>(digit - '0');
    scale *= 10;
  }
  return static_cast<std::uint64_t>(static_cast<double>(value) * (static_cast<double>(unit) / scale));
}

const Unit* take_unit(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && text[length] != '.' && !is_digit(text[length])) ++length;
  for (const Unit& unit : kUnits) {
    if (unit.name == text.substr(0, length)) {
      text.remove_prefix(length);
      return &unit;
    }
  }
  return nullptr;
}

// One "1.5h" at the start of `text`, which is taken off it.
std::optional<std::uint64_t> take_term(std::string_view& text) {
  const std::string_view whole = take_digits(text);
  std::string_view fraction;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    fraction = take_digits(text);
  }
  if (whole.empty() && fraction.empty()) return std::nullopt;
  const Unit* unit = take_unit(text);
  const std::optional<std::uint64_t> number = number_of(whole);
  std::uint64_t length = 0;
  if (unit == nullptr || !number || __builtin_mul_overflow(*number, unit->length, &length)) return std::nullopt;
  if (__builtin_add_overflow(length, fraction_of(fraction, unit->length), &length)) return std::nullopt;
  return length;
}

// The length without its sign; nothing when `text` is no length.
std::optional<std::uint64_t> magnitude(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::string_view rest = text;
  const std::string_view digits = take_digits(rest);
  if (rest.empty()) {
    const std::optional<std::uint64_t> seconds = number_of(digits);
    std::uint64_t length = 0;
    if (!seconds || __builtin_mul_overflow(*seconds, std::uint64_t{kSecond}, &length)) return std::nullopt;
    return length;
  }
  std::uint64_t sum = 0;
  while (!text.empty()) {
    const std::optional<std::uint64_t> term = take_term(text);
    if (!term || __builtin_add_overflow(sum, *term, &sum)) return std::nullopt;
  }
  return sum;
}

// "." and the digits of `value` (of `width` places) without the zeros at the end; "" for 0.
std::string decimals(std::uint64_t value, int width) {
  if (value == 0) return {};
  std::string text = fmt::format(".{:0{}}", value, width);
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

std::string below_a_second(std::uint64_t length) {
  if (length < 1'000) return fmt::format("{}ns", length);
  if (length < 1'000'000) return fmt::format("{}{}\u00b5s", length / 1'000, decimals(length % 1'000, 3));
  return fmt::format("{}{}ms", length / 1'000'000, decimals(length % 1'000'000, 6));
}

}  // namespace

Result<Nanoseconds> parse_duration(std::string_view text) {
  if (text.empty()) return 0;
  std::string_view rest = text;
  const bool negative = rest.front() == '-';
  if (negative || rest.front() == '+') rest.remove_prefix(1);
  const std::optional<std::uint64_t> length = magnitude(rest);
  if (!length || *length > (negative ? kLongest : kLongest - 1)) {
    // Not repeated in the message: what stands where a length should may be a secret.
    return fail(ErrorKind::usage, length ? "the duration is longer than 292 years"
                                         : "not a duration; write it as 90 (seconds), 1h30m, 1500ms or 2d");
  }
  return static_cast<Nanoseconds>(negative ? 0 - *length : *length);
}

std::string go_duration(Nanoseconds length) {
  if (length == 0) return "0s";
  const std::string sign = length < 0 ? "-" : "";
  const std::uint64_t rest = length < 0 ? 0 - static_cast<std::uint64_t>(length) : static_cast<std::uint64_t>(length);
  if (rest < std::uint64_t{kSecond}) return sign + below_a_second(rest);
  const std::uint64_t seconds = rest / std::uint64_t{kSecond};
  const std::string fraction = decimals(rest % std::uint64_t{kSecond}, 9);
  if (seconds < 60) return fmt::format("{}{}{}s", sign, seconds, fraction);
  const std::uint64_t minutes = seconds / 60;
  if (minutes < 60) return fmt::format("{}{}m{}{}s", sign, minutes, seconds % 60, fraction);
  return fmt::format("{}{}h{}m{}{}s", sign, minutes / 60, minutes % 60, seconds % 60, fraction);
}

std::string human_duration(Nanoseconds length) {
  std::string text = go_duration(length);
  if (text.ends_with("m0s")) text.erase(text.size() - 2);
  if (const std::size_t zero = text.find("h0m"); zero != std::string::npos) text.erase(zero + 1, 2);
  return text;
}

std::string format_time(Nanoseconds since_epoch) {
  Nanoseconds seconds = since_epoch / kSecond;
  Nanoseconds rest = since_epoch % kSecond;
  if (rest < 0) {
    rest += kSecond;
    --seconds;
  }
  // Civil date from days since 1970, in cycles of 400 years (146,097 days) that start on 1 March.
  Nanoseconds days = seconds / 86'400;
  Nanoseconds of_day = seconds % 86'400;
  if (of_day < 0) {
    of_day += 86'400;
    --days;
  }
  const Nanoseconds shifted = days + 719'468;
  const Nanoseconds cycle = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
  const Nanoseconds day = shifted - cycle * 146'097;
  const Nanoseconds year = (day - day / 1'460 + day / 36'524 - day / 146'096) / 365;
  const Nanoseconds of_year = day - (365 * year + year / 4 - year / 100);
  const Nanoseconds march_month = (5 * of_year + 2) / 153;
  const Nanoseconds month = march_month < 10 ? march_month + 3 : march_month - 9;
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}Z", year + cycle * 400 + (month <= 2 ? 1 : 0), month,
                     of_year - (153 * march_month + 2) / 5 + 1, of_day / 3'600, of_day / 60 % 60, of_day % 60,
                     decimals(static_cast<std::uint64_t>(rest), 9));
}

}  // namespace vtoken
