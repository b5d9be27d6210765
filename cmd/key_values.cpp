#include "cmd/key_values.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cmd/args.hpp"
#include "cmd/inputs.hpp"
#include "cmd/output_go.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

tl::unexpected<Error> wrong(std::string what) { return fail(ErrorKind::usage, std::move(what)); }

// Why a text is no JSON object, as far as can be said without reading it again.
std::string not_an_object(std::string_view text, const std::optional<Json>& json) {
  if (!json) return trimmed(text).empty() ? "EOF" : "it is not JSON";
  std::string_view kind = "number";
  if (json->is_array()) kind = "array";
  if (json->is_string()) kind = "string";
  if (json->is_boolean()) kind = "bool";
  return fmt::format("json: cannot unmarshal {} into Go value of type map[string]interface {{}}", kind);
}

class Builder {
 public:
  explicit Builder(const Context& context) : context_(context) {}

  Result<void> add(const std::string& word) {
    if (word.empty()) return {};
    const auto equals = word.find('=');
    if (equals == std::string::npos) {
      if (word == "-" || word.front() == '@') return merge(word);
      return wrong("format must be key=value");
    }
    auto value = read_value(word.substr(equals + 1));
    if (!value) return tl::unexpected(value.error());
    put(SecretString(word.substr(0, equals)), std::move(*value));
    return {};
  }

  Json take() { return std::move(object_); }

 private:
  [[nodiscard]] bool is_ours() const noexcept { return context_.persona == Persona::vtoken; }

  // "-", or "@" and a file's name.
  Result<SecretString> read(const std::string& source) {
    if (source == "-") {
      if (std::exchange(stdin_used_, true)) {
        return wrong(is_ours() ? "standard input can be named once only" : "stdin already consumed");
      }
      return read_secret_file(context_, source);
    }
    const std::string path = source.substr(1);
    // A file called "-" is none of ours.
    auto text = read_secret_file(context_, path == "-" ? "./-" : path);
    if (text || text.error().kind == ErrorKind::usage) return text;
    const std::string why = go_system_error(text.error().message);
    return wrong(fmt::format("{} {}: {}", why == "is a directory" ? "read" : "open", path, why));
  }

  Result<SecretString> read_value(std::string value) {
    if (value == "-") return read(value);
    if (value.starts_with('@')) {
      auto text = read(value);
      return text ? text : wrong("error reading file: " + text.error().message);
    }
    if (value.starts_with("\\@")) value.erase(0, 1);
    return SecretString(value);
  }

  Result<void> merge(const std::string& source) {
    auto text = read(source);
    if (!text) return tl::unexpected(text.error());
    // The real command reads the first of several values, and null as nothing at all.
    auto json = is_ours() ? parse_json(text->view()) : parse_first_json(text->view());
    if (is_ours() && (!json || !json->is_object())) return wrong("it holds no JSON object");
    if (json && json->is_null()) {
      object_ = Json();
      return {};
    }
    if (!json || !json->is_object()) return wrong(not_an_object(text->view(), json));
    if (object_.is_null()) object_ = Json::object();
    object_.update(*json);
    return {};
  }

  void put(const SecretString& key, SecretString value) {
    if (object_.is_null()) object_ = Json::object();
    const auto found = object_.find(key);
    if (found == object_.end()) {
      object_[key] = std::move(value);
      return;
    }
    if (!found->is_array()) *found = found->is_null() ? Json::array() : Json::array({std::move(*found)});
    found->push_back(std::move(value));
  }

  const Context& context_;
  Json object_ = Json::object();
  bool stdin_used_ = false;
};

Result<Json> build(const Context& context, const std::vector<std::string>& words, std::string_view doing) {
  Builder builder(context);
  for (const std::string& word : words) {
    if (auto added = builder.add(word); !added) {
      return wrong(fmt::format("{}: invalid key/value pair {}: {}", doing, go_quoted(word), added.error().text()));
    }
  }
  return builder.take();
}

std::string query_text(const Json& value) {
  if (value.is_string()) return std::string(value.get_ref<const SecretString&>().view());
  if (value.is_boolean()) return value.get<bool>() ? "1" : "0";
  return value.is_null() ? std::string() : literal_text(value);
}

// In the real command's words.
std::string not_a_text(std::string_view name, std::size_t index, const Json& value) {
  SecretString shown;
  append_go_value(shown, value);
  return fmt::format("* '[{}][{}]' expected type 'string', got unconvertible type '{}', value: '{}'", name, index,
                     value.is_object() ? "map[string]interface {}" : "[]interface {}", shown.view());
}

}  // namespace

Result<Json> read_key_values(const Context& context, const std::vector<std::string>& words,
                             std::string_view doing) try {
  if (words.empty() && context.persona != Persona::vtoken) return Json();
  return build(context, words, doing);
} catch (const Json::exception& error) {
  return wrong(fmt::format("{}: {}", doing, error.what()));
}

Result<Query> read_query(const Context& context, const std::vector<std::string>& words, std::string_view doing) try {
  auto data = build(context, words, doing);
  if (!data) return tl::unexpected(data.error());
  Query query;
  std::vector<std::string> problems;
  for (auto member = data->begin(); member != data->end(); ++member) {
    const Json list = member->is_array() ? *member : member->is_null() ? Json::array() : Json::array({*member});
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (list[i].is_structured()) {
        problems.push_back(not_a_text(member.key().view(), i, list[i]));
      } else {
        query.emplace_back(std::string(member.key().view()), query_text(list[i]));
      }
    }
  }
  if (!problems.empty()) {
    return wrong(fmt::format("{}: failed to convert values to strings: {} error(s) decoding:\n\n{}", doing,
                             problems.size(), fmt::join(problems, "\n")));
  }
  return query;
} catch (const Json::exception& error) {
  return wrong(fmt::format("{}: {}", doing, error.what()));
}

}  // namespace vtoken::cmd
