#include "cmd/field_path.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kQuoteEnd = "\"]";

// What brackets hold, `[` taken already; `text` then starts behind `]`.
std::optional<FieldStep> take_brackets(std::string_view& text) {
  if (text.starts_with('"')) {
    const std::size_t end = text.find(kQuoteEnd, 1);
    if (end == std::string_view::npos) return std::nullopt;
    FieldStep step = std::string(text.substr(1, end - 1));
    text.remove_prefix(end + kQuoteEnd.size());
    return step;
  }
  std::size_t index = 0;
  const auto [behind, fault] = std::from_chars(text.data(), text.data() + text.size(), index);
  text.remove_prefix(static_cast<std::size_t>(behind - text.data()));
  if (fault != std::errc{} || !text.starts_with(']')) return std::nullopt;
  text.remove_prefix(1);
  return index;
}

}  // namespace

std::optional<std::vector<FieldStep>> parse_field_path(std::string_view text) {
  std::vector<FieldStep> steps;
  while (true) {
    const std::size_t end = std::min(text.find_first_of(".["), text.size());
    if (end == 0) return std::nullopt;
    steps.emplace_back(std::string(text.substr(0, end)));
    text.remove_prefix(end);
    while (text.starts_with('[')) {
      text.remove_prefix(1);
      std::optional<FieldStep> step = take_brackets(text);
      if (!step) return std::nullopt;
      steps.push_back(std::move(*step));
    }
    if (text.empty()) return steps;
    if (!text.starts_with('.')) return std::nullopt;
    text.remove_prefix(1);
  }
}

const Json* follow_path(const Json& value, std::span<const FieldStep> steps) {
  const Json* at = &value;
  for (const FieldStep& step : steps) {
    if (const auto* name = std::get_if<std::string>(&step)) {
      at = find_member(*at, *name);
    } else {
      const std::size_t index = std::get<std::size_t>(step);
      at = at->is_array() && index < at->size() ? &(*at)[index] : nullptr;
    }
    if (at == nullptr) return nullptr;
  }
  return at;
}

}  // namespace vtoken::cmd
