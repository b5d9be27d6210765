// Why a sweep, or a part of it, ended early, and what to do then.
#pragma once

#include <string>
#include <string_view>

#include "sweep/dispatch.hpp"
#include "sweep/situation.hpp"

namespace vtoken::sweep {

/// For people; both are empty when it did not.
struct Stop {
  std::string problem = {};
  std::string advice = {};  ///< may be empty
  [[nodiscard]] bool early() const noexcept { return !problem.empty(); }
};

/// How a run ended that was not ended by an answer.
[[nodiscard]] Stop stop_of(const Ended& ended);

/// What kind of failure that is: by the last answer when none came that was good.
[[nodiscard]] ErrorKind kind_of(const Ended& ended) noexcept;

/// An answer that ends it: `doing`, such as "a lookup failed", comes before what it says.
[[nodiscard]] Stop stop_at(std::string_view doing, const Reading& reading);

/// The journal took no more: nothing may be done that is not in it.
[[nodiscard]] Stop stop_of_journal(const Error& error);

/// How a run ended: by `stop`, or as it says itself.
[[nodiscard]] Stop stop_of(const Result<Ended>& ended, Stop stop);

/// The token in use has ended; `words` are the server's.
[[nodiscard]] Stop stop_of_dead_caller(std::string_view words);

}  // namespace vtoken::sweep
