// A store and a server that get the same requests.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "compare.hpp"
#include "conformance/subject.hpp"
#include "differences.hpp"
#include "operation.hpp"

namespace vtoken::differential {

/// The first request of a plan whose answers differ, and not on purpose.
struct Failure {
  std::size_t index = 0;
  Observation store;
  Observation server;
  std::vector<Difference> differences;
};

class Twins {
 public:
  /// Starts the server, which serves all plays. `differences` is borrowed.
  explicit Twins(const Differences& differences);

  /// Plays a plan on a new store and on the server, which has nothing of earlier plays.
  [[nodiscard]] std::optional<Failure> play(const Plan& plan);

  /// Requests compared so far.
  [[nodiscard]] std::size_t compared() const noexcept { return compared_; }

 private:
  const Differences& differences_;
  std::unique_ptr<conformance::Subject> server_;
  std::unique_ptr<Backend> remote_;
  std::size_t plays_ = 0;
  std::size_t compared_ = 0;
};

}  // namespace vtoken::differential
