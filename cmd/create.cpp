#include <fmt/format.h>

#include <optional>
#include <utility>

#include "cmd/command.hpp"
#include "cmd/create_many.hpp"
#include "cmd/creation_checks.hpp"
#include "cmd/creation_flags.hpp"
#include "cmd/session.hpp"
#include "cmd/status.hpp"
#include "cmd/token_cache.hpp"
#include "core/surprise.hpp"

namespace vtoken::cmd {
namespace {

class Create final : public Command {
 public:
  void declare(FlagSet& flags) override {
    flags_.declare(flags);
    cache_.declare(flags);
    flags.integer({"count", "Make so many tokens, each like the others, and show them as they are made.", "N"}, count_);
  }

  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (!arguments.empty()) {
      return fail(ErrorKind::usage, fmt::format("Too many arguments (expected 0, got {})", arguments.size()));
    }
    if (auto settled = flags_.settle(context); !settled) return tl::unexpected(settled.error());
    if (auto checked = check_count(context); !checked) return tl::unexpected(checked.error());
    if (auto checked = cache_.check(flags_.create); !checked) return tl::unexpected(checked.error());
    if (count_) return create_many(context, flags_, static_cast<std::size_t>(*count_));
    auto session = connect(context, kCreating, MissingStore::is_made);
    if (!session) return tl::unexpected(session.error());
    if (!cache_.is_asked() || (*session)->printing) return make(**session, [](const Answer&) {});
    return cached_or_new(**session, cache_, flags_, [&](const Made& made) { return make(**session, made); });
  }

 private:
  [[nodiscard]] Result<void> check_count(const Context& context) const {
    if (!count_) return {};
    const auto usage = [](std::string text) { return fail(ErrorKind::usage, std::move(text)); };
    if (*count_ < 1) return usage("-count is a number of tokens: 1 or more");
    if (cache_.is_asked()) return usage("-count makes new tokens, and -cache gives a kept one: give one of them");
    if (context.format == Format::env) return usage("-format=env holds one token: leave out -count, or the format");
    if (context.format == Format::pretty || context.format == Format::raw) {
      return usage("-count prints a table, or -format=json, yaml or ndjson");
    }
    if (flags_.create.id) return usage("-count and -id do not go together: no two tokens are the same");
    return {};
  }

  int make(Session& session, const Made& made) {
    session.tell(doubtful_policies(flags_.create));
    if (flags_.require_policies && !session.printing) {
      if (const std::string missing = missing_policy(session, flags_.create); !missing.empty()) {
        return refuse_policy(session, missing);
      }
    }
    const auto answer = session.client.create(flags_.create);
    if (!answer) return session.failed(kCreating, answer.error());
    if (flags_.require_policies && lacks_policy(*answer)) return take_back(session, *answer);
    made(*answer);
    const int shown = session.show(*answer);
    tell_surprises(session, flags_.create, *answer);
    return worse(shown, session.settled());
  }

  CreationFlags flags_;
  TokenCacheFlags cache_;
  std::optional<std::int64_t> count_;
};

}  // namespace

const CommandInfo kCreate{"create",
                          "Make a token",
                          "create [flags]",
                          R"help(Makes a token. It is a child of the token that you ask with: it ends when that
one ends, and has that one's policies unless you name some.

  A token for an hour, with two policies:

      $ {program} create -ttl=1h -policy=app -policy=ops

  A batch token, of which nothing is stored:

      $ {program} create -type=batch -ttl=20m -policy=app

  Only the token, for a variable:

      $ VAULT_TOKEN=$({program} create -field=token -ttl=1h)

  The same token for all jobs of a pipeline, while it has ten minutes to live:

      $ {program} create -cache=deploy -cache-min-ttl=10m -ttl=1h -field=token

  A thousand tokens for a test, one a line (ndjson and json hold all of each):

      $ {program} create -count=1000 -type=batch -ttl=20m -policy=app -field=token

  For all that follows in this shell:

      $ eval "$({program} create -ttl=1h -format=env)"
)help",
                          kAnswerFlags | kEnvFormat,
                          make_command<Create>};

}  // namespace vtoken::cmd
