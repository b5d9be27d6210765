#include "sweep/record.hpp"

#include <fmt/format.h>

#include <utility>

namespace vtoken::sweep {
namespace {

constexpr Nanoseconds kBetween = kSecond / 10;  // two tellings
constexpr std::size_t kMostExamples = 10;

bool may_end_otherwise(Outcome outcome) {
  return outcome == Outcome::denied || outcome == Outcome::failed || outcome == Outcome::dangling;
}

}  // namespace

Record::Record(Ledger& ledger, Journal* journal, const Clock& clock, std::function<void(const Settled&)> settled,
               std::function<void(const Progress&)> progress)
    : ledger_(ledger), journal_(journal), clock_(clock), settled_(std::move(settled)), told_(std::move(progress)) {}

void Record::settle(const Match& match, Outcome outcome, const std::string& error) {
  const auto ended = ledger_.ended(match.number);
  ledger_.settle(match.number, ended && outcome == Outcome::gone ? *ended : outcome);
  if (outcome == Outcome::revoked && !ended) ++progress_.revoked;
  if (outcome == Outcome::denied || outcome == Outcome::failed) ++progress_.failed;
  const JournalRow row = ledger_.row(match);
  if (outcome != Outcome::spared && outcome != Outcome::would_revoke) note(row.accessor, outcome, error);
  if (may_end_otherwise(outcome)) {
    troubles_.insert_or_assign(match.number, Trouble{match, outcome, error});
    return;
  }
  troubles_.erase(match.number);
  if (!ended) tell_settled(row, outcome, error);
}

void Record::settle_unknown(std::uint32_t number, Outcome outcome, const std::string& error) {
  const auto before = troubles_.extract(number);
  if (const auto ended = ledger_.ended(number); ended && (outcome == Outcome::gone || outcome == Outcome::dangling)) {
    ledger_.settle(number, *ended);
    return;
  }
  ledger_.settle(number, outcome);
  if (outcome == Outcome::denied || outcome == Outcome::failed) ++progress_.failed;
  if (may_end_otherwise(outcome)) {
    troubles_.insert_or_assign(number, Trouble{std::nullopt, outcome, error});
    return;
  }
  JournalRow row;
  row.accessor = ledger_.accessor(number);
  // What could not be revoked in an earlier round has ended since.
  if (!before.empty() && before.mapped().match) {
    row = ledger_.row(*before.mapped().match);
    note(row.accessor, outcome, error);
  }
  tell_settled(row, outcome, error);
}

void Record::settle_still_there(std::uint32_t number, const std::string& why) {
  ledger_.settle(number, Outcome::failed);
  note(ledger_.accessor(number), Outcome::failed, why);
  ++progress_.failed;
  const auto before = troubles_.extract(number);
  troubles_.insert_or_assign(number,
                             Trouble{before.empty() ? std::nullopt : before.mapped().match, Outcome::failed, why});
}

bool Record::was_denied(std::uint32_t number) const {
  const auto found = troubles_.find(number);
  return found != troubles_.end() && found->second.match && found->second.outcome == Outcome::denied;
}

void Record::tell_settled(const JournalRow& row, Outcome outcome, std::string_view error) const {
  if (settled_) settled_({row.accessor, outcome, row.policies, row.display_name, row.path, error});
}

void Record::note(std::string_view accessor, Outcome outcome, std::string_view error) {
  if (journal_ == nullptr || journal_failure_) return;
  if (auto noted = journal_->settled(accessor, outcome, error); !noted) journal_failure_ = std::move(noted.error());
}

Result<void> Record::revoking(const Match& match) {
  ledger_.stand(match.number, Standing::tried);
  if (journal_ == nullptr) return {};
  if (journal_failure_) return tl::unexpected(*journal_failure_);
  auto noted = journal_->revoking(ledger_.accessor(match.number));
  if (!noted) journal_failure_ = noted.error();
  if (!noted) ledger_.stand(match.number, Standing::planned);
  return noted;
}

Result<void> Record::planned(const Match& match) {
  return journal_ == nullptr ? Result<void>() : journal_->planned(ledger_.row(match));
}

Result<void> Record::plan_complete() { return journal_ == nullptr ? Result<void>() : journal_->plan_complete(); }

void Record::begin_phase(Phase phase, std::size_t total) {
  tell(true);
  progress_.phase = phase;
  progress_.phase_done = 0;
  progress_.phase_total = total;
  progress_.phase_started = clock_.now();
}

void Record::tell(bool at_once) {
  if (!told_) return;
  const Nanoseconds now = clock_.now();
  if (!at_once && now - told_at_ < kBetween) return;
  told_at_ = now;
  told_(progress_);
}

void Record::close(Summary& summary) {
  for (const auto& [number, trouble] : troubles_) {
    JournalRow row;
    row.accessor = ledger_.accessor(number);
    if (trouble.match) row = ledger_.row(*trouble.match);
    tell_settled(row, trouble.outcome, trouble.error);
    if (trouble.outcome == Outcome::dangling || summary.examples.size() >= kMostExamples) continue;
    summary.examples.push_back(fmt::format("{}: {}", row.accessor, trouble.error));
  }
  for (std::size_t i = 0; i < summary.outcomes.size(); ++i) {
    summary.outcomes.at(i) = ledger_.count(static_cast<Outcome>(i));
  }
  summary.listed = ledger_.size();
  summary.left = summary.count(Outcome::denied) + summary.count(Outcome::failed) + ledger_.count(Standing::planned) +
                 ledger_.count(Standing::tried);
  summary.unseen = ledger_.count(Standing::listed) + ledger_.count(Standing::asked);
  summary.looked_up = progress_.looked_up;
  summary.matched = progress_.matched;
  if (journal_ == nullptr) return;
  if (auto closed = journal_->close(); !closed && !journal_failure_) journal_failure_ = std::move(closed.error());
}

}  // namespace vtoken::sweep
