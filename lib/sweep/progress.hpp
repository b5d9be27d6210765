// How far a sweep is, what it means to do, and what came of it: for people.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "sweep/outcome.hpp"

namespace vtoken::sweep {

enum class Phase : std::uint8_t { looking, revoking, verifying };

/// Where it stands now. Counts are of the whole sweep, unless they say otherwise.
struct Progress {
  Phase phase = Phase::looking;
  int round = 1;               ///< 0 for what has none
  std::size_t listed = 0;      ///< accessors known so far …
  bool list_complete = false;  ///< … which are all of this round
  std::size_t looked_up = 0;
  std::size_t matched = 0;
  std::size_t phase_done = 0;   ///< of this phase: requests that are settled …
  std::size_t phase_total = 0;  ///< … and how many there are (known so far)
  std::size_t revoked = 0;
  std::size_t failed = 0;  ///< denied ones too
  std::size_t at_once = 0;
  std::string waiting_for = {};  ///< such as "rate limited: …"; empty when all goes well
  Nanoseconds phase_started = 0;
};

/// What a round is about to revoke.
struct Plan {
  int round = 1;
  std::size_t total = 0;
  std::map<std::string, std::size_t> by_policy = {};  ///< a token counts under each of its policies
  std::map<std::string, std::size_t> by_path = {};
  std::size_t roots = 0;   ///< of `total`: root tokens, because -include-root
  std::size_t selves = 0;  ///< of `total`: the caller's own and its ancestors, because -include-self
  std::size_t spared_roots = 0;
  std::size_t spared_selves = 0;
  bool has_parent = false;  ///< the caller's token is no orphan, and its parent, which may be among these, is not known
};

/// What came of it all.
struct Summary {
  std::size_t listed = 0;
  std::size_t looked_up = 0;
  std::size_t matched = 0;
  int rounds = 0;
  std::array<std::size_t, 7> outcomes = {};  ///< by Outcome: how many accessors ended so
  std::size_t left = 0;     ///< matched and to go, and not gone; or could not be looked up, so that nobody knows
  std::size_t unseen = 0;   ///< listed and not looked up, because it ended early
  bool complete = false;    ///< the last list held no match that is left
  std::string ended = {};   ///< why it ended early; empty when it did not
  std::string advice = {};  ///< what to do then; may be empty
  std::vector<std::string> examples = {};  ///< some of the accessors that are left, with the error of each

  [[nodiscard]] std::size_t count(Outcome outcome) const noexcept {
    return outcomes.at(static_cast<std::size_t>(outcome));
  }
};

/// One accessor that is settled.
struct Settled {
  std::string_view accessor;
  Outcome outcome;
  std::vector<std::string> policies;  ///< own and the identity's; empty when it could not be looked up
  std::string_view display_name;
  std::string_view path;
  std::string_view error;  ///< empty when there is none
};

}  // namespace vtoken::sweep
