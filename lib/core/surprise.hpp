// Where an answer differs from what was asked for, in lines that a person can read. Servers often say nothing of it.
//
// Pure: nothing is asked and no clock is read. What the answer's own warnings say is not said again. No line holds a
// token or ends in a newline.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "core/answer.hpp"
#include "core/json_fwd.hpp"
#include "core/token_client.hpp"

namespace vtoken {

using Lines = std::vector<std::string>;

/// What is likely to be a mistake in a request, before it is sent: -policy=a,b is one policy with a comma in its name.
[[nodiscard]] Lines doubtful_policies(const CreateOptions& asked);

/// How the token that was made is another one than was asked for: its time to live, period, type, policies, uses, who
/// it belongs to. Only what was given is compared. Nothing when the answer is wrapped.
[[nodiscard]] Lines creation_surprises(const CreateOptions& asked, const Answer& made);

/// A display name that servers keep in another form: all but letters, digits and '-' become '-'.
[[nodiscard]] Lines changed_display_name(const CreateOptions& asked);

/// Whether the answer is a batch token that ends with a parent, so that it is worth looking at the parent.
[[nodiscard]] bool depends_on_parent(const Answer& made);

/// A batch token that says it lives longer than its parent, which `parent` (the data of a lookup) describes.
[[nodiscard]] Lines parent_surprises(const Answer& made, const Json& parent);

/// Parameters of a role (as given: texts, numbers, lists) that servers are known to drop without a word.
[[nodiscard]] Lines ignored_role_parameters(const Json& given);

/// Each parameter of `given` that the role as read back (`kept`) lacks or has with another value. Lengths of time are
/// compared as such, lists in any order; `said` are the warnings that the server gave when the role was written.
[[nodiscard]] Lines role_surprises(const Json& given, const Json& kept, const Lines& said);

/// A token before it was renewed.
struct BeforeRenewal {
  std::int64_t ttl = 0;           ///< seconds it had to live; 0: without end
  std::int64_t creation_ttl = 0;  ///< seconds, as the last renewal or the creation gave them
  std::int64_t period = 0;        ///< seconds; 0 for none
  Nanoseconds last_end = 0;       ///< since the epoch: it cannot live past this; 0 when nothing says so
};

/// Reads a lookup's data. Nothing when it is no such thing.
[[nodiscard]] std::optional<BeforeRenewal> read_before_renewal(const Json& lookup);

/// How a renewal did less than was wished: the token did not grow, was shortened or capped, has reached its end.
/// Without `before` only the wish is compared. `now` is the time of the answer.
[[nodiscard]] Lines renewal_surprises(std::optional<Nanoseconds> increment, const std::optional<BeforeRenewal>& before,
                                      const Answer& renewed, Nanoseconds now);

}  // namespace vtoken
