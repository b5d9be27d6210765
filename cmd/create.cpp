#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cmd/command.hpp"
#include "cmd/creation_flags.hpp"
#include "cmd/session.hpp"
#include "cmd/status.hpp"
#include "core/surprise.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kDoing = "Error creating token";

class Create final : public Command {
 public:
  void declare(FlagSet& flags) override { flags_.declare(flags); }

  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (!arguments.empty()) {
      return fail(ErrorKind::usage, fmt::format("Too many arguments (expected 0, got {})", arguments.size()));
    }
    if (auto settled = flags_.settle(context); !settled) return tl::unexpected(settled.error());
    auto session = connect(context, kDoing, MissingStore::is_made);
    if (!session) return tl::unexpected(session.error());
    return make(**session);
  }

 private:
  int make(Session& session) {
    session.tell(doubtful_policies(flags_.create));
    if (flags_.require_policies && !session.printing) {
      if (const std::string missing = missing_policy(session); !missing.empty()) {
        session.output.error(fmt::format("{}: there is no policy {} (-require-policies)", kDoing, go_quoted(missing)));
        return kUsage;
      }
    }
    const auto answer = session.client.create(flags_.create);
    if (!answer) return session.failed(kDoing, answer.error());
    if (flags_.require_policies && lacks_policy(*answer)) return take_back(session, *answer);
    const int shown = session.show(*answer);
    // What the answer shows is seen under every name; a prediction is not.
    if (session.context.persona == Persona::vtoken) session.tell(changed_display_name(flags_.create));
    session.tell(creation_surprises(flags_.create, session.seen(*answer)));
    if (session.may_look() && session.target.kind == Target::Kind::remote && depends_on_parent(*answer)) {
      look_at_parent(session, *answer);
    }
    return worse(shown, session.settled());
  }

  // The first policy asked for that is not there; one that the caller may not read is left to the server.
  [[nodiscard]] std::string missing_policy(Session& session) const {
    const std::string wrap_ttl = std::exchange(session.client.options().wrap_ttl, {});
    std::string missing;
    for (const std::string& policy : flags_.create.policies) {
      if (policy == "default" || policy == "root" || !missing.empty()) continue;
      const auto found = session.client.read_policy(policy);
      if (!found && found.error().status == 404) missing = policy;
    }
    session.client.options().wrap_ttl = wrap_ttl;
    return missing;
  }

  // Servers make the token all the same, and warn.
  static bool lacks_policy(const Answer& made) {
    return made.warnings && std::any_of(made.warnings->begin(), made.warnings->end(), [](const std::string& warning) {
             return warning.starts_with("Policy ") && warning.ends_with(" does not exist");
           });
  }

  // Ends a token that nobody has seen yet. A batch token cannot be ended, but is known to nobody.
  static int take_back(Session& session, const Answer& made) {
    session.output.warnings(*made.warnings);
    std::string_view done = "the token is not shown to anybody";
    if (made.auth && made.auth->token_type != "batch") {
      session.client.options().token = made.auth->client_token;
      session.client.options().wrap_ttl.clear();
      if (session.client.revoke_self()) done = "the token was revoked again";
    }
    session.output.error(fmt::format("{}: a policy does not exist (-require-policies); {}", kDoing, done));
    return kFailed;
  }

  // The parent is the token in use. One that may not look at itself keeps its secret.
  static void look_at_parent(Session& session, const Answer& made) {
    session.client.options().wrap_ttl.clear();
    const auto parent = session.client.lookup_self();
    if (parent && parent->data != nullptr) session.tell(parent_surprises(made, *parent->data));
  }

  CreationFlags flags_;
};

}  // namespace

const CommandInfo kCreate{"create",
                          "Make a token",
                          "create [flags]",
                          R"(Makes a token. It is a child of the token that you ask with: it ends when that
one ends, and has that one's policies unless you name some.

  A token for an hour, with two policies:

      $ {program} create -ttl=1h -policy=app -policy=ops

  A batch token, of which nothing is stored:

      $ {program} create -type=batch -ttl=20m -policy=app

  Only the token, for a variable:

      $ VAULT_TOKEN=$({program} create -field=token -ttl=1h)
)",
                          kAnswerFlags,
                          make_command<Create>};

}  // namespace vtoken::cmd
