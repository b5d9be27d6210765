// A sweep against a server that is played, in time that is played: what Pace makes of it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <queue>
#include <random>
#include <vector>

#include "sweep/pace.hpp"

namespace vtoken::sweep::simulation {

constexpr Nanoseconds kMilli = kSecond / 1000;

/// Chance, the same each time.
inline std::minstd_rand chances() { return std::minstd_rand(5); }

/// What a server makes of one request: when the answer comes, and what it is.
struct Reply {
  Nanoseconds at;
  Reading reading = {};
};
/// Called with the time at which a request goes out, and how many are under way besides it.
using Server = std::function<Reply(Nanoseconds now, std::size_t others)>;

/// So many workers, each busy with a request for `service`, more or less; others queue. `way`: there and back.
inline Server workers(std::size_t count, Nanoseconds service, Nanoseconds way = 0) {
  std::vector<Nanoseconds> busy_until(count, 0);
  std::minstd_rand random(7);
  return [=](Nanoseconds now, std::size_t) mutable {
    const auto worker = std::min_element(busy_until.begin(), busy_until.end());
    const double spread = std::uniform_real_distribution<double>(0.7, 1.3)(random);
    *worker = std::max(*worker, now + way / 2) + static_cast<Nanoseconds>(static_cast<double>(service) * spread);
    return Reply{*worker + way - way / 2};
  };
}

/// What came of it.
struct Result {
  Nanoseconds took = 0;
  std::size_t sent = 0;
  std::size_t bad = 0;
  bool gave_up = false;
  std::size_t most_under_way = 0;
  std::size_t last_limit = 0;
  double mean_under_way = 0;
};

struct Settings {
  std::size_t work = 10'000;
  PaceOptions pace = {};
  Nanoseconds longest = 3600 * kSecond;
  Nanoseconds work_every = 0;  ///< a further piece of work becomes known so often; 0: all are known
};

/// Plays one run, as the dispatcher does it.
inline Result run(const Server& server, Settings settings) {
  struct Coming {
    Nanoseconds at;
    Nanoseconds sent;
    int tries;
    Reading reading;
    bool operator>(const Coming& other) const { return at > other.at; }
  };
  struct Waiting {
    Nanoseconds due;
    int tries;
  };
  if (!settings.pace.jitter) {
    settings.pace.jitter = [random = std::minstd_rand(3)]() mutable {
      return std::uniform_real_distribution<double>(0, 1)(random);
    };
  }
  Pace pace(settings.pace);
  std::priority_queue<Coming, std::vector<Coming>, std::greater<>> under_way;
  std::vector<Waiting> waiting;
  Result result;
  std::size_t begun = 0;
  std::size_t done = 0;
  double area = 0;
  const Nanoseconds start = 1'000'000 * kSecond;
  Nanoseconds now = start;
  while (done < settings.work && now - start < settings.longest) {
    if (pace.out_of_patience(now)) {
      result.gave_up = true;
      break;
    }
    const auto known =
        settings.work_every == 0 ? settings.work : static_cast<std::size_t>((now - start) / settings.work_every);
    for (;;) {
      if (!pace.may_start(under_way.size(), now)) break;
      const auto due =
          std::find_if(waiting.begin(), waiting.end(), [now](const Waiting& one) { return one.due <= now; });
      int tries = 1;
      if (due != waiting.end()) {
        tries = due->tries + 1;
        waiting.erase(due);
      } else if (begun < std::min(settings.work, known)) {
        ++begun;
      } else {
        break;
      }
      const Reply reply = server(now, under_way.size());
      under_way.push({std::max(reply.at, now), now, tries, reply.reading});
      ++result.sent;
      result.most_under_way = std::max(result.most_under_way, under_way.size());
    }
    Nanoseconds next = now + 5 * kMilli;
    if (!under_way.empty()) next = std::min(next, under_way.top().at);
    area += static_cast<double>(under_way.size()) * static_cast<double>(next - now);
    now = std::max(now, next);
    while (!under_way.empty() && under_way.top().at <= now) {
      const Coming coming = under_way.top();
      under_way.pop();
      pace.answered(coming.reading, now - coming.sent, now);
      if (is_passing(coming.reading.situation)) {
        ++result.bad;
        waiting.push_back({pace.again_at(coming.reading, coming.tries, now), coming.tries});
      } else {
        ++done;
      }
    }
  }
  result.took = now - start;
  result.last_limit = pace.limit();
  result.mean_under_way = area / static_cast<double>(std::max<Nanoseconds>(1, result.took));
  return result;
}

}  // namespace vtoken::sweep::simulation
