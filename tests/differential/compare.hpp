// What two answers differ in.
#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "side.hpp"

namespace vtoken::differential {

struct Difference {
  std::string where;  ///< "status", or a member, such as "data/ttl" or "warnings/0"
  std::string store;  ///< JSON, or "nothing"
  std::string server;
};

/// Compares all but what lies below `slack` in times: expire_time, ttl and the like, and the lengths that warnings
/// name.
[[nodiscard]] std::vector<Difference> compare(const Observation& store, const Observation& server, Nanoseconds slack);

}  // namespace vtoken::differential
