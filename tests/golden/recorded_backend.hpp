// A back end that gives recorded answers and notes every request that is not the recorded one.
#pragma once

#include <string>
#include <vector>

#include "core/backend.hpp"
#include "records.hpp"

namespace vtoken::golden {

/// What a run did with the recorded exchanges; shared with the test, which outlives the back end.
struct Replay {
  const std::vector<Exchange>* exchanges = nullptr;
  std::size_t asked = 0;
  std::vector<std::string> differences;
};

class RecordedBackend final : public Backend {
 public:
  /// Borrows `replay`.
  explicit RecordedBackend(Replay& replay) : replay_(replay) {}

  [[nodiscard]] Result<Response> handle(const Request& request) override;
  [[nodiscard]] std::string address() const override { return kAddress; }

 private:
  void compare(const Exchange& recorded, const Request& request);
  void expect(std::string_view what, const std::string& recorded, const std::string& sent);

  Replay& replay_;
};

}  // namespace vtoken::golden
