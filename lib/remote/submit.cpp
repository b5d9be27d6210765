// Many requests at once over one server's connections.
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "remote/answer_of.hpp"
#include "remote/collect.hpp"
#include "remote/server.hpp"

namespace vtoken::remote {
namespace {

constexpr int kPollMilliseconds = 200;      // how late a source that wants to stop is heard
constexpr int kSourcePollMilliseconds = 5;  // the same when it said that there will be more

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
  Flights(const Plan& plan, CURLM* multi) : plan_(plan), multi_(multi) {}
  ~Flights() {
    for (const auto& flight : flying_) plan_.api.multi_remove_handle(multi_, flight->handle.get());
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
    plan_.api.multi_add_handle(multi_, flight->handle.get());
    flying_.push_back(std::move(flight));
    return {};
  }

  /// Lets libcurl work, waiting when there is nothing to do, and gives the flights that have an outcome.
  std::vector<std::unique_ptr<Flight>> land(int wait_milliseconds) {
    int running = 0;
    plan_.api.multi_perform(multi_, &running);
    settle();
    if (landed_.empty()) plan_.api.multi_poll(multi_, nullptr, 0, wait_milliseconds, nullptr);
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

  void settle() {
    int queued = 0;
    while (const CURLMsg* message = plan_.api.multi_info_read(multi_, &queued)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* const handle = message->easy_handle;
      const CURLcode code = message->data.result;  // the message dies with the removal
      const auto found = std::find_if(flying_.begin(), flying_.end(),
                                      [&](const auto& flight) { return flight->handle.get() == handle; });
      plan_.api.multi_remove_handle(multi_, handle);
      if (found == flying_.end()) continue;
      (*found)->errand.settle(code);
      if (!(*found)->errand.outcome()) {
        plan_.api.multi_add_handle(multi_, handle);
        continue;
      }
      landed_.push_back(std::move(*found));
      flying_.erase(found);
    }
  }

  const Plan& plan_;
  CURLM* multi_;
  std::vector<std::unique_ptr<Flight>> flying_;
  std::vector<std::unique_ptr<Flight>> landed_;
  std::vector<EasyHandle> spares_;
};

}  // namespace

Result<void> Server::submit(const RequestSource& source, const AnswerSink& sink) {
  if (handles_ == nullptr) handles_.reset(plan_.api.multi_init());
  if (handles_ == nullptr) return fail(ErrorKind::io, "libcurl cannot start requests: out of memory");
  const std::size_t most = std::max<std::size_t>(1, plan_.settings.at_once);
  plan_.api.multi_setopt(handles_.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(most));
  Flights flights(plan_, handles_.get());
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
    for (auto& flight : flights.land(offered == Offer::Kind::later ? kSourcePollMilliseconds : kPollMilliseconds)) {
      reached_ = flight->errand.address();
      auto answer = answer_of(std::move(*flight->errand.outcome()), flight->body, plan_);
      if (!sink(flight->index, std::move(answer))) return {};
      flights.recycle(std::move(flight->handle));
    }
  }
}

}  // namespace vtoken::remote
