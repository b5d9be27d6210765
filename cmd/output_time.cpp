#include "cmd/output_time.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vtoken::cmd {
namespace {

constexpr std::string_view kZeroTime = "0001-01-01T00:00:00Z";

// Compares with a pattern in which 0 stands for any digit.
bool has_shape(std::string_view text, std::string_view pattern) {
  return text.size() == pattern.size() && std::equal(text.begin(), text.end(), pattern.begin(), [](char c, char p) {
           return p == '0' ? c >= '0' && c <= '9' : c == p;
         });
}

}  // namespace

std::optional<TimeParts> read_time(std::string_view text) {
  constexpr std::size_t kWhole = 19;  // "2026-11-22T03:20:56"
  if (text.size() < kWhole + 1 || !has_shape(text.substr(0, kWhole), "0000-00-00T00:00:00")) return std::nullopt;
  TimeParts parts{std::string(text.substr(0, 10)), std::string(text.substr(11, 8)), {}, {}};
  text.remove_prefix(kWhole);
  if (text.front() == '.') {
    const std::size_t end = std::min(text.find_first_not_of("0123456789", 1), text.size());
    if (end == 1) return std::nullopt;
    parts.fraction = text.substr(1, std::min<std::size_t>(end - 1, 9));
    parts.fraction.erase(parts.fraction.find_last_not_of('0') + 1);
    text.remove_prefix(end);
  }
  if (text == "Z") {
    parts.zone = "+00:00";
  } else if (has_shape(text, "+00:00") || has_shape(text, "-00:00")) {
    parts.zone = text;
  } else {
    return std::nullopt;
  }
  return parts;
}

SecretString go_time_text(std::string_view text) {
  if (text.empty()) text = kZeroTime;
  const auto parts = read_time(text);
  if (!parts) return SecretString(text);
  const std::string offset = parts->zone.substr(0, 3) + parts->zone.substr(4);
  return SecretString(fmt::format("{} {}{}{} {} {}", parts->date, parts->clock, parts->fraction.empty() ? "" : ".",
                                  parts->fraction, offset, offset == "+0000" ? "UTC" : offset));
}

std::string rfc3339_text(std::string_view text) {
  if (text.empty()) text = kZeroTime;
  const auto parts = read_time(text);
  if (!parts) return std::string(text);
  return fmt::format("{}T{}{}{}{}", parts->date, parts->clock, parts->fraction.empty() ? "" : ".", parts->fraction,
                     parts->zone == "+00:00" ? "Z" : parts->zone);
}

}  // namespace vtoken::cmd
