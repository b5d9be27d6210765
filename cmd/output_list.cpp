// Lists whose answer is held whole: with -detailed their table has a column for what the server tells about the keys.
#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <set>

#include "cmd/output.hpp"
#include "cmd/output_go.hpp"
#include "cmd/output_json.hpp"
#include "cmd/output_table.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

using Texts = std::vector<SecretString>;

const Json* key_info(const Answer& answer) {
  const Json* info = find_member(*answer.data, "key_info");
  return info != nullptr && info->is_object() && !info->empty() ? info : nullptr;
}

// The names of what is told about any of the keys. What is told about others has no row, so it gets no column; but what
// would come after the last key does, in the real command.
Texts columns_of(const Json& info, const Texts& keys) {
  std::set<SecretString> names;
  for (auto row = info.begin(); row != info.end(); ++row) {
    const auto place = std::lower_bound(keys.begin(), keys.end(), row.key());
    if (place != keys.end() && *place != row.key()) continue;
    if (!row->is_object()) continue;
    for (auto value = row->begin(); value != row->end(); ++value) names.insert(value.key());
  }
  return {names.begin(), names.end()};
}

Rows detailed_rows(const Json& info, const Texts& keys) {
  const Texts columns = columns_of(info, keys);
  Texts header{"Keys"};
  header.insert(header.end(), columns.begin(), columns.end());
  if (columns.empty()) header.emplace_back();
  Rows rows{std::move(header)};
  for (const SecretString& key : keys) {
    Texts row{key};
    const auto told = info.find(key);
    if (told != info.end() && told->is_object()) {
      for (const SecretString& column : columns) {
        const auto value = told->find(column);
        row.push_back(value == told->end() ? SecretString("n/a") : member_text(column.view(), *value));
      }
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

int Output::list(const Answer& answer) {
  const Json* keys = answer.data == nullptr ? nullptr : find_member(*answer.data, "keys");
  if (keys == nullptr || !keys->is_array()) return data(Json::object());
  if (options_.format == Format::json && options_.detailed) return this->answer(answer);
  if (options_.format != Format::table) return data(*keys);
  if (answer.warnings) warnings(*answer.warnings);
  Texts sorted;
  for (const Json& key : *keys) {
    if (!key.is_string()) {
      SecretString text;
      append_go_value(text, key);
      error(fmt::format("Could not parse output: {} is not a string", text.view()));
      return 1;
    }
    sorted.push_back(key.get_ref<const SecretString&>());
  }
  if (sorted.empty()) return 0;
  std::sort(sorted.begin(), sorted.end());
  const Json* info = options_.detailed ? key_info(answer) : nullptr;
  Rows rows{{"Keys"}};
  for (const SecretString& key : sorted) rows.push_back({key});
  const SecretString text = render_table(info == nullptr ? rows : detailed_rows(*info, sorted));
  streams_->out.write(text.data(), static_cast<std::streamsize>(text.size()));
  return 0;
}

}  // namespace vtoken::cmd
