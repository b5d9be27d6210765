#include "core/hcl_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/json.hpp"

namespace vtoken::hcl {
namespace {

Position position_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto lines = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  const auto start = before.rfind('\n');
  return {lines + 1, before.size() - (start == std::string_view::npos ? 0 : start + 1) + 1};
}

// The place of the first mistake, unknown when there is none. nlohmann tells it by an exception alone.
Position mistake_in(std::string_view text) {
  try {
    [[maybe_unused]] const Json whole = Json::parse(text);
  } catch (const Json::parse_error& error) {
    return position_of(text, error.byte == 0 ? 0 : error.byte - 1);
  } catch (const Json::exception&) {  // a number that is too large
    return {1, 1};
  }
  return {};
}

// Nothing when it is nested too deep.
std::optional<Value> converted(const Json& json, int depth) {
  if (depth > kDeepest) return std::nullopt;
  if (json.is_object()) {
    Object object;
    for (const auto& [name, member] : json.items()) {
      auto value = converted(member, depth + 1);
      if (!value) return std::nullopt;
      object.items.push_back({{std::string(name.view())}, std::move(*value), {}});
    }
    return Value{std::move(object), {}};
  }
  if (json.is_array()) {
    List list;
    for (const Json& element : json) {
      auto value = converted(element, depth + 1);
      if (!value) return std::nullopt;
      list.push_back(std::move(*value));
    }
    return Value{std::move(list), {}};
  }
  if (json.is_string()) return Value{std::string(json.get_ref<const SecretString&>().view()), {}};
  if (json.is_boolean()) return Value{json.get<bool>(), {}};
  if (json.is_number()) return Value{Number{std::string(dump_json(json).view())}, {}};
  return Value{};
}

}  // namespace

Result<Object> parse_as_json(std::string_view text) {
  const auto json = parse_json(text);
  const auto too_deep = fail(ErrorKind::usage, fmt::format("nested deeper than {} levels", kDeepest));
  if (!json) {
    const Position at = mistake_in(text);
    if (at.line == 0) return too_deep;
    return fail(ErrorKind::usage, placed(at, "it begins as JSON, but here it is none"));
  }
  // The outermost object is no level of its own, as in HCL.
  auto value = converted(*json, 0);
  if (!value) return too_deep;
  if (auto* object = std::get_if<Object>(&value->value)) return std::move(*object);
  return fail(ErrorKind::usage, "the JSON is no object");
}

}  // namespace vtoken::hcl
