// Exit statuses (design.md, "Exit statuses").
#pragma once

#include "base/result.hpp"
#include "cmd/context.hpp"
#include "core/token_client.hpp"

namespace vtoken::cmd {

enum Status : int {
  kDone = 0,
  kUsage = 1,   ///< wrong usage, or refused before anything was done
  kFailed = 2,  ///< the server, the store or a part of the work failed
  kNo = 3,      ///< the answer is no
  // Instead of 2, with -exit-codes=detailed:
  kTokenInvalid = 10,
  kDenied = 11,
  kUnreachable = 12,
  kSealed = 13,
  kRateLimited = 14,
  kStale = 15,
  kNotFound = 16
};

/// The status of a failure, the detailed one when -exit-codes=detailed was given.
[[nodiscard]] int status_of(const Context& context, const Error& error) noexcept;
[[nodiscard]] int status_of(const Context& context, const ApiFailure& failure) noexcept;

/// The worse of two statuses, when a command does several things: the first failure counts.
[[nodiscard]] constexpr int worse(int a, int b) noexcept { return a != kDone ? a : b; }

}  // namespace vtoken::cmd
