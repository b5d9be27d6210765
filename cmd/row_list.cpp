#include "cmd/row_list.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "token/mask.hpp"

namespace vtoken::cmd {
namespace {

// As readable(), but in memory that is wiped, and byte by byte: what is revealed can be told exactly.
SecretString printable(std::string_view text) {
  SecretString out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) {
      out += c;
    } else {
      out += SecretString(fmt::format("\\x{:02x}", byte));
    }
  }
  return out;
}

}  // namespace

RowList::RowList(bool reveal) : reveal_(reveal) { rows_.push_back({"Key", "Value"}); }

void RowList::add(std::string_view name, SecretString value) {
  rows_.push_back({SecretString(name), std::move(value)});
}

void RowList::add_text(std::string_view name, std::string_view value) {
  if (!value.empty()) add(name, printable(value));
}

void RowList::add_secret(std::string_view name, std::string_view secret) {
  add(name, reveal_ ? printable(secret) : SecretString(mask_token(secret)));
}

void RowList::add_list(std::string_view name, const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : ", ") + value;
  add_text(name, text);
}

bool RowList::has(std::string_view name) const {
  return std::any_of(rows_.begin(), rows_.end(), [&](const auto& row) { return row.front().view() == name; });
}

}  // namespace vtoken::cmd
