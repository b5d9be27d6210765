// Revokes tokens by what they are: lists, looks up, asks, revokes, and lists again until none is left.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "core/key_list.hpp"
#include "core/token_client.hpp"
#include "sweep/caller.hpp"
#include "sweep/filter.hpp"
#include "sweep/journal.hpp"
#include "sweep/pace.hpp"
#include "sweep/progress.hpp"

namespace vtoken::sweep {

/// What is borrowed must outlive the sweep.
struct SweepOptions {
  Filter filter = {};
  const KeyList* accessors = nullptr;  ///< these instead of the server's list; null for that
  bool dry_run = false;
  bool include_self = false;            ///< the caller's own token and its ancestors, last of all
  bool include_root = false;            ///< root tokens, last but for those
  bool verify = false;                  ///< looks the revoked up once more
  int rounds = 5;                       ///< of revoking, at most; at least 1
  std::optional<std::size_t> max = {};  ///< revokes none when more are planned, in all rounds together
  int list_timeout = 0;                 ///< seconds; 0 for as long as it takes
  PaceOptions pace = {};
  bool is_store = false;              ///< the back end is a store: revocations are one transaction, ancestors are known
  Journal* journal = nullptr;         ///< null for none
  const JournalPast* past = nullptr;  ///< what the journal holds of an older run; null when there was none
  bool only_past = false;  ///< the older run's accessors were given, and now they are not: no others are looked at
};

/// What the person in front is told and asked. Each may be empty.
struct SweepEvents {
  std::function<void(const CallerFacts&)> met = {};       ///< before anything else is asked
  std::function<void(const Plan&)> plan = {};             ///< told once, before the first revocation or of a dry run
  std::function<Result<bool>(const Plan&)> confirm = {};  ///< asked once, before the first revocation; false declines
  std::function<void(const Settled&)> settled = {};
  std::function<void(const Progress&)> progress = {};  ///< a few times a second, and at each phase's end
  std::function<int()> interrupts = {};                ///< see Dispatcher::Options
};

/// Runs to the end, or as far as it gets: what came of it is in the summary, also when it ended early. Fails when
/// nothing was done: refused (declined, more than `max`), or the first request had no answer.
[[nodiscard]] ApiResult<Summary> sweep(TokenClient& client, const Clock& clock, const SweepOptions& options,
                                       const SweepEvents& events);

}  // namespace vtoken::sweep
