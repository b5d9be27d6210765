// How a server is asked: certificates, proxy, time limit and the rest, from flags and the environment (reference.md,
// "The command's conventions"). A flag beats its variable.
#pragma once

#include <optional>

#include "base/result.hpp"
#include "cmd/context.hpp"
#include "core/rate_limited_backend.hpp"
#include "remote/remote.hpp"

namespace vtoken::cmd {

/// Everything but the addresses. No file is read. Fails when a value means nothing (that of VAULT_RATE_LIMIT or
/// VAULT_MAX_RETRIES, too) or half of a client certificate is missing: as `vtoken` with usage and a text that names the
/// flag or variable; otherwise with server, which is the real command's exit status, and its text.
[[nodiscard]] Result<remote::Settings> server_settings(const Context& context);

/// VAULT_RATE_LIMIT; nothing when it is not set. Fails in the same way.
[[nodiscard]] Result<std::optional<RateLimit>> rate_limit(const Context& context);

/// VAULT_MAX_RETRIES; nothing when it is not set. Fails in the same way.
[[nodiscard]] Result<std::optional<int>> max_retries(const Context& context);

/// The first flag given that only a server has a use for, such as "-ca-cert"; empty when there is none.
[[nodiscard]] std::string_view server_only_flag(const CommonValues& flags) noexcept;

}  // namespace vtoken::cmd
