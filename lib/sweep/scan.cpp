#include "sweep/scan.hpp"

#include <fmt/format.h>

#include <deque>
#include <limits>
#include <optional>
#include <utility>

#include "core/json.hpp"
#include "core/key_stream.hpp"
#include "core/server_words.hpp"

namespace vtoken::sweep {
namespace {

constexpr std::uint32_t kListing = std::numeric_limits<std::uint32_t>::max();  // the work that is the list
constexpr int kEndless = 30 * 24 * 3600;                                       // seconds: a list may take its time

}  // namespace

// One list and its lookups.
class Scan::Round {
 public:
  Round(Scan& scan, const ScanSink& sink, int list_timeout) : scan_(scan), sink_(sink), list_timeout_(list_timeout) {}

  void give(const KeyList& accessors) {
    accessors.for_each([this](std::string_view accessor) {
      take_key(accessor);
      return true;
    });
    list_sent_ = scan_.list_complete_ = true;
  }

  Work next() {
    if (!list_sent_) {
      list_sent_ = true;
      return kListing;
    }
    if (to_look_up_.empty()) return tl::unexpected(scan_.list_complete_ ? NoWork::done : NoWork::later);
    const std::uint32_t number = to_look_up_.front();
    to_look_up_.pop_front();
    scan_.ledger_.stand(number, Standing::asked);
    return number;
  }

  Offer make(std::uint32_t work) {
    if (work != kListing) {
      return Offer(scan_.client_.accessor_request("lookup-accessor", scan_.ledger_.accessor(work)));
    }
    Request request = scan_.client_.complete({.method = Method::list, .path = std::string(kListPath)});
    if (list_end_ == 0) list_end_ = scan_.clock_.now() + list_timeout_ * kSecond;
    request.timeout = list_timeout_ > 0 ? list_timeout_ : kEndless;
    list_.emplace(take_);
    return Offer(std::move(request), *list_);
  }

  // The person's own limit is for all tries together.
  [[nodiscard]] bool is_over(std::uint32_t work) const {
    return work == kListing && list_timeout_ > 0 && scan_.clock_.now() >= list_end_;
  }

  bool take(const Answered& answered) {
    return answered.work == kListing ? take_list(answered) : take_lookup(answered);
  }

  [[nodiscard]] ScanResult result(Ended ended) {
    Stop stop = stop_.early() ? std::move(stop_) : stop_of(ended);
    return {std::move(ended), scan_.list_complete_, std::move(stop), std::move(refusal_)};
  }

 private:
  bool take_key(std::string_view key) {
    const auto number = scan_.ledger_.add(key);
    if (!number) return true;
    to_look_up_.push_back(*number);
    ++scan_.to_look_up_;
    return true;
  }

  bool end(Stop stop) {
    if (!stop_.early()) stop_ = std::move(stop);
    return false;
  }

  bool take_list(const Answered& answered) {
    if (answered.reading.situation == Situation::done) {
      const bool none = answered.response->status == 404;  // an empty list, in a server's words
      const auto rest = list_->rest();
      if (!none && !rest) return end({"the list of accessors cannot be read: " + rest.error().message, ""});
      if (!none && !list_->whole()) {
        return end({"the list of accessors cannot be read: the answer holds none, or not all of it", ""});
      }
      scan_.list_complete_ = true;
      return true;
    }
    if (is_over(kListing) && is_passing(answered.reading.situation)) {
      return end({fmt::format("the list of accessors did not come within -list-timeout={}s", list_timeout_), ""});
    }
    const Request list{.method = Method::list, .path = std::string(kListPath)};
    if (auto answer = read_api_answer(list, answered.response); !answer) refusal_ = std::move(answer.error());
    if (answered.reading.situation == Situation::refused) {
      return end(
          {"the accessors cannot be listed: " + answered.reading.text,
           "The token needs a policy with \"list\" and \"sudo\" on auth/token/accessors/, and must still be valid."});
    }
    return end(stop_at("the accessors cannot be listed", answered.reading));
  }

