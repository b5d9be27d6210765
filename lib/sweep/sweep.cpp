#include "sweep/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "sweep/dispatch.hpp"
#include "sweep/ledger.hpp"
#include "sweep/record.hpp"
#include "sweep/revocation.hpp"
#include "sweep/scan.hpp"

namespace vtoken::sweep {
namespace {

bool is_root(const std::vector<std::string>& policies) {
  return std::find(policies.begin(), policies.end(), "root") != policies.end();
}

void join(Matches& to, Matches&& more) {
  for (; !more.empty(); more.pop_front()) to.push_back(more.front());
}

bool holds(const Matches& matches, std::uint32_t number) {
  return std::any_of(matches.begin(), matches.end(), [number](const Match& match) { return match.number == number; });
}

class Sweep {
 public:
  Sweep(TokenClient& client, const Clock& clock, const SweepOptions& options, const SweepEvents& events)
      : options_(options),
        events_(events),
        record_(ledger_, options.journal, clock, events.settled, events.progress),
        dispatcher_(client.backend(), clock, {options.pace, options.is_store, events.interrupts, [this] { tick(); }}),
        caller_(client, clock),
        scan_(client, clock, dispatcher_, caller_, ledger_),
        revocation_(client, dispatcher_, caller_, ledger_, record_, events.interrupts) {}

  ApiResult<Summary> run() {
    if (auto met = caller_.meet(dispatcher_, options_.is_store); !met) return tl::unexpected(met.error());
    if (events_.met) events_.met(caller_.facts());
    auto swept = rounds();
    if (!swept) return tl::unexpected(ApiFailure{std::move(swept.error())});
    if (!summary_.ended.empty()) summary_.complete = false;
    record_.tell(true);
    record_.close(summary_);
    if (record_.journal_failure() && summary_.ended.empty()) {
      summary_.ended = stop_of_journal(*record_.journal_failure()).problem;
    }
    return std::move(summary_);
  }

 private:
  Result<void> rounds();
  Result<bool> settle_past();
  Result<bool> look();
  Result<bool> agree();
  Result<bool> revoke_round();
  Matches join_all();
  void revoke_last();
  bool act(const Matches& matches);
  void take_survivor(std::uint32_t number, const TokenFacts& facts);
  void place(const Match& match, std::int64_t creation_time, bool root);
  [[nodiscard]] bool is_own(std::string_view accessor) const;
  [[nodiscard]] Plan plan() const;
  [[nodiscard]] std::size_t planned() const { return first_.size() + late_.size() + roots_.size() + selves_.size(); }
  void would_revoke();
  void tick();
  bool stopped(const Stop& stop);

  const SweepOptions& options_;
  const SweepEvents& events_;
  Ledger ledger_;
  Record record_;
  Dispatcher dispatcher_;
  Caller caller_;
  Scan scan_;
  Revocation revocation_;
  Summary summary_;

