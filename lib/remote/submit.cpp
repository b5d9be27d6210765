// Many requests at once over one server's connections.
#include <algorithm>
#include <chrono>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "remote/answer_of.hpp"
#include "remote/collect.hpp"
#include "remote/server.hpp"

namespace vtoken::remote {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPoll{200};      // how late a source that wants to stop is heard
constexpr milliseconds kSourcePoll{5};  // the same when it said that there will be more

// One request in flight, with everything that libcurl borrows.
struct Flight {
  Flight(const Plan& plan, EasyHandle with, std::size_t number, Offer offer, std::size_t first)
      : index(number),
        request(std::move(offer.request)),
        body(plan.settings.body_limit, offer.body),
        handle(std::move(with)),
        errand(plan, handle.get(), request, body, first) {}

  std::size_t index;
  Request request;
  Collect body;
  EasyHandle handle;
  Errand errand;
};

// Takes its flights out of libcurl's hands, whatever ends it.
class Flights {
 public:
  Flights(const Plan& plan, Transfers& transfers) : plan_(plan), transfers_(transfers) {}
  ~Flights() {
    for (const auto& [handle, flight] : flying_) transfers_.remove(handle);
  }
  Flights(const Flights&) = delete;
  Flights& operator=(const Flights&) = delete;

  [[nodiscard]] std::size_t count() const noexcept { return flying_.size() + landed_.size(); }

  Result<void> start(std::size_t index, Offer offer, std::size_t first) {
    EasyHandle handle = spare();
    if (handle == nullptr) return fail(ErrorKind::io, "libcurl cannot start a request: out of memory");
    auto flight = std::make_unique<Flight>(plan_, std::move(handle), index, std::move(offer), first);
    flight->errand.begin();
    if (flight->errand.outcome()) {
      landed_.push_back(std::move(flight));
      return {};
    }
    CURL* const flying = flight->handle.get();
    flying_.emplace(flying, std::move(flight));
    transfers_.add(flying);
    return {};
  }

  /// Lets libcurl work, waiting when there is nothing to do, and gives the flights that have an outcome.
  std::vector<std::unique_ptr<Flight>> land(milliseconds wait) {
    for (const auto& [handle, code] : transfers_.run(landed_.empty() ? wait : milliseconds(0))) {
      const auto found = flying_.find(handle);
      if (found == flying_.end()) continue;
      found->second->errand.settle(code);
      if (!found->second->errand.outcome()) {
        transfers_.add(handle);
        continue;
      }
      landed_.push_back(std::move(found->second));
      flying_.erase(found);
    }
    return std::exchange(landed_, {});
  }

  /// Keeps a landed flight's handle for the next.
  void recycle(EasyHandle handle) { spares_.push_back(std::move(handle)); }

 private:
  EasyHandle spare() {
    if (spares_.empty()) return EasyHandle(plan_.api.easy_init(), {&plan_.api});
    EasyHandle handle = std::move(spares_.back());
    spares_.pop_back();
    return handle;
  }

  const Plan& plan_;
  Transfers& transfers_;
  std::unordered_map<CURL*, std::unique_ptr<Flight>> flying_;
  std::vector<std::unique_ptr<Flight>> landed_;
  std::vector<EasyHandle> spares_;
};

}  // namespace

Result<void> Server::submit(const RequestSource& source, const AnswerSink& sink) {
  if (transfers_ == nullptr) transfers_ = std::make_unique<Transfers>(plan_.api);
  if (!transfers_->open()) return fail(ErrorKind::io, "libcurl cannot start requests: out of memory");
  const std::size_t most = std::max<std::size_t>(1, plan_.settings.at_once);
  transfers_->keep(most);
  Flights flights(plan_, *transfers_);
  std::size_t index = 0;
  auto offered = Offer::Kind::request;
  for (;;) {
    offered = offered == Offer::Kind::done ? offered : Offer::Kind::request;
    while (offered == Offer::Kind::request && flights.count() < most) {
      Offer offer = source();
      offered = offer.kind;
      if (offered != Offer::Kind::request) break;
      if (auto started = flights.start(index++, std::move(offer), reached_); !started) return started;
    }
    if (offered == Offer::Kind::stop || (offered == Offer::Kind::done && flights.count() == 0)) return {};
    for (auto& flight : flights.land(offered == Offer::Kind::later ? kSourcePoll : kPoll)) {
      reached_ = flight->errand.address();
      auto answer = answer_of(std::move(*flight->errand.outcome()), flight->body, plan_);
      if (!sink(flight->index, std::move(answer))) return {};
      flights.recycle(std::move(flight->handle));
    }
  }
}

}  // namespace vtoken::remote
