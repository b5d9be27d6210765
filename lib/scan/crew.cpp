#include "scan/crew.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <list>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "scan/delivery.hpp"
#include "scan/file_scan.hpp"

namespace vtoken::scan {

namespace {

constexpr std::size_t kMostSlots = 64;                     // pieces of work that are under way or wait to be told
constexpr std::size_t kMostHeld = std::size_t{64} << 10U;  // bytes of events that one of them gathers, twice

/// A piece of work and what came of it. Slots stand in the order in which they are told.
struct Slot {
  std::optional<Part> waiting = {};  // a part that nobody has begun yet
  std::vector<Event> events = {};
  bool done = false;
};
using Slots = std::list<Slot>;

class Crew {
 public:
  Crew(Walk& walk, const ScanSettings& settings, ScanSink& sink) : walk_(walk), settings_(settings), sink_(sink) {}

  ScanTotals run(unsigned threads);

 private:
  friend class SlotOutlet;

  struct Job {
    Slots::iterator slot;
    std::variant<WalkedFile, Error, Part> what;
  };

  void work();
  [[nodiscard]] std::optional<Job> claim();
  [[nodiscard]] std::optional<Job> claim_part();
  void do_job(Job job, FileScanner& scanner);
  void add_part(Slots::iterator after, Part part);
  [[nodiscard]] bool hand_over(Slots::iterator slot, std::vector<Event>& events);
  void finish(Slots::iterator slot, std::vector<Event>& events, const ScanTotals& counted);
  void drop_finished();
  void deliver();

  Walk& walk_;
  const ScanSettings& settings_;
  ScanSink& sink_;
  std::atomic<bool> stop_ = false;

  std::mutex mutex_;  // of all below
  std::condition_variable work_;
  std::condition_variable news_;
  Slots slots_;
  std::size_t waiting_ = 0;  // slots with a part that nobody has begun
  bool walking_ = false;     // one thread asks the walk
  bool walked_ = false;      // to its end
  ScanTotals totals_;
};

/// Gathers events and hands them over by the heap.
class SlotOutlet final : public Outlet {
 public:
  SlotOutlet(Crew& crew, Slots::iterator slot) : crew_(crew), slot_(slot) {}
  bool put(Event event) override {
    held_ += event.size();
    events_.push_back(std::move(event));
    if (held_ < kMostHeld) return !crew_.stop_;
    held_ = 0;
    return crew_.hand_over(slot_, events_);
  }
  [[nodiscard]] std::vector<Event>& rest() noexcept { return events_; }

 private:
  Crew& crew_;
  Slots::iterator slot_;
  std::vector<Event> events_;
  std::size_t held_ = 0;
};

/// The first part that waits. It must be the first: the thread that finishes what stands before it comes for it, and so
/// the slot that is told next is never left alone while all threads wait for their turn.
std::optional<Crew::Job> Crew::claim_part() {
  if (waiting_ == 0) return std::nullopt;
  const auto slot =
      std::find_if(slots_.begin(), slots_.end(), [](const Slot& each) { return each.waiting.has_value(); });
  if (slots_.size() >= kMostSlots && slot != slots_.begin()) return std::nullopt;
  --waiting_;
  Job job{slot, std::move(*slot->waiting)};
  slot->waiting.reset();
  return job;
}

std::optional<Crew::Job> Crew::claim() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    if (auto job = claim_part()) return job;
    const bool over =
        walked_ && !walking_ && std::all_of(slots_.begin(), slots_.end(), [](const Slot& slot) { return slot.done; });
    if (over) return std::nullopt;
    if (walked_ || walking_ || slots_.size() >= kMostSlots) {
      work_.wait(lock);
      continue;
    }
    walking_ = true;
    lock.unlock();
    auto step = walk_.next();
    lock.lock();
    walking_ = false;
    work_.notify_one();
    if (!step) {
      walked_ = true;
      work_.notify_all();
      news_.notify_one();
      continue;
    }
    slots_.emplace_back();
    const auto slot = std::prev(slots_.end());
    if (auto* error = std::get_if<Error>(&*step)) return Job{slot, std::move(*error)};
    return Job{slot, std::move(std::get<WalkedFile>(*step))};
  }
  return std::nullopt;
}

void Crew::work() {
  FileScanner scanner(settings_, stop_);
  while (auto job = claim()) do_job(std::move(*job), scanner);
}