  Matches first_;   // of this round
  Matches late_;    // of this round, and perhaps the caller's ancestors: revoking those would end the sweep
  Matches roots_;   // for the end
  Matches selves_;  // for the very end
  std::size_t done_before_ = 0;  // planned in earlier rounds
  std::size_t spared_roots_ = 0;
  std::size_t spared_selves_ = 0;
  std::set<std::uint32_t> survivors_;  // revoked once, and there
  bool self_gone_ = false;             // the caller's own token went with the others: it cannot ask any more
  bool agreed_ = false;
};

bool Sweep::is_own(std::string_view accessor) const {
  const CallerFacts& caller = caller_.facts();
  return (!caller.accessor.empty() && accessor == caller.accessor) ||
         std::find(caller.ancestors.begin(), caller.ancestors.end(), accessor) != caller.ancestors.end();
}

// Where a token that is meant belongs: to this round, to the end, or nowhere.
void Sweep::place(const Match& match, std::int64_t creation_time, bool root) {
  const bool own = is_own(ledger_.accessor(match.number));
  if ((own && !options_.include_self) || (root && !options_.include_root)) {
    ++(own ? spared_selves_ : spared_roots_);
    record_.settle(match, Outcome::spared, "");
    return;
  }
  ledger_.stand(match.number, Standing::planned);
  const CallerFacts& caller = caller_.facts();
  const bool may_be_ancestor = caller.has_parent && !caller.ancestors_known && creation_time <= caller.creation_time;
  Matches& to = own ? selves_ : root ? roots_ : may_be_ancestor ? late_ : first_;
  to.push_back(match);
}

Plan Sweep::plan() const {
  Plan plan;
  plan.round = summary_.rounds + 1;
  plan.total = planned();
  plan.roots = roots_.size();
  plan.selves = selves_.size();
  plan.spared_roots = spared_roots_;
  plan.spared_selves = spared_selves_;
  plan.has_parent = caller_.facts().has_parent && !caller_.facts().ancestors_known;
  for (const auto* matches : {&first_, &late_, &roots_, &selves_}) {
    for (const Match& match : *matches) {
      const JournalRow row = ledger_.row(match);
      ++plan.by_path[row.path];
      for (const std::string& policy : row.policies) ++plan.by_policy[policy];
    }
  }
  return plan;
}

bool Sweep::stopped(const Stop& stop) {
  if (!stop.early()) return false;
  summary_.ended = stop.problem;
  summary_.advice = stop.advice;
  return true;
}

void Sweep::tick() {
  scan_.report(record_.progress());
  record_.tell(false);
}

// It was revoked, and is there: a server may lag behind, so it is revoked once more, and no oftener.
void Sweep::take_survivor(std::uint32_t number, const TokenFacts& facts) {
  const bool first = survivors_.insert(number).second;
  if (first && summary_.rounds < options_.rounds) {
    place(ledger_.match(number, facts), facts.creation_time.value_or(0), facts.is_root());
    return;
  }
  record_.settle_still_there(number, std::string(kStillThere));
}

// Lists and looks up. False when it ended early.
Result<bool> Sweep::look() {
  record_.begin_phase(Phase::looking, 0);
  record_.progress().round = summary_.rounds + 1;
  ScanSink sink;
  sink.found = [this](std::uint32_t number, const TokenFacts& facts, const Response&) {
    if (!options_.filter.matches(facts)) {
      ledger_.stand(number, Standing::unmatched);
      return true;
    }
    if (record_.was_denied(number)) {
      record_.settle_denied_again(number);
      return true;
    }
    if (holds(roots_, number) || holds(selves_, number)) {
      ledger_.stand(number, Standing::planned);
      return true;
    }
    if (ledger_.ended(number)) {
      take_survivor(number, facts);
      return true;
    }
    ++record_.progress().matched;
    place(ledger_.match(number, facts), facts.creation_time.value_or(0), facts.is_root());
    return true;
  };
  sink.unknown = [this](std::uint32_t number, Outcome outcome, const std::string& error) {
    record_.settle_unknown(number, outcome, error);
  };
  auto scanned = scan_.run(options_.accessors, options_.list_timeout, sink);
  tick();
  record_.tell(true);
  if (!scanned) return tl::unexpected(std::move(scanned.error()));
  return !stopped(scanned->stop);
}

// Whether what is planned may be done. Fails with refused before anything was done; later on it ends the sweep.
Result<bool> Sweep::agree() {
  const std::size_t total = done_before_ + planned();
  if (options_.max && total > *options_.max) {
    const std::string text = fmt::format("{} tokens are to be revoked, more than -max={}", total, *options_.max);
    if (!agreed_) return fail(ErrorKind::refused, text + ": nothing was revoked");
    return !stopped({text, "Look at what makes them, then run this again."});
  }
  if (agreed_) return true;
  const Plan now = plan();
  if (events_.plan) events_.plan(now);
  auto agreed = events_.confirm ? events_.confirm(now) : Result<bool>(true);
  if (!agreed) return tl::unexpected(std::move(agreed.error()));
  if (!*agreed) return fail(ErrorKind::refused, "declined: nothing was revoked");
  agreed_ = true;
  return true;
}

bool Sweep::act(const Matches& matches) {
  if (matches.empty()) return true;
  return !stopped(options_.is_store ? revocation_.run_at_once(matches) : revocation_.run(matches));
}

// For a store, which does all or nothing: root tokens and the caller's own line belong to the round. Of that line the
// eldest takes the others with it, the caller too, so it is the last to be asked for; the others are returned.
Matches Sweep::join_all() {
  join(late_, std::move(roots_));
  if (selves_.empty()) return {};
  const std::vector<std::string>& ancestors = caller_.facts().ancestors;
  // The caller itself is no ancestor, and is the youngest.
  const auto age = [&](const Match& match) {
    const auto found = std::find(ancestors.begin(), ancestors.end(), ledger_.accessor(match.number));
    return found == ancestors.end() ? -1 : found - ancestors.begin();
  };
  Matches below = std::exchange(selves_, {});
  const auto eldest =
      std::max_element(below.begin(), below.end(), [&](const Match& a, const Match& b) { return age(a) < age(b); });
  late_.push_back(*eldest);
  below.erase(eldest);
  return below;
}

// Revokes what this round found. False when that ended early.
Result<bool> Sweep::revoke_round() {
  if (auto agreed = agree(); !agreed || !*agreed) return agreed;
  const bool had_selves = options_.is_store && !selves_.empty();
  const Matches below = options_.is_store ? join_all() : Matches();
  Matches now = std::exchange(first_, {});
  join(now, std::move(late_));
  const auto plan_all = [this](const Matches& matches) -> Result<void> {
    for (const Match& match : matches) {
      if (auto done = record_.planned(match); !done) return done;
    }
    return {};
  };
  auto noted = plan_all(now);
  if (noted) noted = plan_all(below);
  if (noted && summary_.rounds == 0) noted = plan_all(roots_);
  if (noted && summary_.rounds == 0) noted = plan_all(selves_);
  if (noted) noted = record_.plan_complete();
  if (!noted) {
    if (done_before_ == 0) return tl::unexpected(std::move(noted.error()));
    return !stopped(stop_of_journal(noted.error()));
  }
  done_before_ += now.size() + below.size();
  record_.begin_phase(Phase::revoking, now.size());
  const bool whole = act(now);
  const bool gone_too = !below.empty() && ledger_.ended(now.back().number).has_value();
  self_gone_ = self_gone_ || had_selves;
  for (const Match& match : below) {
    if (gone_too) record_.settle(match, Outcome::revoked, "");
  }
  record_.tell(true);
  return whole;
}

// What an older run planned and did not settle is revoked first: it was agreed to.
Result<bool> Sweep::settle_past() {
  for (const JournalPast::Entry& entry : options_.past->entries) {
    const Match match = ledger_.match(entry.row);
    if (entry.outcome == Outcome::revoked || entry.outcome == Outcome::gone) {
      ledger_.settle(match.number, *entry.outcome);
      ++done_before_;
      continue;
    }
    if (entry.tried) revocation_.remember_tried(match.number);
    place(match, caller_.facts().creation_time, is_root(entry.row.policies));
  }
  record_.progress().matched = options_.past->entries.size();
  if (options_.dry_run || planned() == 0) return true;
  return revoke_round();
}

void Sweep::would_revoke() {
  if (events_.plan) events_.plan(plan());
  for (const auto* matches : {&first_, &late_, &roots_, &selves_}) {
    for (const Match& match : *matches) record_.settle(match, Outcome::would_revoke, "");
  }
}

// Root tokens, then what may be the caller's own, after which nothing more can be asked.
void Sweep::revoke_last() {
  if (!act(roots_)) return;
  if (options_.verify && !self_gone_ && stopped(revocation_.verify())) return;
  act(selves_);
}

Result<void> Sweep::rounds() {
  const bool resumes = options_.past != nullptr && options_.past->plan_complete;
  bool whole = true;
  if (resumes) {
    auto settled = settle_past();
    if (!settled) return tl::unexpected(std::move(settled.error()));
    whole = *settled;
  }
  const bool once = options_.accessors != nullptr || options_.only_past;
  const bool looks = !options_.only_past;
  for (bool again = looks && whole; again; ++summary_.rounds) {
    auto looked = look();
    if (!looked) return tl::unexpected(std::move(looked.error()));
    if (!*looked) return {};
    const bool none = first_.empty() && late_.empty() && (summary_.rounds > 0 || roots_.size() + selves_.size() == 0);
    if (options_.dry_run || none) break;
    if (summary_.rounds == options_.rounds) {
      stopped({fmt::format("{} more found after {} of revoking", first_.size() + late_.size(),
                           summary_.rounds == 1 ? "1 round" : fmt::format("{} rounds", summary_.rounds)),
               "Something goes on making them: find it, then run this again."});
      return {};
    }
    const std::size_t before = record_.progress().revoked;
    const bool some = !first_.empty() || !late_.empty();
    auto revoked = revoke_round();
    if (!revoked) return tl::unexpected(std::move(revoked.error()));
    whole = *revoked;
    // What failed is tried again as long as there is something to show for it.
    again = whole && !once && (!some || !survivors_.empty() || record_.progress().revoked > before);
    // A store ends all in one transaction, the caller's own token too.
    if (self_gone_) again = false;
  }
  if (!whole) return {};
  summary_.complete = true;
  if (options_.dry_run) would_revoke();
  if (!options_.dry_run) revoke_last();
  return {};
}

}  // namespace

ApiResult<Summary> sweep(TokenClient& client, const Clock& clock, const SweepOptions& options,
                         const SweepEvents& events) {
  return Sweep(client, clock, options, events).run();
}

}  // namespace vtoken::sweep
