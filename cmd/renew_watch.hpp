// `renew -watch`: a token is kept alive until something else is to be done about it.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "cmd/args.hpp"
#include "cmd/context.hpp"
#include "cmd/session.hpp"
#include "renewal/keeper.hpp"

namespace vtoken::cmd {

struct WatchFlags {
  bool watch = false;
  std::optional<std::string> on_end = {};

  void declare(FlagSet& flags);
  /// What the flags and the common ones do not allow together. Fails with usage.
  [[nodiscard]] Result<void> check(const Context& context) const;
};

/// Renews until it is over, and runs -on-end then. Events are lines on standard error, with -format=ndjson on standard
/// output; systemd is told when it asks to be. Returns kNo when nothing extends the token any more, and the status of
/// the failure when renewals failed. A signal that asks to end ends the program as it would any other; under systemd
/// SIGTERM is a good end.
[[nodiscard]] Result<int> watch_renewals(Session& session, const WatchFlags& flags, renewal::Subject subject,
                                         std::optional<Nanoseconds> increment);

}  // namespace vtoken::cmd
