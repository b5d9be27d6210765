#include "store/go_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "core/json.hpp"

namespace vtoken::store {
namespace {

constexpr std::string_view kDigits = "0123456789";

std::string_view without_sign(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return text;
}

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of(kDigits) == std::string_view::npos;
}

bool fits_integer(std::string_view digits) {
  std::int64_t value = 0;
  return std::from_chars(digits.data(), digits.data() + digits.size(), value).ec == std::errc{};
}

// As Go's package time quotes: byte by byte what is not plain ASCII.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x80) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out + "\"";
}

// Why a text of terms such as "1h30m" is none.
std::string terms_fault(std::string_view text) {
  constexpr std::array kUnits{"ns", "us", "µs", "μs", "ms", "s", "m", "h"};
  std::string_view rest = without_sign(text);
  while (!rest.empty()) {
    const auto unit = rest.find_first_not_of("0123456789.");
    if (unit == 0) break;
    // A number that does not fit is found before its unit is looked for.
    const std::string_view number = rest.substr(0, unit);
    if (all_digits(number) && !fits_integer(number)) break;
    if (number == ".") break;
    if (unit == std::string_view::npos) return "missing unit in duration";
    rest.remove_prefix(unit);
    const auto end = std::min(rest.find_first_of("0123456789."), rest.size());
    const std::string_view name = rest.substr(0, end);
    if (std::find(kUnits.begin(), kUnits.end(), name) == kUnits.end()) {
      return "unknown unit " + quoted(name) + " in duration";
    }
    rest.remove_prefix(end);
  }
  return "invalid duration";
}

}  // namespace

std::string go_type(const Json& value) {
  if (value.is_object()) return "map[string]interface {}";
  if (value.is_array()) return "[]interface {}";
  if (value.is_boolean()) return "bool";
  if (value.is_string()) return "string";
  return "json.Number";
}

std::string go_value(const Json& value) {
  if (value.is_null()) return "<nil>";
  if (value.is_string()) return std::string(value.get_ref<const SecretString&>().view());
  if (!value.is_structured()) return literal_text(value);
  std::string text = value.is_object() ? "map[" : "[";
  const std::size_t start = text.size();
  for (const auto& [key, item] : value.items()) {
    if (text.size() > start) text += ' ';
    if (value.is_object()) text.append(key.view()).append(":");
    text += go_value(item);
  }
  return text + "]";
}

std::string duration_fault(std::string_view text) {
  const bool days = text.ends_with('d');
  const std::string_view number = without_sign(days ? text.substr(0, text.size() - 1) : text);
  if (all_digits(number) && fits_integer(number)) {
    return "multiplication of durations resulted in overflow, one operand may be too large";
  }
  if (days) return integer_fault(text.substr(0, text.size() - 1));
  return "time: " + terms_fault(text) + " " + quoted(text);
}

std::string integer_fault(std::string_view text) {
  const char* why = all_digits(without_sign(text)) ? "value out of range" : "invalid syntax";
  return fmt::format("strconv.ParseInt: parsing \"{}\": {}", text, why);
}

}  // namespace vtoken::store
