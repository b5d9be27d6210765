// A sweep's journal, as its file holds it. Where it is cut changes nothing but what is behind; what is read can be
// written, and is then read as before.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz.hpp"
#include "sweep/journal_lines.hpp"

namespace {

using namespace vtoken;
using namespace vtoken::sweep;

// Reads whole lines up to the first that is none; the number of bytes read.
std::size_t read(std::string_view text, JournalReader& reader) {
  std::size_t at = 0;
  for (;;) {
    const std::size_t newline = text.find('\n', at);
    if (newline == std::string_view::npos) return at;
    const auto taken = reader.line(text.substr(at, newline - at));
    if (!taken) {
      fuzz::require(taken.error().kind == ErrorKind::damaged && taken.error().message.starts_with("line "));
      return at;
    }
    at = newline + 1;
  }
}

SecretString written(const JournalPast& past) {
  SecretString text;
  append_head(text, past.head);
  for (const auto& entry : past.entries) append_planned(text, entry.row);
  if (past.plan_complete || !past.entries.empty()) append_plan_complete(text);
  for (const auto& entry : past.entries) {
    if (entry.tried) append_revoking(text, entry.row.accessor);
    if (entry.outcome) append_settled(text, entry.row.accessor, *entry.outcome, "");
  }
  return text;
}

void require_same(const JournalPast& a, const JournalPast& b) {
  fuzz::require(a.head == b.head && a.entries.size() == b.entries.size());
  for (std::size_t i = 0; i < a.entries.size(); ++i) {
    const auto& x = a.entries[i];
    const auto& y = b.entries[i];
    fuzz::require(x.row.accessor == y.row.accessor && x.row.display_name == y.row.display_name);
    fuzz::require(x.row.path == y.row.path && x.row.policies == y.row.policies);
    fuzz::require(x.tried == y.tried && x.outcome == y.outcome);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  JournalReader reader;
  const std::size_t whole = read(text, reader);
  if (!reader.has_head()) {
    fuzz::require(whole == 0);
    return 0;
  }
  const JournalPast past = std::move(reader).finish();
  JournalReader again;
  const SecretString copy = written(past);
  fuzz::require(read(copy.view(), again) == copy.size());
  require_same(past, std::move(again).finish());
  return 0;
}
