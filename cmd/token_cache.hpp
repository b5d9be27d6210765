// `create -cache=NAME`: the token that was made last time, while it lives long enough.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "cmd/args.hpp"
#include "cmd/creation_flags.hpp"
#include "cmd/session.hpp"
#include "core/answer.hpp"

namespace vtoken::cmd {

/// -cache and -cache-min-ttl.
class TokenCacheFlags {
 public:
  void declare(FlagSet& flags);
  /// Fails (usage) when they do not go together with each other or with `create`.
  [[nodiscard]] Result<void> check(const CreateOptions& create) const;
  [[nodiscard]] bool is_asked() const noexcept { return name_.has_value(); }
  [[nodiscard]] const std::string& name() const noexcept { return *name_; }
  [[nodiscard]] Nanoseconds min_ttl() const noexcept;

 private:
  std::optional<std::string> name_ = {};
  std::optional<Nanoseconds> min_ttl_ = {};
};

/// Told of a token that was made, before it is shown.
using Made = std::function<void(const Answer&)>;

/// Shows the kept token as `create` shows a new one, with the time that it still has to live; or, when there is none
/// that lives long enough, calls `make`, which makes one, tells `Made` of it, shows it and returns the exit status. One
/// process at a time makes a token; the others wait, and give the same. Returns the exit status.
///
/// A kept token is looked up each time, also with -q: one that was revoked is never given. It is kept for the same
/// NAME, target, namespace, caller's token and flags only. Not for wrapped answers.
[[nodiscard]] Result<int> cached_or_new(Session& session, const TokenCacheFlags& flags, const CreationFlags& creation,
                                        const std::function<int(const Made&)>& make);

}  // namespace vtoken::cmd
