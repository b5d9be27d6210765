#include "twins.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "conformance/server_subject.hpp"
#include "store/admin.hpp"
#include "store/store.hpp"

namespace vtoken::differential {
namespace {

using namespace std::chrono_literals;

// A store of its own, on the machine's clock.
class FreshStore {
 public:
  FreshStore() {
    std::string folder = std::filesystem::temp_directory_path() / "vtoken-differential-XXXXXX";
    REQUIRE(mkdtemp(folder.data()) != nullptr);
    folder_ = folder;
    store::InitOptions options;
    options.path = folder_ / "store.db";
    auto report = store::init(options, clock_);
    REQUIRE_MESSAGE(report.has_value(), (report ? "" : report.error().text()));
    root_ = std::string(report->root_token.view());
    auto backend = store::open({options.path, {}}, clock_);
    REQUIRE_MESSAGE(backend.has_value(), (backend ? "" : backend.error().text()));
    backend_ = std::move(*backend);
  }
  ~FreshStore() { std::filesystem::remove_all(folder_); }
  FreshStore(const FreshStore&) = delete;
  FreshStore& operator=(const FreshStore&) = delete;

  [[nodiscard]] Backend& backend() { return *backend_; }
  [[nodiscard]] const std::string& root() const { return root_; }

 private:
  SystemClock clock_;
  std::filesystem::path folder_;
  std::string root_;
  std::unique_ptr<Backend> backend_;
};

// A server revokes a token that was used up a moment after its last answer, a store before.
void wait_for_used_up(const Operation& operation, Side& store, Side& server) {
  for (const auto& slot : Side::slots_in(operation)) {
    if (!server.limited(slot) || store.knows(slot)) continue;
    const auto end = std::chrono::steady_clock::now() + 500ms;
    while (server.knows(slot) && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(1ms);
  }
}

}  // namespace

Twins::Twins(const Differences& differences)
    : differences_(differences), server_(conformance::start_server()), remote_(server_->connect()) {}

std::optional<Failure> Twins::play(const Plan& plan) {
  FreshStore fresh;
  const std::string run = "run" + std::to_string(++plays_);
  Side store(fresh.backend(), fresh.root(), run);
  Side server(*remote_, std::string(server_->root().view()), run);
  const auto start = std::chrono::steady_clock::now();
  std::optional<Failure> failure;
  bool ended = false;
  Nanoseconds lag = 0;  // between an answer of the store and the server's: the most so far
  for (std::size_t i = 0; i < plan.size() && !failure && !ended; ++i) {
    const auto asked = std::chrono::steady_clock::now();
    const std::string name = plan[i].save.empty() ? "token of request " + std::to_string(i + 1)
                                                  : plan[i].save + " of request " + std::to_string(i + 1);
    Observation one = store.ask(plan[i], name);
    Observation two = server.ask(plan[i], name);
    lag = std::max<Nanoseconds>(lag, std::chrono::nanoseconds(std::chrono::steady_clock::now() - asked).count());
    ++compared_;
    auto differences = compare(one, two, kSecond + lag);
    std::erase_if(differences, [&](const Difference& difference) {
      const Deliberate* entry = differences_.find(plan[i], difference);
      ended = ended || (entry != nullptr && entry->ends);
      return entry != nullptr;
    });
    if (!differences.empty()) failure = Failure{i, std::move(one), std::move(two), std::move(differences)};
    wait_for_used_up(plan[i], store, server);
  }
  server.clean_up();
  // Tokens end in five minutes at the earliest. A machine that stood still that long proves nothing.
  if (failure && std::chrono::steady_clock::now() - start > 4min) return std::nullopt;
  return failure;
}

}  // namespace vtoken::differential
