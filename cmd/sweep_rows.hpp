// What a sweep prints on standard output: an object for each accessor, as soon as it is settled.
#pragma once

#include <cstddef>

#include "base/result.hpp"
#include "cmd/output.hpp"
#include "sweep/progress.hpp"

namespace vtoken::cmd {

/// Members: accessor, outcome, policies, display_name, path, error (null when there is none). As ndjson a line each,
/// flushed; as json and yaml the items of one list. In other formats nothing. None is held back: memory does not grow.
///
/// Borrows the output. Not safe for use from several threads.
class SweepRows {
 public:
  explicit SweepRows(Output& output) : output_(output) {}

  void add(const sweep::Settled& settled);
  /// Ends the list; call it in any case. add() must not follow.
  void close();
  /// Whether standard output takes no more. What follows is not printed, and the sweep had better go on.
  [[nodiscard]] bool broken() const noexcept { return broken_; }

 private:
  void write(std::string_view text);

  Output& output_;
  std::size_t count_ = 0;
  bool broken_ = false;
};

}  // namespace vtoken::cmd
