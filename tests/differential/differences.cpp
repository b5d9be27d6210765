#include "differences.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "core/json.hpp"

namespace vtoken::differential {
namespace {

bool fits(const std::optional<std::regex>& pattern, const std::string& text) {
  return !pattern || std::regex_match(text, *pattern);
}

Deliberate read_entry(const Json& entry) {
  Deliberate read;
  for (const auto& [key, value] : entry.items()) {
    const std::string name(key.view());
    const auto pattern = [&value] { return std::regex(std::string(value.get_ref<const SecretString&>().view())); };
    if (name == "why")
      read.why = value.get_ref<const SecretString&>().view();
    else if (name == "path")
      read.path = pattern();
    else if (name == "body")
      read.body = pattern();
    else if (name == "where")
      read.where = pattern();
    else if (name == "store")
      read.store = pattern();
    else if (name == "server")
      read.server = pattern();
    else if (name == "ends")
      read.ends = value.get<bool>();
    else
      FAIL("an entry has no \"", name, "\"");
  }
  REQUIRE_MESSAGE(!read.why.empty(), "every difference says why");
  return read;
}

}  // namespace

Differences::Differences(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  const auto list = parse_json(text.str());
  REQUIRE_MESSAGE((list && list->is_array()), file, " is no JSON list");
  for (const auto& entry : *list) entries_.push_back(read_entry(entry));
}

const Deliberate* Differences::find(const Operation& operation, const Difference& difference) const {
  for (const auto& entry : entries_) {
    if (fits(entry.path, operation.path) && fits(entry.body, operation.body) && fits(entry.where, difference.where) &&
        fits(entry.store, difference.store) && fits(entry.server, difference.server)) {
      ++entry.met;
      return &entry;
    }
  }
  return nullptr;
}

}  // namespace vtoken::differential
