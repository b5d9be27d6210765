#include "sweep/journal_lines.hpp"

#include <fmt/format.h>

#include <initializer_list>
#include <utility>

#include "core/json.hpp"

namespace vtoken::sweep {
namespace {

constexpr std::int64_t kVersion = 1;

// The values of "event".
constexpr std::string_view kSweep = "sweep";
constexpr std::string_view kPlanned = "planned";
constexpr std::string_view kPlanComplete = "plan-complete";
constexpr std::string_view kRevoking = "revoking";
constexpr std::string_view kSettled = "settled";

void open(SecretString& out, std::string_view event) {
  out += "{\"event\":";
  append_json_text(out, event);
}

void member(SecretString& out, std::string_view name, std::string_view value) {
  out += ',';
  append_json_text(out, name);
  out += ':';
  append_json_text(out, value);
}

void close(SecretString& out) { out += "}\n"; }

bool has_texts(const Json& line, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    const Json* value = find_member(line, name);
    if (value == nullptr || !value->is_string()) return false;
  }
  return true;
}

std::string text(const Json& line, std::string_view name) { return std::string(text_member(line, name)); }

std::optional<JournalRow> read_row(const Json& line) {
  const Json* policies = find_member(line, "policies");
  if (policies == nullptr || !policies->is_array()) return std::nullopt;
  if (!has_texts(line, {"accessor", "display_name", "path"})) return std::nullopt;
  JournalRow row{text(line, "accessor"), text(line, "display_name"), text(line, "path"), {}};
  for (const Json& policy : *policies) {
    if (!policy.is_string()) return std::nullopt;
    row.policies.emplace_back(policy.get_ref<const SecretString&>().view());
  }
  return row;
}

}  // namespace

void append_head(SecretString& out, const JournalHead& head) {
  open(out, kSweep);
  out += fmt::format(",\"version\":{}", kVersion);
  member(out, "target", head.target);
  member(out, "namespace", head.namespace_path);
  member(out, "filter", head.filter);
  close(out);
}

void append_planned(SecretString& out, const JournalRow& row) {
  open(out, kPlanned);
  member(out, "accessor", row.accessor);
  out += ",\"policies\":[";
  for (std::size_t i = 0; i < row.policies.size(); ++i) {
    if (i > 0) out += ',';
    append_json_text(out, row.policies[i]);
  }
  out += ']';
  member(out, "display_name", row.display_name);
  member(out, "path", row.path);
  close(out);
}

void append_plan_complete(SecretString& out) {
  open(out, kPlanComplete);
  close(out);
}

void append_revoking(SecretString& out, std::string_view accessor) {
  open(out, kRevoking);
  member(out, "accessor", accessor);
  close(out);
}

void append_settled(SecretString& out, std::string_view accessor, Outcome outcome, std::string_view error) {
  open(out, kSettled);
  member(out, "accessor", accessor);
  member(out, "outcome", outcome_name(outcome));
  if (error.empty()) {
    out += ",\"error\":null";
  } else {
    member(out, "error", error);
  }
  close(out);
}

Result<void> JournalReader::line(std::string_view text) {
  ++number_;
  const auto damaged = [this](std::string_view why) {
    return fail(ErrorKind::damaged, fmt::format("line {}: {}", number_, why));
  };
  const auto line = parse_json(text);
  const std::string_view event = line ? text_member(*line, "event") : std::string_view();
  if (!has_head_) {
    if (event != kSweep || !has_texts(*line, {"target", "namespace", "filter"}))
      return damaged("not a sweep's journal");
    if (number_member(*line, "version") != kVersion) return damaged("a journal of another version of this program");
    past_.head = {sweep::text(*line, "target"), sweep::text(*line, "namespace"), sweep::text(*line, "filter")};
    has_head_ = true;
    return {};
  }
  if (event == kPlanned) {
    auto row = read_row(*line);
    if (!row) return damaged("not a whole line of a plan");
    plan_.push_back(std::move(*row));
    return {};
  }
  if (event == kPlanComplete) {
    complete_plan();
    return {};
  }
  if (event == kRevoking && has_texts(*line, {"accessor"})) {
    entry(text_member(*line, "accessor")).tried = true;
    return {};
  }
  if (event == kSettled && has_texts(*line, {"accessor", "outcome"})) {
    const auto outcome = outcome_named(text_member(*line, "outcome"));
    if (!outcome) return damaged("an outcome that is not known");
    entry(text_member(*line, "accessor")).outcome = outcome;
    return {};
  }
  return damaged("not a line of a sweep's journal");
}

JournalPast JournalReader::finish() && { return std::move(past_); }

JournalPast::Entry& JournalReader::entry(std::string_view accessor) {
  const auto added = accessors_.add(accessor);
  if (added.is_new) past_.entries.emplace_back().row.accessor = accessor;
  return past_.entries[added.number];
}

// What is planned again was still there: what came of it before has not lasted.
void JournalReader::complete_plan() {
  for (JournalRow& row : plan_) {
    JournalPast::Entry& planned = entry(row.accessor);
    planned.row = std::move(row);
    planned.outcome.reset();
  }
  plan_.clear();
  past_.plan_complete = true;
}

}  // namespace vtoken::sweep
