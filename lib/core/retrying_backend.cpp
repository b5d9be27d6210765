#include "core/retrying_backend.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <random>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/retry_after.hpp"
#include "core/server_words.hpp"

namespace vtoken {
namespace {

constexpr double kShortest = 1.0;  // seconds before the first retry, …
constexpr double kSpread = 0.5;    // … and what chance adds at most

double random_jitter() {
  thread_local std::minstd_rand source{std::random_device{}()};
  return std::uniform_real_distribution<double>(0.0, 1.0)(source);
}

bool sleep_for(Nanoseconds length) {
  std::this_thread::sleep_for(std::chrono::nanoseconds(length));
  return true;
}

bool is_read(const Request& request) { return request.method == Method::get || request.method == Method::list; }

bool worth_retrying(const Request& request, int status) {
  if (status == 412 || status == 429 || status == 503) return true;
  return changes_nothing(request) && status >= 500 && status != 501;
}

// A standby that knows no leader cannot have acted, though it says 500.
bool has_no_leader(const Response& response) {
  return response.status == 500 && response.body.view().find(words::kNoLeader) != std::string_view::npos;
}

// A server's answer to an accessor that names no namespace of its own: it says the same each time.
bool is_hopeless(const Response& response) {
  return response.status == 500 && response.body.view().find(words::kNoNamespace) != std::string_view::npos;
}

// A lost request may have been acted on: only what changes nothing is asked twice.
bool worth_retrying(const Request& request, const Error& error) {
  return error.kind == ErrorKind::unreachable || (error.kind == ErrorKind::lost && changes_nothing(request));
}

// Passes an answer on, unless it is one that is asked for again: then nothing reaches the sink behind.
class HoldingSink final : public BodySink {
 public:
  HoldingSink(BodySink& sink, const Request& request, bool may_retry)
      : sink_(sink), request_(request), may_retry_(may_retry) {}

  void headers(const std::vector<Header>& headers) override { headers_ = headers; }
  bool begin(int status) override {
    retry_ = may_retry_ && worth_retrying(request_, status);
    begun_ = !retry_;
    if (!begun_) return false;
    sink_.headers(headers_);
    return sink_.begin(status);
  }
  bool piece(std::string_view bytes) override { return begun_ && sink_.piece(bytes); }

  [[nodiscard]] bool retry() const noexcept { return retry_; }
  [[nodiscard]] bool begun() const noexcept { return begun_; }
  [[nodiscard]] const std::vector<Header>& answered_with() const noexcept { return headers_; }

 private:
  BodySink& sink_;
  const Request& request_;
  std::vector<Header> headers_;
  bool may_retry_;
  bool retry_ = false;
  bool begun_ = false;
};

// A request of a submit that has no final answer yet; `index` is its number in the whole submit.
struct Unsettled {
  std::size_t index;
  Request request;
  BodySink* body = nullptr;
  Result<Response> answer = {};
};

// What there is to ask next, or the offer that says why there is nothing.
using Next = tl::expected<Unsettled, Offer>;

// One submit: asks what `next` gives and hands each back with its answer.
template <class Source, class Settle>
Result<void> ask_all(Backend& backend, const Source& next, const Settle& settle) {
  std::unordered_map<std::size_t, Unsettled> asked;  // by the number in this submit
  std::size_t number = 0;
  const auto source = [&]() -> Offer {
    Next one = next();
    if (!one) return std::move(one.error());
    const Unsettled& kept = asked.emplace(number++, std::move(*one)).first->second;
    return kept.body == nullptr ? Offer(kept.request) : Offer(kept.request, *kept.body);
  };
  return backend.submit(source, [&](std::size_t index, Result<Response> answer) {
    auto found = asked.extract(index);
    if (found.empty()) return true;
    found.mapped().answer = std::move(answer);
    return settle(std::move(found.mapped()));
  });
}

}  // namespace

bool may_ask_again(const Request& request, const Result<Response>& answer) {
  if (!answer) return worth_retrying(request, answer.error());
  return (worth_retrying(request, answer->status) && !is_hopeless(*answer)) || has_no_leader(*answer);
}

RetryingBackend::RetryingBackend(std::unique_ptr<Backend> inner, RetryPolicy policy)
    : inner_(std::move(inner)), policy_(std::move(policy)) {
  if (!policy_.wait) policy_.wait = sleep_for;
  if (!policy_.jitter) policy_.jitter = random_jitter;
  if (!policy_.now) policy_.now = [] { return SystemClock().now(); };
}

std::optional<Nanoseconds> RetryingBackend::wanted_by(const std::vector<Header>& headers) const {
  return retry_after(headers, policy_.now());
}

bool RetryingBackend::wait_before(int attempt, std::optional<Nanoseconds> wanted) const {
  const double seconds = (kShortest + kSpread * policy_.jitter()) * (attempt + 1);
  return policy_.wait(wanted.value_or(static_cast<Nanoseconds>(seconds * static_cast<double>(kSecond))));
}

Result<Response> RetryingBackend::handle(const Request& request) {
  for (int attempt = 0;; ++attempt) {
    auto answer = inner_->handle(request);
    if (attempt >= policy_.retries || !may_ask_again(request, answer)) return answer;
    if (!wait_before(attempt, answer ? wanted_by(answer->headers) : std::nullopt)) return answer;
  }
}

Result<void> RetryingBackend::stream(const Request& request, BodySink& sink) {
  if (!is_read(request)) return Backend::stream(request, sink);
  for (int attempt = 0;; ++attempt) {
    const bool last = attempt >= policy_.retries;
    HoldingSink holding(sink, request, !last);
    auto done = inner_->stream(request, holding);
    const bool again = holding.retry() || (!done && !holding.begun() && worth_retrying(request, done.error()));
    if (last || !again) return done;
    if (!wait_before(attempt, wanted_by(holding.answered_with()))) {
      return done ? fail(ErrorKind::lost, "gave up waiting to try again") : done;
    }
  }
}

Result<void> RetryingBackend::submit(const RequestSource& source, const AnswerSink& sink) {
  std::vector<Unsettled> again;  // what the next round asks
  std::size_t given = 0;
  const auto from_source = [&]() -> Next {
    Offer offer = source();
    if (offer.kind != Offer::Kind::request) return tl::unexpected(std::move(offer));
    return Unsettled{given++, std::move(offer.request), offer.body};
  };
  for (int attempt = 0;; ++attempt) {
    std::vector<Unsettled> round = std::exchange(again, {});
    auto next = round.begin();
    const auto from_round = [&]() -> Next {
      if (next == round.end()) return tl::unexpected(Offer(std::nullopt));
      return std::move(*next++);
    };
    const bool last = attempt >= policy_.retries;
    bool stopped = false;
    std::optional<Nanoseconds> wanted;
    const auto settle = [&](Unsettled&& asked) {
      // What went into a sink cannot be taken back.
      if (!last && asked.body == nullptr && may_ask_again(asked.request, asked.answer)) {
        if (asked.answer) wanted = std::max(wanted, wanted_by(asked.answer->headers));
        again.push_back(std::move(asked));
      } else {
        stopped = !sink(asked.index, std::move(asked.answer));
      }
      return !stopped;
    };
    auto done = attempt == 0 ? ask_all(*inner_, from_source, settle) : ask_all(*inner_, from_round, settle);
    if (!done || again.empty() || stopped) return done;
    if (wait_before(attempt, wanted)) continue;
    for (Unsettled& asked : again) {
      if (!sink(asked.index, std::move(asked.answer))) break;
    }
    return {};
  }
}

std::string RetryingBackend::address() const { return inner_->address(); }

}  // namespace vtoken
