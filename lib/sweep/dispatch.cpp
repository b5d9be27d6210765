#include "sweep/dispatch.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/server_words.hpp"

namespace vtoken::sweep {
namespace {

constexpr Nanoseconds kGrace = 5 * kSecond;  // for answers under way when it ends early
constexpr int kMostTries = 8;                // of work at which the server fails while it answers other work …
constexpr int kMostTriesAlone = 20;          // … and of work at which it fails while there is no other
constexpr int kMostTriesOfOdd = 4;           // of an accessor that it calls an invalid request

// Work that is under way, or waits to be sent again.
struct Piece {
  std::uint32_t work;
  Request request;
  int tries = 1;
  int own_tries = 0;             // while the server answered other work
  std::size_t good_answers = 0;  // that the server had given when it was sent
  bool repeated = false;
  Nanoseconds sent = 0;
  Nanoseconds due = 0;  // of one that waits
};

bool fails_by_itself(Situation situation) { return situation == Situation::overloaded || situation == Situation::lost; }

bool is_given_up(const Piece& piece, const Reading& reading) {
  if (reading.text == words::kInvalidRequest) return piece.tries >= kMostTriesOfOdd;
  return fails_by_itself(reading.situation) && (piece.own_tries >= kMostTries || piece.tries >= kMostTriesAlone);
}

}  // namespace

// One run. Its life is the source's and the sink's of one submit.
class Dispatcher::Run {
 public:
  Run(Dispatcher& of, const std::function<Work()>& next, const std::function<Offer(std::uint32_t)>& make,
      const std::function<bool(const Answered&)>& take, const std::function<bool(std::uint32_t)>& is_over)
      : of_(of), next_(next), make_(make), take_(take), is_over_(is_over) {}

  Offer offer() {
    const Nanoseconds now = of_.clock_.now();
    if (of_.options_.tick) of_.options_.tick();
    if (const auto end = ending(now)) return *end;
    if (!of_.pace_.may_start(under_way_.size(), now)) return Offer::later();
    if (auto waiting = due(now)) return send(std::move(*waiting), now);
    const Work work = next_();
    if (work) return send(Piece{.work = *work, .request = {}}, now);
    if (work.error() == NoWork::later || !waiting_.empty() || !under_way_.empty()) return Offer::later();
    return Offer(std::nullopt);
  }

  bool answer(std::size_t index, const Result<Response>& response) {
    auto found = under_way_.extract(index);
    if (found.empty()) return true;
    Piece piece = std::move(found.mapped());
    const Nanoseconds now = of_.clock_.now();
    Reading reading = read_situation(piece.request, response, now);
    of_.pace_.answered(reading, now - piece.sent, now);
    if (of_.pace_.good_answers() > piece.good_answers) ++piece.own_tries;
    const bool given_up = is_given_up(piece, reading) || (is_over_ && is_over_(piece.work)) ||
                          (of_.options_.repeatable && !of_.options_.repeatable(piece.request, response));
    if (is_passing(reading.situation) && !given_up) {
      return wait(std::move(piece), std::move(reading), now);
    }
    of_.waiting_for_.clear();
    if (!take_({piece.work, response, reading, piece.repeated}) && ended_.why == Ended::Why::done) {
      end(Ended::Why::stopped, now);
      ended_.last = std::move(reading);
    }
    return true;
  }

  [[nodiscard]] Ended ended() && { return std::move(ended_); }

 private:
  // What is under way gets some seconds; a revocation whose answer is not waited for is one that nobody knows of.
  std::optional<Offer> ending(Nanoseconds now) {
    const int interrupts = of_.options_.interrupts ? of_.options_.interrupts() : 0;
    if (interrupts > 0 && ended_.why == Ended::Why::done) end(Ended::Why::interrupted, now);
    if (ended_.why == Ended::Why::done && of_.pace_.out_of_patience(now)) end(Ended::Why::hopeless, now);
    if (ended_.why == Ended::Why::done) return std::nullopt;
    const bool over = !acts() || interrupts > 1 || now - ended_at_ >= kGrace;
    return over ? Offer::stop() : Offer::later();
  }

  // Whether something is under way that does more than ask.
  [[nodiscard]] bool acts() const {
    return std::any_of(under_way_.begin(), under_way_.end(),
                       [](const auto& each) { return !changes_nothing(each.second.request); });
  }

  void end(Ended::Why why, Nanoseconds now) {
    ended_.why = why;
    if (why == Ended::Why::hopeless) ended_.last = last_bad_;
    ended_at_ = now;
    waiting_.clear();
  }

  bool wait(Piece piece, Reading reading, Nanoseconds now) {
    // Before a connection is made nothing is asked; any other answer that did not come may have been acted on.
    piece.repeated =
        piece.repeated || (reading.situation != Situation::unreachable &&
                           reading.situation != Situation::rate_limited && reading.situation != Situation::stale);
    piece.due = of_.pace_.again_at(reading, piece.tries, now);
    ++piece.tries;
    of_.waiting_for_ = described(reading);
    last_bad_ = std::move(reading);
    if (ended_.why != Ended::Why::done) return true;  // not asked again: it stays without an answer
    waiting_.push_back(std::move(piece));
    return true;
  }

  std::optional<Piece> due(Nanoseconds now) {
    const auto found =
        std::find_if(waiting_.begin(), waiting_.end(), [now](const Piece& piece) { return piece.due <= now; });
    if (found == waiting_.end()) return std::nullopt;
    Piece piece = std::move(*found);
    waiting_.erase(found);
    return piece;
  }

  Offer send(Piece piece, Nanoseconds now) {
    Offer offer = make_(piece.work);
    piece.request = offer.request;
    piece.sent = now;
    piece.good_answers = of_.pace_.good_answers();
    under_way_.emplace(sent_++, std::move(piece));
    return offer;
  }

  Dispatcher& of_;
  const std::function<Work()>& next_;
  const std::function<Offer(std::uint32_t)>& make_;
  const std::function<bool(const Answered&)>& take_;
  const std::function<bool(std::uint32_t)>& is_over_;
  std::unordered_map<std::size_t, Piece> under_way_;  // by the number in the submit
  std::vector<Piece> waiting_;
  std::size_t sent_ = 0;
  Ended ended_;
  Reading last_bad_;
  Nanoseconds ended_at_ = 0;
};

std::string described(const Reading& reading) {
  std::string text(situation_name(reading.situation));
  if (!reading.text.empty()) text += ": " + reading.text;
  return text;
}

Dispatcher::Dispatcher(Backend& backend, const Clock& clock, Options options)
    : backend_(backend), clock_(clock), options_(std::move(options)), pace_(options_.pace) {}

Result<Ended> Dispatcher::run(const std::function<Work()>& next, const std::function<Offer(std::uint32_t)>& make,
                              const std::function<bool(const Answered&)>& take,
                              const std::function<bool(std::uint32_t)>& is_over) {
  Run run(*this, next, make, take, is_over);
  const auto source = [&run] { return run.offer(); };
  const auto sink = [&run](std::size_t index, const Result<Response>& response) { return run.answer(index, response); };
  // What answers at once is asked without a transaction: the answers would have to wait for its end.
  auto done = options_.one_by_one ? backend_.Backend::submit(source, sink) : backend_.submit(source, sink);
  if (!done) return tl::unexpected(std::move(done.error()));
  return std::move(run).ended();
}

}  // namespace vtoken::sweep