  bool take_lookup(const Answered& answered) {
    ++scan_.looked_up_;
    const Reading& reading = answered.reading;
    switch (reading.situation) {
      case Situation::done: return take_token(answered);
      case Situation::gone: return unknown(answered.work, Outcome::gone, "");
      case Situation::dangling: return unknown(answered.work, Outcome::dangling, reading.text);
      case Situation::refused: return take_refusal(answered);
      default: break;
    }
    // Asked several times: a standby's word for a token that is half revoked.
    if (reading.text == words::kInvalidRequest) return unknown(answered.work, Outcome::dangling, reading.text);
    if (ends_sweep(reading.situation)) {
      unknown(answered.work, Outcome::failed, reading.text);
      return end(stop_at("a lookup failed", reading));
    }
    return unknown(answered.work, Outcome::failed, described(reading));
  }

  bool take_token(const Answered& answered) {
    scan_.worked_ = true;
    const auto facts = read_facts(answered.response->body.view());
    if (!facts) return unknown(answered.work, Outcome::failed, facts.error().text());
    if (facts->accessor != scan_.ledger_.accessor(answered.work)) {
      return unknown(answered.work, Outcome::dangling, "the index leads to another token");
    }
    // A revocation that did not come to its end, as when a leader dies, leaves the record behind.
    if (facts->num_uses < 0) {
      return unknown(answered.work, Outcome::dangling,
                     "half revoked: nobody can use it, and it goes when its time is up");
    }
    return sink_.found(answered.work, *facts, *answered.response);
  }

  // 403 is said of what the caller may not, of an accessor without a token, and to a caller that is no more.
  bool take_refusal(const Answered& answered) {
    const auto verdict = scan_.caller_.judge(kLookupPath, answered.reading, scan_.worked_);
    if (!verdict) return unknown(answered.work, Outcome::failed, answered.reading.text);
    switch (*verdict) {
      case Caller::Verdict::allowed: return unknown(answered.work, Outcome::dangling, answered.reading.text);
      case Caller::Verdict::not_allowed: break;
      case Caller::Verdict::dead:
        unknown(answered.work, Outcome::failed, answered.reading.text);
        return end(stop_of_dead_caller(answered.reading.text));
    }
    unknown(answered.work, Outcome::denied, answered.reading.text);
    if (scan_.worked_) return true;
    return end({"accessors cannot be looked up: " + answered.reading.text,
                "The token needs a policy with \"update\" on auth/token/lookup-accessor, and must still be valid."});
  }

  bool unknown(std::uint32_t number, Outcome outcome, const std::string& error) {
    sink_.unknown(number, outcome, error);
    return true;
  }

  Scan& scan_;
  const ScanSink& sink_;
  int list_timeout_;
  Nanoseconds list_end_ = 0;
  const std::function<bool(std::string_view)> take_ = [this](std::string_view key) { return take_key(key); };
  std::deque<std::uint32_t> to_look_up_;
  std::optional<KeyStream> list_;
  bool list_sent_ = false;
  Stop stop_;
  std::optional<ApiFailure> refusal_;
};

Scan::Scan(TokenClient& client, const Clock& clock, Dispatcher& dispatcher, Caller& caller, Ledger& ledger)
    : client_(client), clock_(clock), dispatcher_(dispatcher), caller_(caller), ledger_(ledger) {}

void Scan::report(Progress& progress) const {
  progress.listed = ledger_.size();
  progress.list_complete = list_complete_;
  progress.looked_up = looked_up_;
  progress.at_once = dispatcher_.pace().limit();
  progress.waiting_for = dispatcher_.waiting_for();
  if (progress.phase != Phase::looking) return;
  progress.phase_done = looked_up_;
  progress.phase_total = to_look_up_;
}

Result<ScanResult> Scan::run(const KeyList* accessors, int list_timeout, const ScanSink& sink) {
  list_complete_ = false;
  ledger_.next_round();
  Round round(*this, sink, list_timeout);
  if (accessors != nullptr) round.give(*accessors);
  auto ended =
      dispatcher_.run([&round] { return round.next(); }, [&round](std::uint32_t work) { return round.make(work); },
                      [&round](const Answered& answered) { return round.take(answered); },
                      [&round](std::uint32_t work) { return round.is_over(work); });
  if (!ended) return tl::unexpected(std::move(ended.error()));
  return round.result(std::move(*ended));
}

}  // namespace vtoken::sweep
