#include "cmd/sweep_rows.hpp"

#include <ostream>

#include "cmd/output_yaml.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

// U+0080 to U+009F, which a terminal may act on, are C2 80 to C2 9F, and stand in texts only.
SecretString without_controls(const SecretString& json) {
  constexpr unsigned kLead = 0xc2;
  constexpr std::string_view kDigits = "0123456789abcdef";
  SecretString out;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const unsigned byte = static_cast<unsigned char>(json[i]);
    const unsigned next = i + 1 < json.size() ? static_cast<unsigned char>(json[i + 1]) : 0;
    const bool is_c1 = byte == kLead && next >= 0x80 && next < 0xa0;
    if (!is_c1 && byte != 0x7f) {
      out += json[i];
      continue;
    }
    const unsigned rune = is_c1 ? next : byte;
    out += "\\u00";
    out += kDigits[rune >> 4U];
    out += kDigits[rune & 0xfU];
    if (is_c1) ++i;
  }
  return out;
}

// In the order promised; `before` each member and `colon` make it one line or several.
SecretString row_text(const sweep::Settled& row, std::string_view before, std::string_view between,
                      std::string_view after) {
  SecretString out = "{";
  bool first = true;
  const auto name = [&](std::string_view of) {
    if (!first) out += ',';
    first = false;
    out += before;
    append_json_text(out, of);
    out += between;
  };
  const auto member = [&](std::string_view of, std::string_view text) {
    name(of);
    append_json_text(out, text);
  };
  member("accessor", row.accessor);
  member("outcome", sweep::outcome_name(row.outcome));
  name("policies");
  char bracket = '[';
  for (const std::string& policy : row.policies) {
    out += bracket;
    append_json_text(out, policy);
    bracket = ',';
  }
  out += row.policies.empty() ? "[]" : "]";
  member("display_name", row.display_name);
  member("path", row.path);
  name("error");
  if (row.error.empty()) {
    out += "null";
  } else {
    append_json_text(out, row.error);
  }
  out += after;
  out += '}';
  return without_controls(out);
}

Result<SecretString> yaml_item(const sweep::Settled& row) {
  Json item = Json::object();
  item["accessor"] = SecretString(row.accessor);
  item["outcome"] = SecretString(sweep::outcome_name(row.outcome));
  item["policies"] = Json::array();
  for (const std::string& policy : row.policies) item["policies"].push_back(SecretString(policy));
  item["display_name"] = SecretString(row.display_name);
  item["path"] = SecretString(row.path);
  item["error"] = row.error.empty() ? Json(nullptr) : Json(SecretString(row.error));
  Json list = Json::array();
  list.push_back(std::move(item));
  return yaml_text(list);
}

}  // namespace

void SweepRows::write(std::string_view text) {
  if (broken_) return;
  std::ostream& out = output_.streams().out;
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  if (output_.format() == Format::ndjson) out.flush();
  broken_ = !out.good();
}

void SweepRows::add(const sweep::Settled& settled) {
  switch (output_.format()) {
    case Format::ndjson: {
      SecretString line = row_text(settled, "", ":", "");
      line += '\n';
      write(line.view());
      break;
    }
    case Format::json:
      write(count_ == 0 ? "[\n  " : ",\n  ");
      write(row_text(settled, "\n    ", ": ", "\n  ").view());
      break;
    case Format::yaml:
      if (const auto item = yaml_item(settled)) write(item->view());
      break;
    default: return;
  }
  ++count_;
}

void SweepRows::close() {
  if (output_.format() == Format::json) write(count_ == 0 ? "[]\n" : "\n]\n");
  if (output_.format() == Format::yaml && count_ == 0) write("[]\n");
  if (broken_) return;
  broken_ = !output_.streams().out.flush().good();
}

}  // namespace vtoken::cmd