void Crew::do_job(Job job, FileScanner& scanner) {
  SlotOutlet out(*this, job.slot);
  const auto on_part = [&](Part next) { add_part(job.slot, std::move(next)); };
  ScanTotals counted;
  if (const auto* error = std::get_if<Error>(&job.what)) {
    static_cast<void>(out.put({*error}));
  } else if (const auto* file = std::get_if<WalkedFile>(&job.what)) {
    counted = scanner.begin(*file, out, on_part);
  } else {
    counted = scanner.go_on(std::get<Part>(job.what), out, on_part);
  }
  finish(job.slot, out.rest(), counted);
}

void Crew::add_part(Slots::iterator after, Part part) {
  const std::lock_guard lock(mutex_);
  slots_.insert(std::next(after), Slot{std::move(part)});
  ++waiting_;
  work_.notify_one();
}

/// Waits until what the slot holds was taken, when it is not its turn.
bool Crew::hand_over(Slots::iterator slot, std::vector<Event>& events) {
  std::unique_lock lock(mutex_);
  work_.wait(lock, [&] { return stop_ || slot->events.empty(); });
  if (stop_) return false;
  slot->events = std::move(events);
  events = {};
  if (slot == slots_.begin()) news_.notify_one();
  return true;
}

void Crew::finish(Slots::iterator slot, std::vector<Event>& events, const ScanTotals& counted) {
  const std::lock_guard lock(mutex_);
  std::move(events.begin(), events.end(), std::back_inserter(slot->events));
  slot->done = true;
  add(totals_, counted);
  drop_finished();
  if (slots_.empty() ? walked_ : !slots_.front().events.empty()) news_.notify_one();
}

/// Lets those at the front go of which everything was told.
void Crew::drop_finished() {
  const std::size_t before = slots_.size();
  while (!slots_.empty() && slots_.front().done && slots_.front().events.empty()) slots_.pop_front();
  if (slots_.size() != before) work_.notify_all();
}

void Crew::deliver() {
  Delivery delivery(sink_);
  std::unique_lock lock(mutex_);
  while (true) {
    drop_finished();
    if (slots_.empty() && walked_) break;
    if (slots_.empty() || slots_.front().events.empty()) {
      news_.wait(lock);
      continue;
    }
    std::vector<Event> events = std::move(slots_.front().events);
    slots_.front().events.clear();
    work_.notify_all();
    lock.unlock();
    const bool go_on =
        std::all_of(events.begin(), events.end(), [&](Event& event) { return delivery.give(std::move(event)); });
    lock.lock();
    if (go_on) continue;
    stop_ = true;
    totals_.ended_early = true;
    work_.notify_all();
    break;
  }
  add(totals_, delivery.told());
}

ScanTotals Crew::run(unsigned threads) {
  std::vector<std::thread> workers;
  try {
    while (workers.size() < threads) workers.emplace_back([this] { work(); });
  } catch (const std::system_error&) {
    // No more threads are to be had; with none at all, the caller's does the work.
    if (workers.empty()) return scan_alone(walk_, settings_, sink_);
  }
  deliver();
  for (std::thread& worker : workers) worker.join();
  totals_.ignored = walk_.left_out();
  return totals_;
}

/// Hands each event on at once.
class Direct final : public Outlet {
 public:
  explicit Direct(ScanSink& sink) : delivery_(sink) {}
  bool put(Event event) override { return delivery_.give(std::move(event)); }
  [[nodiscard]] const ScanTotals& told() const noexcept { return delivery_.told(); }

 private:
  Delivery delivery_;
};

}  // namespace

ScanTotals scan_with_crew(Walk& walk, unsigned threads, const ScanSettings& settings, ScanSink& sink) {
  return Crew(walk, settings, sink).run(threads);
}

ScanTotals scan_alone(Walk& walk, const ScanSettings& settings, ScanSink& sink) {
  const std::atomic<bool> stop = false;
  FileScanner scanner(settings, stop);
  Direct out(sink);
  ScanTotals totals;
  std::optional<Part> next;
  const auto on_part = [&](Part part) { next = std::move(part); };
  while (!totals.ended_early) {
    if (next) {
      const Part part = *std::exchange(next, std::nullopt);
      add(totals, scanner.go_on(part, out, on_part));
      continue;
    }
    const auto step = walk.next();
    if (!step) break;
    if (const auto* error = std::get_if<Error>(&*step)) {
      totals.ended_early = !out.put({*error});
    } else {
      add(totals, scanner.begin(std::get<WalkedFile>(*step), out, on_part));
    }
  }
  add(totals, out.told());
  totals.ignored = walk.left_out();
  return totals;
}

}  // namespace vtoken::scan
