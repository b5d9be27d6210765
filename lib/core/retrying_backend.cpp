#include "core/retrying_backend.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <random>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace vtoken {
namespace {

constexpr double kShortest = 1.0;  // seconds before the first retry, …
constexpr double kSpread = 0.5;    // … and what chance adds at most
constexpr int kLongestRetryAfter = 60;

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
  return is_read(request) && status >= 500 && status != 501;
}

// No answer may mean that the request was lost or that its answer was: only a read is asked twice.
bool worth_retrying(const Request& request, const Error& error) {
  return is_read(request) && error.kind == ErrorKind::unreachable;
}

bool worth_retrying(const Request& request, const Result<Response>& answer) {
  return answer ? worth_retrying(request, answer->status) : worth_retrying(request, answer.error());
}

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return lower(x) == lower(y);
  });
}

// Whole seconds; nothing when the server gave none or a date.
std::optional<int> retry_after(const Response& response) {
  for (const Header& header : response.headers) {
    if (!same_name(header.name, "Retry-After")) continue;
    int seconds = 0;
    const char* end = header.value.data() + header.value.size();
    const auto [stop, failure] = std::from_chars(header.value.data(), end, seconds);
    if (failure == std::errc() && stop == end && seconds >= 0) return std::min(seconds, kLongestRetryAfter);
  }
  return std::nullopt;
}

// Passes an answer on, unless it is one that is asked for again: then nothing reaches the sink behind.
class HoldingSink final : public BodySink {
 public:
  HoldingSink(BodySink& sink, const Request& request, bool may_retry)
      : sink_(sink), request_(request), may_retry_(may_retry) {}

  bool begin(int status) override {
    retry_ = may_retry_ && worth_retrying(request_, status);
    begun_ = !retry_;
    return begun_ && sink_.begin(status);
  }
  bool piece(std::string_view bytes) override { return begun_ && sink_.piece(bytes); }

  [[nodiscard]] bool retry() const noexcept { return retry_; }
  [[nodiscard]] bool begun() const noexcept { return begun_; }

 private:
  BodySink& sink_;
  const Request& request_;
  bool may_retry_;
  bool retry_ = false;
  bool begun_ = false;
};

// A request of a submit that has no final answer yet; `index` is its number in the whole submit.
struct Unsettled {
  std::size_t index;
  Request request;
  Result<Response> answer;
};

// One submit: asks what `next` gives and hands each back with its answer.
template <class Next, class Settle>
Result<void> ask_all(Backend& backend, const Next& next, const Settle& settle) {
  std::unordered_map<std::size_t, Unsettled> asked;  // by the number in this submit
  std::size_t number = 0;
  const auto source = [&]() -> std::optional<Request> {
    auto one = next();
    if (!one) return std::nullopt;
    return asked.emplace(number++, std::move(*one)).first->second.request;
  };
  return backend.submit(source, [&](std::size_t index, Result<Response> answer) {
    auto found = asked.extract(index);
    if (found.empty()) return true;
    found.mapped().answer = std::move(answer);
    return settle(std::move(found.mapped()));
  });
}

}  // namespace

RetryingBackend::RetryingBackend(std::unique_ptr<Backend> inner, RetryPolicy policy)
    : inner_(std::move(inner)), policy_(std::move(policy)) {
  if (!policy_.wait) policy_.wait = sleep_for;
  if (!policy_.jitter) policy_.jitter = random_jitter;
}

bool RetryingBackend::wait_before(int attempt, const Response* response) const {
  double seconds = (kShortest + kSpread * policy_.jitter()) * (attempt + 1);
  if (response != nullptr) {
    if (const auto wanted = retry_after(*response)) seconds = *wanted;
  }
  return policy_.wait(static_cast<Nanoseconds>(seconds * static_cast<double>(kSecond)));
}

Result<Response> RetryingBackend::handle(const Request& request) {
  for (int attempt = 0;; ++attempt) {
    auto answer = inner_->handle(request);
    if (attempt >= policy_.retries || !worth_retrying(request, answer)) return answer;
    if (!wait_before(attempt, answer ? &*answer : nullptr)) return answer;
  }
}

Result<void> RetryingBackend::stream(const Request& request, BodySink& sink) {
  for (int attempt = 0;; ++attempt) {
    const bool last = attempt >= policy_.retries;
    HoldingSink holding(sink, request, !last);
    auto done = inner_->stream(request, holding);
    const bool again = holding.retry() || (!done && !holding.begun() && worth_retrying(request, done.error()));
    if (last || !again) return done;
    if (!wait_before(attempt, nullptr))
      return done ? fail(ErrorKind::unreachable, "gave up waiting to try again") : done;
  }
}

Result<void> RetryingBackend::submit(const RequestSource& source, const AnswerSink& sink) {
  std::vector<Unsettled> again;  // what the next round asks
  std::size_t given = 0;
  const auto from_source = [&]() -> std::optional<Unsettled> {
    auto request = source();
    if (!request) return std::nullopt;
    return Unsettled{given++, std::move(*request), {}};
  };
  for (int attempt = 0;; ++attempt) {
    std::vector<Unsettled> round = std::exchange(again, {});
    auto next = round.begin();
    const auto from_round = [&]() -> std::optional<Unsettled> {
      return next == round.end() ? std::nullopt : std::optional(std::move(*next++));
    };
    const bool last = attempt >= policy_.retries;
    bool stopped = false;
    const auto settle = [&](Unsettled&& asked) {
      if (!last && worth_retrying(asked.request, asked.answer)) {
        again.push_back(std::move(asked));
      } else {
        stopped = !sink(asked.index, std::move(asked.answer));
      }
      return !stopped;
    };
    auto done = attempt == 0 ? ask_all(*inner_, from_source, settle) : ask_all(*inner_, from_round, settle);
    if (!done || again.empty() || stopped) return done;
    if (wait_before(attempt, nullptr)) continue;
    for (Unsettled& asked : again) {
      if (!sink(asked.index, std::move(asked.answer))) break;
    }
    return {};
  }
}

std::string RetryingBackend::address() const { return inner_->address(); }

}  // namespace vtoken
