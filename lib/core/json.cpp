#include "core/json.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace vtoken {
namespace {

constexpr std::size_t kMaxDepth = 64;
// A value takes up to fifty times the memory of its text.
constexpr std::size_t kMaxValues = 2'000'000;

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

// So that JSON may stand inside JavaScript: U+2028 and U+2029.
void escape_separators(SecretString& text) {
  for (std::size_t at = 0; (at = text.find("\xe2\x80", at)) != SecretString::npos; at += 3) {
    if (at + 2 >= text.size()) return;
    const bool line = text[at + 2] == '\xa8';
    if (line || text[at + 2] == '\xa9') text.replace(at, 3, line ? "\\u2028" : "\\u2029");
  }
}

// Builds the value while the parser reads. Ends the parsing of what is nested too deep or too many.
class Builder final : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return add(Json()); }
  bool boolean(bool value) override { return add(Json(value)); }
  bool number_integer(number_integer_t value) override { return add(Json(value)); }
  bool number_unsigned(number_unsigned_t value) override { return add(Json(value)); }
  bool string(string_t& value) override { return add(Json(std::move(value))); }
  bool binary(binary_t& /*value*/) override { return false; }
  bool start_object(std::size_t /*size*/) override { return open(Json::object()); }
  bool start_array(std::size_t /*size*/) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool number_float(number_float_t value, const string_t& text) override {
    Json number(value);
    if (number.dump() == text) return add(std::move(number));
    return add(Json::binary({text.begin(), text.end()}));
  }

  bool key(string_t& name) override {
    member_ = &(*open_.back())[std::move(name)];
    return true;
  }

  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    return false;
  }

  [[nodiscard]] Json take() { return std::move(root_); }

 private:
  Json* place(Json&& value) {
    if (open_.empty()) return &(root_ = std::move(value));
    if (member_ != nullptr) return &(*std::exchange(member_, nullptr) = std::move(value));
    open_.back()->push_back(std::move(value));
    return &open_.back()->back();
  }

  bool add(Json&& value) {
    if (++count_ > kMaxValues) return false;
    place(std::move(value));
    return true;
  }

  bool open(Json&& value) {
    if (open_.size() == kMaxDepth || ++count_ > kMaxValues) return false;
    open_.push_back(place(std::move(value)));
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  Json root_;
  std::size_t count_ = 0;    // values so far
  std::vector<Json*> open_;  // outermost first; an outer one is not changed while an inner one is open
  Json* member_ = nullptr;   // the object's member that waits for its value
};

void append_json(SecretString& out, const Json& value);

void append_members(SecretString& out, const Json& object) {
  char before = '{';
  if (object.empty()) out += before;
  for (auto member = object.begin(); member != object.end(); ++member) {
    out += std::exchange(before, ',');
    append_json_text(out, member.key().view());
    out += ':';
    append_json(out, *member);
  }
  out += '}';
}

void append_items(SecretString& out, const Json& list) {
  char before = '[';
  if (list.empty()) out += before;
  for (const Json& item : list) {
    out += std::exchange(before, ',');
    append_json(out, item);
  }
  out += ']';
}

void append_json(SecretString& out, const Json& value) {
  if (value.is_object()) {
    append_members(out, value);
  } else if (value.is_array()) {
    append_items(out, value);
  } else if (value.is_string()) {
    append_json_text(out, value.get_ref<const SecretString&>().view());
  } else {
    out += literal_text(value);
  }
}

}  // namespace

std::optional<Json> parse_json(std::string_view text) {
  // The parser would take it for the end of the text.
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  Builder builder;
  if (!Json::sax_parse(text, &builder)) return std::nullopt;
  return builder.take();
}

std::optional<Json> parse_first_json(std::string_view text) {
  Builder builder;
  if (!Json::sax_parse(text, &builder, nlohmann::detail::input_format_t::json, false)) return std::nullopt;
  return builder.take();
}

std::string literal_text(const Json& value) {
  if (!value.is_binary()) return std::string(value.dump());
  const auto& text = value.get_binary();
  return {text.begin(), text.end()};
}

SecretString dump_json(const Json& value) {
  SecretString text;
  append_json(text, value);
  return text;
}

void append_json_text(SecretString& out, std::string_view text) {
  const auto is_plain = [](char c) { return c >= ' ' && c < 0x7f && c != '"' && c != '\\' && !is_html(c); };
  if (!std::all_of(text.begin(), text.end(), is_plain)) {
    SecretString quoted = Json(SecretString(text)).dump(-1, ' ', false, Json::error_handler_t::replace);
    if (std::any_of(quoted.begin(), quoted.end(), is_html)) escape_html(quoted);
    escape_separators(quoted);
    out += quoted;
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

bool flag_member(const Json& value, std::string_view name) {
  const Json* member = find_member(value, name);
  return member != nullptr && member->is_boolean() && member->get<bool>();
}

std::vector<std::string> list_texts(const Json* list) {
  std::vector<std::string> texts;
  if (list == nullptr || !list->is_array()) return texts;
  for (const Json& each : *list) {
    if (each.is_string()) texts.emplace_back(each.get_ref<const SecretString&>().view());
  }
  return texts;
}

std::int64_t number_member(const Json& value, std::string_view name) {
  const Json* member = find_member(value, name);
  return member != nullptr && member->is_number_integer() ? member->get<std::int64_t>() : 0;
}

}  // namespace vtoken
