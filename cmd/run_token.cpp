#include "cmd/run_token.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cmd/creation_checks.hpp"
#include "cmd/run_renewal.hpp"
#include "cmd/status.hpp"
#include "core/surprise.hpp"

namespace vtoken::cmd {
namespace {

constexpr Nanoseconds kUsualTtl = 300 * kSecond;

}  // namespace

Result<void> RunToken::settle(const Context& context) {
  if (auto settled = flags_.settle(context); !settled) return settled;
  CreateOptions& create = flags_.create;
  const bool is_batch = create.type == "batch";
  if ((is_batch || create.renewable == false) && !create.ttl) {
    return fail(ErrorKind::usage,
                fmt::format("{} needs -ttl: a token that cannot be renewed has to live as long as the command may take",
                            is_batch ? "-type=batch" : "-renewable=false"));
  }
  is_usual_ttl_ = !create.ttl && !create.period;
  if (is_usual_ttl_) create.ttl = kUsualTtl;
  return {};
}

std::optional<Auth> RunToken::make(Session& session, int& status) const {
  session.tell(doubtful_policies(flags_.create));
  if (flags_.require_policies && !session.printing) {
    if (const std::string missing = missing_policy(session, flags_.create); !missing.empty()) {
      static_cast<void>(refuse_policy(session, missing));
      return std::nullopt;
    }
  }
  const auto answer = session.client.create(flags_.create);
  if (!answer) {
    if (session.failed(kCreating, answer.error()) == kDone) status = kDone;
    return std::nullopt;
  }
  if (flags_.require_policies && lacks_policy(*answer)) {
    static_cast<void>(take_back(session, *answer));
    return std::nullopt;
  }
  if (!answer->auth || answer->auth->client_token.empty()) {
    session.output.error(fmt::format("{}: the answer holds no token", kCreating));
    return std::nullopt;
  }
  tell(session, *answer);
  return answer->auth;
}

void RunToken::tell(Session& session, const Answer& made) const {
  std::vector<std::string> warnings = made.warnings.value_or(std::vector<std::string>());
  CreateOptions asked = flags_.create;
  if (is_usual_ttl_) {  // nobody asked for that
    asked.ttl.reset();
    warnings.erase(std::remove_if(warnings.begin(), warnings.end(),
                                  [](const std::string& warning) { return warning.ends_with("capped accordingly"); }),
                   warnings.end());
  }
  session.warned = session.warned || !warnings.empty();
  if (!session.context.common.quiet) session.output.warnings(warnings);
  tell_surprises(session, asked, made);
  if (made.auth->token_type == "batch") {
    session.tell(
        {fmt::format("a batch token can be neither renewed nor revoked: this one ends in {}, whether the "
                     "command has ended or not",
                     in_seconds(made.auth->lease_duration * kSecond))});
  }
}

}  // namespace vtoken::cmd
