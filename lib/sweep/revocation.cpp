#include "sweep/revocation.hpp"

#include <utility>

#include "core/server_words.hpp"
#include "sweep/facts.hpp"

namespace vtoken::sweep {
Revocation::Revocation(TokenClient& client, Dispatcher& dispatcher, Caller& caller, Ledger& ledger, Record& record,
                       std::function<int()> interrupts)
    : client_(client),
      dispatcher_(dispatcher),
      caller_(caller),
      ledger_(ledger),
      record_(record),
      interrupts_(std::move(interrupts)) {}

Stop Revocation::run(const Matches& matches) {
  Stop stop;
  std::uint32_t next = 0;
  const auto work = [&]() -> Work {
    if (next == matches.size() || record_.journal_failure()) return tl::unexpected(NoWork::done);
    if (!record_.revoking(matches[next])) return tl::unexpected(NoWork::done);
    return next++;
  };
  const auto make = [&](std::uint32_t index) {
    return Offer(client_.accessor_request("revoke-accessor", ledger_.accessor(matches[index].number)));
  };
  const auto ended = dispatcher_.run(work, make, [&](const Answered& answered) {
    ++record_.progress().phase_done;
    return take(matches[answered.work], answered, stop);
  });
  if (ended && record_.journal_failure()) return stop_of_journal(*record_.journal_failure());
  return stop_of(ended, std::move(stop));
}

Stop Revocation::run_at_once(const Matches& matches) {
  Stop stop;
  std::size_t next = 0;
  bool interrupted = false;
  const auto source = [&]() -> Offer {
    interrupted = interrupted || (interrupts_ && interrupts_() > 0);
    if (interrupted || record_.journal_failure()) return Offer::stop();
    if (next == matches.size()) return Offer(std::nullopt);
    if (!record_.revoking(matches[next])) return Offer::stop();
    return Offer(client_.accessor_request("revoke-accessor", ledger_.accessor(matches[next++].number)));
  };
  std::size_t answers = 0;
  const auto sink = [&](std::size_t index, const Result<Response>& response) {
    ++answers;
    ++record_.progress().phase_done;
    const Request asked = client_.accessor_request("revoke-accessor", "");
    const Reading reading = read_situation(asked, response, 0);
    static_cast<void>(take(matches[index], {static_cast<std::uint32_t>(index), response, reading, false}, stop));
    return true;
  };
  const auto done = client_.backend().submit(source, sink);
  if (answers == 0) {
    // Nothing was committed.
    for (const Match& match : matches) ledger_.stand(match.number, Standing::planned);
  }
  if (!done) return {"nothing was revoked: " + done.error().text(), ""};
  if (record_.journal_failure()) return stop_of_journal(*record_.journal_failure());
  if (interrupted) return {"it was interrupted before anything was revoked", ""};
  return stop;
}

bool Revocation::take(const Match& match, const Answered& answered, Stop& stop) {
  const Reading& reading = answered.reading;
  switch (reading.situation) {
    case Situation::done:
      worked_ = true;
      record_.settle(match, Outcome::revoked, "");
      return true;
    case Situation::dangling:
      // Its token was there when it was looked up: it is going with one that made it, or by an earlier try. Should its
      // entry stay in the index, nobody can use it.
    case Situation::gone: {
      worked_ = true;
      const bool ours = answered.repeated || tried_before_.contains(match.number);
      record_.settle(match, ours ? Outcome::revoked : Outcome::gone, "");
      return true;
    }
    case Situation::refused: return take_refusal(match, reading, stop);
    default: break;
  }
  if (ends_sweep(reading.situation)) {
    // It said no, so nothing was done.
    ledger_.stand(match.number, Standing::planned);
    if (!stop.early()) stop = stop_at("a revocation failed", reading);
    return false;
  }
  record_.settle(match, Outcome::failed, described(reading));
  return true;
}

bool Revocation::take_refusal(const Match& match, const Reading& reading, Stop& stop) {
  const auto verdict = caller_.judge(kRevokePath, reading, worked_);
  if (verdict == Caller::Verdict::dead) {
    ledger_.stand(match.number, Standing::planned);
    if (!stop.early()) stop = stop_of_dead_caller(reading.text);
    return false;
  }
  record_.settle(match, Outcome::denied, reading.text);
  return true;
}

Stop Revocation::verify() {
  Stop stop;
  std::vector<std::uint32_t> revoked;
  for (std::uint32_t number = 0; number < ledger_.size(); ++number) {
    if (ledger_.outcome(number) == Outcome::revoked) revoked.push_back(number);
  }
  record_.begin_phase(Phase::verifying, revoked.size());
  std::uint32_t next = 0;
  const auto work = [&]() -> Work {
    if (next == revoked.size()) return tl::unexpected(NoWork::done);
    return next++;
  };
  const auto make = [&](std::uint32_t index) {
    return Offer(client_.accessor_request("lookup-accessor", ledger_.accessor(revoked[index])));
  };
  const auto ended = dispatcher_.run(work, make, [&](const Answered& answered) {
    ++record_.progress().phase_done;
    return take_check(revoked[answered.work], answered, stop);
  });
  return stop_of(ended, std::move(stop));
}

bool Revocation::take_check(std::uint32_t number, const Answered& answered, Stop& stop) {
  const Reading& reading = answered.reading;
  const auto failed = [&](const std::string& why) {
    record_.settle_still_there(number, why);
    return true;
  };
  switch (reading.situation) {
    case Situation::gone:
    case Situation::dangling: return true;
    case Situation::done: {
      const auto facts = read_facts(answered.response->body.view());
      const bool half_revoked = facts && facts->num_uses < 0;
      return half_revoked || failed(std::string(kStillThere));
    }
    case Situation::refused: {
      const auto verdict = caller_.judge(kLookupPath, reading, true);
      if (verdict == Caller::Verdict::allowed) return true;  // indexed still, and without a token
      if (verdict != Caller::Verdict::dead) return failed("it could not be looked up again: " + reading.text);
      stop = stop_of_dead_caller(reading.text);
      return false;
    }
    default:
      // Asked several times: a standby's word for a token that is half revoked.
      if (reading.text == words::kInvalidRequest) return true;
      if (!ends_sweep(reading.situation)) return failed("it could not be looked up again: " + described(reading));
  }
  if (!stop.early()) stop = stop_at("looking the revoked up again failed", reading);
  return false;
}

}  // namespace vtoken::sweep
