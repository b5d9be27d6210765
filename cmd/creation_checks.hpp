// What `create` checks beside the server: that the policies asked for are there, and that the new token is what was
// asked for.
#pragma once

#include <string>
#include <string_view>

#include "cmd/creation_flags.hpp"
#include "cmd/session.hpp"
#include "core/answer.hpp"

namespace vtoken::cmd {

/// What failures of `create` begin with.
inline constexpr std::string_view kCreating = "Error creating token";

/// The first policy asked for that is not there; empty when there is none. One that the caller may not read is left to
/// the server.
[[nodiscard]] std::string missing_policy(Session& session, const CreateOptions& create);

/// Says that there is no such policy, and returns the exit status.
[[nodiscard]] int refuse_policy(Session& session, std::string_view policy);

/// Whether the answer warns of a policy that does not exist. Servers make the token all the same.
[[nodiscard]] bool lacks_policy(const Answer& made);

/// Ends a token that nobody has seen yet, because lacks_policy(), and says so. A batch token cannot be ended, but is
/// known to nobody. Returns the exit status.
[[nodiscard]] int take_back(Session& session, const Answer& made);

/// Tells how the token differs from what was asked for. May look at the parent, which is the token in use.
void tell_surprises(Session& session, const CreateOptions& create, const Answer& made);

}  // namespace vtoken::cmd
