#include "cmd/creation_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cmd/args.hpp"
#include "cmd/status.hpp"
#include "core/surprise.hpp"

namespace vtoken::cmd {
namespace {

// One that may not look at itself keeps its secret.
void look_at_parent(Session& session, const Answer& made) {
  session.client.options().wrap_ttl.clear();
  const auto parent = session.client.lookup_self();
  if (parent && parent->data != nullptr) session.tell(parent_surprises(made, *parent->data));
}

}  // namespace

std::string missing_policy(Session& session, const CreateOptions& create) {
  const std::string wrap_ttl = std::exchange(session.client.options().wrap_ttl, {});
  std::string missing;
  for (const std::string& policy : create.policies) {
    if (policy == "default" || policy == "root" || !missing.empty()) continue;
    const auto found = session.client.read_policy(policy);
    if (!found && found.error().status == 404) missing = policy;
  }
  session.client.options().wrap_ttl = wrap_ttl;
  return missing;
}

int refuse_policy(Session& session, std::string_view policy) {
  session.output.error(fmt::format("{}: there is no policy {} (-require-policies)", kCreating, go_quoted(policy)));
  return kUsage;
}

bool lacks_policy(const Answer& made) {
  return made.warnings && std::any_of(made.warnings->begin(), made.warnings->end(), [](const std::string& warning) {
           return warning.starts_with("Policy ") && warning.ends_with(" does not exist");
         });
}

int take_back(Session& session, const Answer& made) {
  session.output.warnings(*made.warnings);
  std::string_view done = "the token is not shown to anybody";
  if (made.auth && made.auth->token_type != "batch") {
    CallOptions options = session.client.options();
    options.token = made.auth->client_token;
    options.wrap_ttl.clear();
    if (TokenClient(session.client.backend(), options).revoke_self()) done = "the token was revoked again";
  }
  session.output.error(fmt::format("{}: a policy does not exist (-require-policies); {}", kCreating, done));
  return kFailed;
}

void tell_surprises(Session& session, const CreateOptions& create, const Answer& made) {
  // What the answer shows is seen under every name; a prediction is not.
  if (session.context.persona == Persona::vtoken) session.tell(changed_display_name(create));
  session.tell(creation_surprises(create, session.seen(made)));
  if (session.may_look() && session.target.kind == Target::Kind::remote && depends_on_parent(made)) {
    look_at_parent(session, made);
  }
}

}  // namespace vtoken::cmd
