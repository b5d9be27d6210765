#include "core/json.hpp"

#include <algorithm>
#include <string>

namespace vtoken {
namespace {

constexpr int kMaxDepth = 64;

bool is_html(char c) { return c == '<' || c == '>' || c == '&'; }

// Servers and Go's encoder escape these three, so that JSON may stand inside HTML.
void escape_html(SecretString& text) {
  SecretString out;
  out.reserve(text.size() + 16);
  for (const char c : text) {
    switch (c) {
      case '<': out += "\\u003c"; break;
      case '>': out += "\\u003e"; break;
      case '&': out += "\\u0026"; break;
      default: out += c;
    }
  }
  text = std::move(out);
}

}  // namespace

std::optional<Json> parse_json(std::string_view text) {
  bool too_deep = false;
  const auto watch_depth = [&too_deep](int depth, Json::parse_event_t /*event*/, Json& /*value*/) {
    if (depth > kMaxDepth) too_deep = true;
    return !too_deep;
  };
  // The callback costs; shallow texts, which are nearly all, do without it.
  int depth = 0;
  int deepest = 0;
  for (const char c : text) {
    if (c == '{' || c == '[') deepest = std::max(deepest, ++depth);
    if (c == '}' || c == ']') --depth;
  }
  Json value = deepest > kMaxDepth ? Json::parse(text, watch_depth, false) : Json::parse(text, nullptr, false);
  if (too_deep || value.is_discarded()) return std::nullopt;
  return value;
}

SecretString dump_json(const Json& value) {
  SecretString text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (std::any_of(text.begin(), text.end(), is_html)) escape_html(text);
  return text;
}

void append_json_text(SecretString& out, std::string_view text) {
  const auto is_plain = [](char c) { return c >= ' ' && c < 0x7f && c != '"' && c != '\\' && !is_html(c); };
  if (!std::all_of(text.begin(), text.end(), is_plain)) {
    out += dump_json(Json(SecretString(text)));
    return;
  }
  out += '"';
  out += text;
  out += '"';
}

const Json* find_member(const Json& value, std::string_view name) {
  if (!value.is_object()) return nullptr;
  const auto found = value.find(SecretString(name));
  return found == value.end() ? nullptr : &*found;
}

std::string_view text_member(const Json& value, std::string_view name) {
  const Json* member = find_member(value, name);
  if (member == nullptr || !member->is_string()) return {};
  return member->get_ref<const SecretString&>().view();
}

}  // namespace vtoken
