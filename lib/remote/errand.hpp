// One request on its way: from address to address until one can be reached, and after at most one redirect.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include "base/result.hpp"
#include "core/backend.hpp"
#include "remote/exchange.hpp"
#include "remote/head.hpp"
#include "remote/plan.hpp"

namespace vtoken::remote {

/// Runs as: begin(); then, until there is an outcome(), let libcurl run the handle and call settle() with its code.
/// Not to be moved while it is under way.
class Errand {
 public:
  /// All are borrowed. `first`: the number of the address to begin with.
  Errand(const Plan& plan, CURL* handle, const Request& request, BodySink& sink, std::size_t first);

  /// Prepares the handle, or has an outcome at once.
  void begin();
  /// Takes what libcurl says; then there is an outcome, or the handle is prepared for the next place.
  void settle(CURLcode code);

  /// Nothing while it is under way. A failure's context is the request in Go's words: `Get "https://…"`.
  [[nodiscard]] std::optional<Result<Head>>& outcome() noexcept { return outcome_; }
  /// The address that was asked last.
  [[nodiscard]] std::size_t address() const noexcept { return address_; }
  [[nodiscard]] CURL* handle() const noexcept { return handle_; }

 private:
  void go(Place place, bool may_follow);
  void failed(Error error);

  const Plan& plan_;
  CURL* handle_;
  const Request& request_;
  Exchange exchange_;
  Place place_;
  std::size_t first_;
  std::size_t address_;
  std::optional<std::chrono::steady_clock::time_point> deadline_;
  std::optional<Result<Head>> outcome_;
  bool redirected_ = false;
};

}  // namespace vtoken::remote
