#include "cmd/sweep_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <vector>

#include "cmd/readable.hpp"
#include "cmd/shell_word.hpp"
#include "cmd/status.hpp"

namespace vtoken::cmd {
namespace {

using sweep::Outcome;
using sweep::Plan;
using sweep::Summary;

constexpr std::size_t kMostRows = 10;
constexpr std::size_t kMostExamples = 10;
constexpr std::size_t kLongestName = 120;
constexpr std::size_t kLongestExample = 300;

using Counts = std::map<std::string, std::size_t>;

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + readable(name, kLongestName);
  return text;
}

std::string caller_text(const sweep::CallerFacts& caller) {
  if (!caller.known) return "not known (the token may not look itself up)";
  std::string text = caller.display_name.empty() ? "no display name" : readable(caller.display_name, kLongestName);
  if (!caller.accessor.empty()) text += ", accessor " + readable(caller.accessor, kLongestName);
  text += caller.policies.empty() ? ", no policies" : ", policies " + joined(caller.policies);
  return text;
}

// The largest first, those of one size by name.
std::vector<Counts::const_iterator> ranked(const Counts& counts) {
  std::vector<Counts::const_iterator> rows;
  for (auto row = counts.begin(); row != counts.end(); ++row) rows.push_back(row);
  const auto shown = std::min(rows.size(), kMostRows);
  std::partial_sort(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(shown), rows.end(),
                    [](const auto& a, const auto& b) {
                      return a->second != b->second ? a->second > b->second : a->first < b->first;
                    });
  return rows;
}

std::string counts_text(std::string_view title, const Counts& counts) {
  if (counts.empty()) return {};
  const auto rows = ranked(counts);
  const std::size_t shown = std::min(rows.size(), kMostRows);
  const std::size_t width = grouped(rows.front()->second).size();
  std::string text = fmt::format("  {}:", title);
  for (std::size_t i = 0; i < shown; ++i) {
    const std::string name = rows[i]->first.empty() ? "(none)" : readable(rows[i]->first, kLongestName);
    text += fmt::format("\n    {:>{}}  {}", grouped(rows[i]->second), width, name);
  }
  if (rows.size() > shown) text += fmt::format("\n    … and {} more", grouped(rows.size() - shown));
  return text;
}

std::string is_or_are(std::size_t number) { return number == 1 ? "is" : "are"; }
std::string it_or_they(std::size_t number, std::string_view verb) {
  return number == 1 ? fmt::format("it {}", verb == "go" ? "goes" : verb) : fmt::format("they {}", verb);
}

// The caller's own token and its ancestors, of which one may be all that matches.
std::string selves_text(std::size_t number) {
  return number == 1 ? "your own token, or one it was made with"
                     : fmt::format("{} tokens: your own and those it was made with", grouped(number));
}

// Nothing that matched, and was to go, is left.
bool is_done(const Summary& summary, bool dry_run) noexcept {
  if (!summary.ended.empty()) return false;
  return dry_run || (summary.complete && summary.left == 0 && summary.unseen == 0);
}

std::string outcome_line(std::size_t count, std::string_view rest) {
  return fmt::format("  {} {}", counted(count, "token"), rest);
}

}  // namespace

SweepReport::SweepReport(Output& output, SweepReportOptions options)
    : output_(output), options_(std::move(options)), rows_(output) {}

SweepReport::SweepReport(Session& session, const sweep::Filter& filter, const std::string& journal)
    : output_(session.output),
      options_{.program = session.context.program,
               .address = session.target.address,
               .source = session.target.source,
               .namespace_path = session.client.options().namespace_path,
               .sought = filter.described(),
               .journal = journal,
               .quiet = session.context.common.quiet},
      session_(&session),
      rows_(session.output) {}

void SweepReport::doubts(const std::vector<std::string>& lines) {
  if (session_ != nullptr) session_->tell(lines);
}

void SweepReport::begin(const sweep::CallerFacts& caller) {
  caller_ = caller;
  if (!options_.quiet) target();
}

void SweepReport::target() {
  target_shown_ = true;
  const std::string source = options_.source.empty() ? "" : fmt::format(" (from {})", readable(options_.source));
  say(fmt::format("Target: {}{}", readable(options_.address), source));
  if (!options_.namespace_path.empty()) say("Namespace: " + readable(options_.namespace_path));
  say("Caller: " + caller_text(caller_));
  say("Looking for: " + readable(options_.sought));
}

void SweepReport::plan(const Plan& plan, bool asks) {
  if (options_.quiet && !asks) return;
  if (!target_shown_) target();
  say(fmt::format("{}: {}", plan.round > 1 ? fmt::format("Plan of round {}", plan.round) : "Plan",
                  counted(plan.total, "token")));
  for (const std::string& text : {counts_text("By policy (a token counts under each of its policies)", plan.by_policy),
                                  counts_text("By path that made them", plan.by_path)}) {
    if (!text.empty()) say(text);
  }
  if (plan.roots > 0) {
    say(fmt::format("Among them {} {}; {} after the others.", is_or_are(plan.roots), counted(plan.roots, "root token"),
                    it_or_they(plan.roots, "go")));
  }
  if (plan.selves > 0) {
    say(fmt::format("Among them {} {}; last of all.", is_or_are(plan.selves), selves_text(plan.selves)));
  }
  if (plan.spared_roots > 0) {
    say(fmt::format("Spared: {} (-include-root revokes {} too)", counted(plan.spared_roots, "root token"),
                    plan.spared_roots == 1 ? "it" : "them"));
  }
  if (plan.spared_selves > 0) {
    say(fmt::format("Spared: {} (-include-self revokes {} too)", selves_text(plan.spared_selves),
                    plan.spared_selves == 1 ? "it" : "them"));
  }
  if (plan.has_parent && plan.total > 0) {
    say("Warning: your own token was made with another one, its parent, which servers do not name. If the parent is\n"
        "among these tokens, yours ends with it and the sweep stops there. An orphan token or a root token is safe.");
  }
}

