#include "cmd/output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "base/text.hpp"
#include "cmd/output_go.hpp"
#include "cmd/output_json.hpp"
#include "cmd/output_table.hpp"
#include "cmd/output_yaml.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kNoPretty = "Could not parse output: cannot use the pretty formatter for this type";
constexpr std::string_view kNoRaw = "This command does not support the -format=raw option.";
constexpr std::string_view kNoExports =
    "-format=env prints a token for the shell, and there is none in this answer; use another format.";
constexpr std::string_view kNoTable = "Could not parse output: cannot use the table formatter for this type";

void write(std::ostream& out, const SecretString& text) {
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
}

void write_line(std::ostream& out, const SecretString& text) {
  write(out, text);
  out << '\n';
}

// Nothing has no line, and an array one for each item.
void write_lines(std::ostream& out, const Json& value) {
  if (value.is_null()) return;
  if (!value.is_array()) return write_line(out, dump_json(value));
  for (const Json& item : value) write_line(out, dump_json(item));
}

// The real command cuts white space around the document before it adds the newline.
int write_yaml(Output& output, const Result<SecretString>& text) {
  if (!text) return output.failure("Could not parse output", text.error());
  const auto document = trim_space(text->view());
  output.streams().out << document << '\n';
  return 0;
}

Result<SecretString> answer_yaml(const Answer& answer) {
  const auto value = parse_json(answer_json(answer).view());
  if (!value) return fail(ErrorKind::internal, "cannot write this as YAML");
  return yaml_text(*value);
}

}  // namespace

Result<Format> parse_format(std::string_view text) {
  const std::string name = lower(text);
  if (name.empty() || name == "table") return Format::table;
  if (name == "json") return Format::json;
  if (name == "yaml" || name == "yml") return Format::yaml;
  if (name == "ndjson") return Format::ndjson;
  if (name == "env") return Format::env;
  if (name == "pretty") return Format::pretty;
  if (name == "raw") return Format::raw;
  return fail(ErrorKind::usage, fmt::format("Invalid output format: {}", name));
}

int Output::unsupported(std::string_view message) {
  error(message);
  return 1;
}

int Output::exports(const Answer& answer) {
  if (!answer.auth || answer.auth->client_token.empty() || !options_.exports) return unsupported(kNoExports);
  write(streams_->out, options_.exports(answer.auth->client_token.view()));
  return 0;
}

int Output::answer(const Answer& answer) {
  switch (options_.format) {
    case Format::json: write_line(streams_->out, answer_json(answer)); return 0;
    case Format::ndjson:
      if (const SecretString line = answer_line(answer); !line.empty()) write_line(streams_->out, line);
      return 0;
    case Format::env: return exports(answer);
    case Format::yaml: return write_yaml(*this, answer_yaml(answer));
    case Format::pretty: return unsupported(kNoPretty);
    case Format::raw: return unsupported(kNoRaw);
    case Format::table: break;
  }
  if (answer.warnings) warnings(*answer.warnings);
  write(streams_->out, render_table(answer_rows(answer)));
  return 0;
}

int Output::keys(const KeyList& keys, const Answer& envelope) {
  switch (options_.format) {
    case Format::json: write_key_json(streams_->out, keys); return 0;
    case Format::ndjson:
      keys.for_each([&](std::string_view key) {
        write_line(streams_->out, dump_json(Json(SecretString(key))));
        return true;
      });
      return 0;
    case Format::env: return unsupported(kNoExports);
    case Format::yaml: {
      const auto done = write_key_yaml(streams_->out, keys);
      return done ? 0 : failure("Could not parse output", done.error());
    }
    case Format::pretty: return unsupported(kNoPretty);
    case Format::raw: return unsupported(kNoRaw);
    case Format::table: break;
  }
  if (envelope.warnings) warnings(*envelope.warnings);
  write_key_table(streams_->out, keys);
  return 0;
}

int Output::data(const Json& value) {
  switch (options_.format) {
    case Format::json: write_line(streams_->out, json_text(value)); return 0;
    case Format::ndjson: write_lines(streams_->out, value); return 0;
    case Format::env: return unsupported(kNoExports);
    case Format::yaml: return write_yaml(*this, yaml_text(value));
    case Format::pretty: return unsupported(kNoPretty);
    case Format::raw: return unsupported(kNoRaw);
    case Format::table: break;
  }
  if (value.is_object()) {
    write(streams_->out, render_table(object_rows(value)));
    return 0;
  }
  KeyList keys;
  if (!value.is_array()) return unsupported(kNoTable);
  for (const Json& item : value) {
    if (!item.is_string()) return unsupported(kNoTable);
    keys.add(item.get_ref<const SecretString&>().view());
  }
  write_key_table(streams_->out, keys);
  return 0;
}

void Output::table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows) {
  Rows all;
  all.emplace_back(header.begin(), header.end());
  for (const auto& row : rows) {
    all.emplace_back(row.begin(), row.end());
    all.back().resize(std::max(row.size(), header.size()));
  }
  write(streams_->out, render_table(all));
}

}  // namespace vtoken::cmd
