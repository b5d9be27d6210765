#include "store/audit_hash.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "base/hex.hpp"
#include "core/json.hpp"

namespace vtoken::store {
namespace {

// A number of exactly `digits` digits, which is cut off `text`; -1 when there is none.
int take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return -1;
  int number = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    number = 10 * number + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return number;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

int days_of(int year, int month) {
  constexpr std::array kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays.at(static_cast<std::size_t>(month - 1));
}

bool take_date(std::string_view& text) {
  const int year = take_number(text, 4);
  if (year < 0 || !take(text, '-')) return false;
  const int month = take_number(text, 2);
  if (month < 1 || month > 12 || !take(text, '-')) return false;
  const int day = take_number(text, 2);
  return day >= 1 && day <= days_of(year, month);
}

// A number of two digits, at most `most`.
bool take_pair(std::string_view& text, int most) {
  const int number = take_number(text, 2);
  return number >= 0 && number <= most;
}

// What Go's Time.UnmarshalText takes, and no text more: a secret must not look like a time.
bool is_time(std::string_view text) {
  if (!take_date(text) || !take(text, 'T')) return false;
  if (!take_pair(text, 23) || !take(text, ':') || !take_pair(text, 59) || !take(text, ':') || !take_pair(text, 59)) {
    return false;
  }
  if (take(text, '.')) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits == 0) return false;
    text.remove_prefix(digits);
  }
  if (take(text, 'Z')) return text.empty();
  if (!take(text, '+') && !take(text, '-')) return false;
  return take_pair(text, 23) && take(text, ':') && take_pair(text, 59) && text.empty();
}

// The device reads all numbers as doubles and writes them as Go does.
void append_number(SecretString& out, const Json& value) {
  const std::string text = literal_text(value);
  const double number = std::strtod(text.c_str(), nullptr);
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  std::array<char, 64> buffer{};
  const double size = std::fabs(number);
  const bool long_form = size != 0 && (size < 1e-6 || size >= 1e21);
  const auto form = long_form ? std::chars_format::scientific : std::chars_format::fixed;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, form).ptr;
  std::string written(buffer.data(), end);
  if (const auto zero = written.find("e-0"); zero != std::string::npos) written.erase(zero + 2, 1);
  out += std::string_view(written);
}

}  // namespace

std::string AuditHash::operator()(std::string_view text) const {
  const auto plain = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (!std::all_of(text.begin(), text.end(), plain)) {
    SecretString quoted;
    append_json_text(quoted, text);
    const auto repaired = parse_json(quoted.view());
    if (repaired) return "hmac-sha256:" + to_hex(hmac_(repaired->get_ref<const SecretString&>().view()));
  }
  return "hmac-sha256:" + to_hex(hmac_(text));
}

void AuditHash::append(SecretString& out, const Json& value) const {
  if (value.is_object()) {
    char before = '{';
    if (value.empty()) out += before;
    for (auto member = value.begin(); member != value.end(); ++member) {
      out += std::exchange(before, ',');
      append_json_text(out, member.key().view());
      out += ':';
      append(out, *member);
    }
    out += '}';
  } else if (value.is_array()) {
    char before = '[';
    if (value.empty()) out += before;
    for (const Json& item : value) {
      out += std::exchange(before, ',');
      append(out, item);
    }
    out += ']';
  } else if (value.is_string()) {
    const std::string_view text = value.get_ref<const SecretString&>().view();
    append_json_text(out, is_time(text) ? text : std::string_view((*this)(text)));
  } else if (value.is_number() || value.is_binary()) {
    append_number(out, value);
  } else {
    out += literal_text(value);
  }
}

}  // namespace vtoken::store
