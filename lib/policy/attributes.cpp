#include "policy/attributes.hpp"

#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "base/duration.hpp"
#include "base/text.hpp"

namespace vtoken::policy {
namespace {

tl::unexpected<Error> expected(const hcl::Item& item, std::string_view what) {
  return wrong(item.value.at, item.keys.front() + " is " + std::string(what));
}

// Of `allowed_parameters "x" { … }` and the like.
bool has_label(const hcl::Item& item) { return item.keys.size() > 1; }

const std::string* text_of(const hcl::Value& value) {
  if (const auto* number = value.number()) return &number->text;
  return value.text();
}

// Whole numbers may be written 0x1f or 017; a fraction of a second is dropped. Nothing when it is too large.
std::optional<Nanoseconds> seconds_of(std::string text) {
  const bool negative = text.starts_with('-');
  if (negative) text.erase(0, 1);
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    base = 16;
    text.erase(0, 2);
  } else if (text.size() > 1 && text.front() == '0' && text.find_first_of(".eE") == std::string::npos) {
    base = 8;
  }
  Nanoseconds seconds = 0;
  if (base == 10 && text.find_first_of(".eE") != std::string::npos) {
    const double value = std::strtod(text.c_str(), nullptr);
    if (!(value < 1e10)) return std::nullopt;
    seconds = static_cast<Nanoseconds>(value);
  } else {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds, base);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  }
  Nanoseconds length = 0;
  if (__builtin_mul_overflow(negative ? -seconds : seconds, Nanoseconds{kSecond}, &length)) return std::nullopt;
  return length;
}

// One parameter's values. A block in place of a list is a list of one.
Result<void> read_values(const hcl::Item& parameter, hcl::List& out) {
  if (has_label(parameter)) return wrong(parameter.at, "a parameter has one name");
  if (const auto* list = parameter.value.list()) {
    out.insert(out.end(), list->begin(), list->end());
  } else if (parameter.value.object() != nullptr) {
    out.push_back(parameter.value);
  } else {
    return wrong(parameter.value.at, "the values of \"" + parameter.keys.front() +
                                         "\" are a list such as [\"a\", \"b*\"]; [] stands for any value");
  }
  return {};
}

}  // namespace

Result<void> read_text(const hcl::Item& item, std::string& out) {
  const auto* text = has_label(item) ? nullptr : text_of(item.value);
  if (text == nullptr) return expected(item, "a string");
  out = *text;
  return {};
}

Result<void> read_texts(const hcl::Item& item, std::vector<std::string>& out, std::vector<hcl::Position>* places) {
  const auto* object = item.value.object();
  if (!has_label(item) && object != nullptr && object->items.empty()) return {};
  const auto* list = has_label(item) ? nullptr : item.value.list();
  if (list == nullptr) return expected(item, "a list of strings, such as [\"read\", \"list\"]");
  for (const auto& element : *list) {
    const auto* text = text_of(element);
    if (text == nullptr) return wrong(element.at, item.keys.front() + " is a list of strings alone");
    out.push_back(*text);
    if (places != nullptr) places->push_back(element.at);
  }
  return {};
}

Result<void> read_parameters(const hcl::Item& item, Parameters& out) {
  const auto* object = item.value.object();
  if (object == nullptr || item.keys.size() > 2) {
    return expected(item, "written as { \"name\" = [\"value\", …] }");
  }
  if (has_label(item)) {
    out[lower(item.keys.back())].push_back(item.value);
    return {};
  }
  for (const auto& parameter : object->items) {
    if (auto read = read_values(parameter, out[lower(parameter.keys.front())]); !read) return read;
  }
  return {};
}

Result<void> read_length(const hcl::Item& item, Nanoseconds& out) {
  const auto* number = has_label(item) ? nullptr : item.value.number();
  const auto* text = has_label(item) ? nullptr : item.value.text();
  if (number != nullptr) {
    const auto length = seconds_of(number->text);
    if (!length) return expected(item, "a number of seconds, not longer than 292 years");
    out = *length;
    return {};
  }
  if (text == nullptr) return expected(item, "a length of time, such as \"90s\" or 90");
  const auto length = parse_duration(*text);
  if (!length) return wrong(item.value.at, item.keys.front() + ": " + length.error().message);
  out = *length;
  return {};
}

}  // namespace vtoken::policy