int SweepReport::finish(const Summary& summary, bool dry_run) {
  // The table first: the last line on a terminal is what to do next.
  rows_.close();
  table(summary);
  if (!options_.quiet) outcomes(summary, dry_run);
  left(summary);
  next_steps(summary, dry_run);
  const bool broken = rows_.broken() || !output_.streams().out.good();
  if (broken) output_.error("Standard output was closed or is full: not all is there. What is said here is complete.");
  output_.streams().err.flush();
  if (broken || !is_done(summary, dry_run)) return kFailed;
  return session_ != nullptr ? session_->settled() : kDone;
}

void SweepReport::outcomes(const Summary& summary, bool dry_run) {
  const auto count = [&](Outcome outcome) { return summary.count(outcome); };
  const std::string rounds = summary.rounds > 1 ? fmt::format(", {} rounds", summary.rounds) : "";
  say(fmt::format("{}: {} listed, {} looked up, {} matched{}", dry_run ? "Dry run, nothing was revoked" : "Result",
                  grouped(summary.listed), grouped(summary.looked_up), grouped(summary.matched), rounds));
  if (const auto number = count(Outcome::would_revoke); number > 0) say(outcome_line(number, "would be revoked"));
  if (const auto number = count(Outcome::revoked); number > 0) say(outcome_line(number, "revoked"));
  if (const auto number = count(Outcome::gone); number > 0) {
    say(outcome_line(number, "gone already: ended, or revoked with what they were made with"));
  }
  if (const auto number = count(Outcome::dangling); number > 0) {
    say(fmt::format(
        "  {} dangling: listed, but without a token that could be used. `{} write -f auth/token/tidy` clears\n"
        "    such up.",
        counted(number, "accessor"), options_.program));
  }
  if (const auto number = count(Outcome::denied); number > 0) {
    say(outcome_line(number,
                     "denied: the caller's policies must allow `update` on auth/token/lookup-accessor and on\n"
                     "    auth/token/revoke-accessor"));
  }
  if (const auto number = count(Outcome::failed); number > 0) say(outcome_line(number, "failed"));
  if (const auto number = count(Outcome::spared); number > 0) {
    say(outcome_line(number, "spared: root tokens, your own and those it was made with"));
  }
}

void SweepReport::left(const Summary& summary) {
  if (summary.left > 0) {
    output_.error(fmt::format("LEFT: {} that matched, or could not be looked at, {} not revoked.",
                              counted(summary.left, "token"), summary.left == 1 ? "was" : "were"));
  }
  if (summary.unseen > 0) {
    output_.error(fmt::format("NOT LOOKED AT: {}, which may match.", counted(summary.unseen, "token")));
  }
  const std::size_t shown = std::min(summary.examples.size(), kMostExamples);
  for (std::size_t i = 0; i < shown; ++i) output_.error("  " + readable(summary.examples[i], kLongestExample));
  if (shown > 0 && summary.left > shown) {
    output_.error(fmt::format("  … and {} more", grouped(summary.left - shown)));
  }
}

void SweepReport::next_steps(const Summary& summary, bool dry_run) {
  if (!summary.ended.empty()) output_.error("Ended early: " + readable(summary.ended));
  if (!summary.advice.empty()) output_.error(readable(summary.advice));
  if (is_done(summary, dry_run)) {
    if (!options_.quiet && !dry_run) say("Done: no token that matches is left.");
    return;
  }
  if (summary.ended.empty() && !summary.complete && !dry_run) {
    output_.error(fmt::format(
        "After {} there were tokens that match. Perhaps something still makes them: stop that first (a role,"
        " a\nlogin, a policy), or give more -rounds.",
        counted(static_cast<std::size_t>(std::max(summary.rounds, 0)), "round")));
  }
  if (dry_run) return;
  if (options_.journal.empty()) {
    output_.error("To go on, run the same command again: what is revoked stays revoked.");
  } else {
    output_.error(fmt::format("To go on: {} accessors revoke -resume -journal={}", options_.program,
                              readable(shell_word(options_.journal))));
  }
}

void SweepReport::table(const Summary& summary) {
  std::ostream& out = output_.streams().out;
  if (output_.format() == Format::table) {
    std::vector<std::vector<std::string>> rows;
    for (std::size_t i = 0; i < summary.outcomes.size(); ++i) {
      if (summary.outcomes.at(i) == 0) continue;
      rows.push_back({std::string(outcome_name(static_cast<Outcome>(i))), fmt::to_string(summary.outcomes.at(i))});
    }
    // None that is known says nothing when not all were looked at.
    const bool unknown = summary.left == 0 && !summary.complete && !summary.ended.empty();
    rows.push_back({"left", unknown ? "unknown" : fmt::to_string(summary.left)});
    output_.table({"Outcome", "Count"}, rows);
  }
  out.flush();
}

std::string SweepReport::question(const Plan& plan) {
  return plan.total == 1 ? "Revoke this token?" : fmt::format("Revoke these {} tokens?", grouped(plan.total));
}

}  // namespace vtoken::cmd
