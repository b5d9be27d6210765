// What token `run` makes for its command.
#pragma once

#include <optional>

#include "base/result.hpp"
#include "cmd/args.hpp"
#include "cmd/creation_flags.hpp"
#include "cmd/session.hpp"
#include "core/answer.hpp"

namespace vtoken::cmd {

/// The flags of `create`, with a short life where they say nothing of it.
class RunToken {
 public:
  void declare(FlagSet& flags) { flags_.declare(flags); }
  /// Fails (usage) for a token that cannot be renewed and without a time to live that was asked for.
  [[nodiscard]] Result<void> settle(const Context& context);

  /// Makes it, and tells what a person should know about it. Nothing when there is none: that is told, and `status` is
  /// kDone when requests are printed only.
  [[nodiscard]] std::optional<Auth> make(Session& session, int& status) const;

 private:
  void tell(Session& session, const Answer& made) const;

  CreationFlags flags_;
  bool is_usual_ttl_ = false;
};

}  // namespace vtoken::cmd
