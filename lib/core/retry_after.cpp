#include "core/retry_after.hpp"

#include <ctime>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/text.hpp"

namespace vtoken {
namespace {

constexpr std::int64_t kLongest = 60;  // seconds

constexpr std::string_view kBlanks = " \t";

// Digits only, of any number of them.
std::optional<std::int64_t> whole_seconds(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  std::int64_t seconds = 0;
  for (const char digit : text) seconds = std::min(kLongest, seconds * 10 + (digit - '0'));
  return seconds;
}

// Seconds since 1970. HTTP has three ways to write a date, and a recipient reads them all.
std::optional<std::int64_t> date(std::string_view text) {
  static constexpr std::array<const char*, 3> kForms = {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT",
                                                        "%a %b %e %H:%M:%S %Y"};
  const std::string value(text);
  for (const char* form : kForms) {
    tm parts = {};
    const char* end = strptime(value.c_str(), form, &parts);
    if (end != nullptr && end == value.c_str() + value.size()) return timegm(&parts);
  }
  return std::nullopt;
}

std::optional<std::int64_t> date_of_answer(const std::vector<Header>& headers) {
  return date(trimmed(find_header(headers, "Date"), kBlanks));
}

}  // namespace

std::optional<Nanoseconds> retry_after(const std::vector<Header>& headers, Nanoseconds now) {
  for (const Header& header : headers) {
    if (!same_name(header.name, "Retry-After")) continue;
    const std::string_view value = trimmed(header.value, kBlanks);
    if (const auto seconds = whole_seconds(value)) return *seconds * kSecond;
    if (const auto until = date(value)) {
      const std::int64_t from = date_of_answer(headers).value_or(now / kSecond);
      return std::clamp<std::int64_t>(*until - from, 0, kLongest) * kSecond;
    }
  }
  return std::nullopt;
}

}  // namespace vtoken
