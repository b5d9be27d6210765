#include "cmd/key_values.hpp"

#include <fmt/format.h>

#include "cmd/args.hpp"
#include "cmd/inputs.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

class Builder {
 public:
  explicit Builder(const Context& context) : context_(context) {}

  Result<void> add(const std::string& word) {
    if (word.empty()) return {};
    const auto equals = word.find('=');
    if (equals == std::string::npos) {
      if (word == "-" || word.front() == '@') return merge(word == "-" ? word : word.substr(1));
      return wrong(fmt::format("invalid key/value pair {}: format must be key=value", go_quoted(word)));
    }
    auto value = read_value(word.substr(equals + 1));
    if (!value) return tl::unexpected(value.error());
    put(SecretString(word.substr(0, equals)), std::move(*value));
    return {};
  }

  Json take() { return std::move(object_); }

 private:
  static tl::unexpected<Error> wrong(std::string_view what) {
    return fail(ErrorKind::usage, fmt::format("Failed to parse K=V data: {}", what));
  }

  Result<SecretString> read(const std::string& path) {
    if (path == "-" && std::exchange(stdin_used_, true)) return wrong("standard input can be named once only");
    auto text = read_secret_file(context_, path);
    if (!text) return wrong(fmt::format("error reading file: {}", text.error().text()));
    return text;
  }

  Result<SecretString> read_value(std::string value) {
    if (value == "-") return read(value);
    if (value.size() > 1 && value.front() == '@') return read(value.substr(1));
    if (value.starts_with("\\@")) value.erase(0, 1);
    return SecretString(value);
  }

  Result<void> merge(const std::string& path) {
    auto text = read(path);
    if (!text) return tl::unexpected(text.error());
    auto json = parse_json(text->view());
    const std::string source = path == "-" ? "standard input" : path;
    if (!json || !json->is_object()) return wrong(fmt::format("{} holds no JSON object", source));
    object_.update(*json);
    return {};
  }

  void put(const SecretString& key, SecretString value) {
    const auto found = object_.find(key);
    if (found == object_.end()) {
      object_[key] = std::move(value);
      return;
    }
    if (!found->is_array()) *found = Json::array({std::move(*found)});
    found->push_back(std::move(value));
  }

  const Context& context_;
  Json object_ = Json::object();
  bool stdin_used_ = false;
};

}  // namespace

Result<Json> read_key_values(const Context& context, const std::vector<std::string>& words) try {
  Builder builder(context);
  for (const std::string& word : words) {
    if (auto added = builder.add(word); !added) return tl::unexpected(added.error());
  }
  return builder.take();
} catch (const Json::exception& error) {
  return fail(ErrorKind::usage, fmt::format("Failed to parse K=V data: {}", error.what()));
}

}  // namespace vtoken::cmd
