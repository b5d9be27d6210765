#include <fmt/format.h>

#include <utility>

#include "cmd/command.hpp"
#include "cmd/inputs.hpp"
#include "cmd/renew_watch.hpp"
#include "cmd/session.hpp"
#include "cmd/status.hpp"
#include "core/json.hpp"
#include "core/surprise.hpp"
#include "token/prefix.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kDoing = "Error renewing token";

class Renew final : public Command {
 public:
  void declare(FlagSet& flags) override {
    flags.boolean({"accessor", "The argument is an accessor. The answer then holds no token."}, accessor_);
    flags.duration(
        {"increment", "How long the token should live from now on; the server may give less.", "DURATION", "i"},
        increment_);
    watch_.declare(flags);
  }

  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (arguments.size() > 1) {
      return fail(ErrorKind::usage, fmt::format("Too many arguments (expected 1, got {})", arguments.size()));
    }
    if (accessor_ && arguments.empty() && context.persona == Persona::vtoken) {
      return fail(ErrorKind::usage, "Not enough arguments with -accessor (expected 1, got 0)");
    }
    if (auto checked = watch_.check(context); !checked) return tl::unexpected(checked.error());
    SecretString item;
    if (!arguments.empty()) {
      auto read = expand_one(context, arguments.front());
      if (!read) return tl::unexpected(read.error());
      item = std::move(*read);
    }
    const Retries who = watch_.watch ? Retries::by_command : Retries::as_set;
    auto session = connect(context, kDoing, MissingStore::is_an_error, who);
    if (!session) return tl::unexpected(session.error());
    const SecretString& renewed = item.empty() ? (*session)->caller.token : item;
    if (context.persona == Persona::vtoken && !accessor_ && has_batch_prefix(renewed.view())) {
      return fail(ErrorKind::refused,
                  "batch tokens cannot be renewed: this one ends when its time is up, or with its parent");
    }
    if (!watch_.watch || (*session)->printing) return renew(**session, item);
    return watch_renewals(**session, watch_, subject(std::move(item)), increment_);
  }

 private:
  [[nodiscard]] renewal::Subject subject(SecretString item) const {
    if (item.empty()) return renewal::Subject::self();
    return accessor_ ? renewal::Subject::accessor(std::move(item)) : renewal::Subject::token(std::move(item));
  }

  int renew(Session& session, const SecretString& item) const {
    const auto before = session.may_look() ? look(session, item) : std::nullopt;
    const auto answer = ask(session.client, item);
    if (!answer) return session.failed(kDoing, answer.error());
    const int shown = session.show(*answer);
    session.tell(renewal_surprises(increment_, before, session.seen(*answer), session.context.services.clock.now()));
    return worse(shown, session.settled());
  }

  // The token as it is before the renewal; nothing when it cannot be looked at.
  [[nodiscard]] std::optional<BeforeRenewal> look(Session& session, const SecretString& item) const {
    TokenClient& client = session.client;
    const std::string wrap_ttl = std::exchange(client.options().wrap_ttl, {});
    const auto answer = item.empty() ? client.lookup_self()
                        : accessor_  ? client.lookup_accessor(item.view())
                                     : client.lookup(item.view());
    client.options().wrap_ttl = wrap_ttl;
    if (!answer || answer->data == nullptr) return std::nullopt;
    const Json* uses = find_member(*answer->data, "num_uses");
    if (item.empty() && uses != nullptr && uses->is_number_integer() && *uses != 0) {
      session.tell({"The token has few uses, and looking at it before its renewal took one; -q leaves that out"});
    }
    return read_before_renewal(*answer->data);
  }

  [[nodiscard]] ApiResult<Answer> ask(TokenClient& client, const SecretString& item) const {
    if (item.empty()) return client.renew_self(increment_);
    if (accessor_) return client.renew_accessor(item.view(), increment_);
    return client.renew(item.view(), increment_);
  }

  bool accessor_ = false;
  std::optional<Nanoseconds> increment_;
  WatchFlags watch_;
};

}  // namespace

const CommandInfo kRenew{"renew",
                         "Let a token live longer",
                         "renew [flags] [TOKEN]",
                         R"(Renews a token, so that it lives longer: by its own time to live, its period,
or what -increment asks for, and never past its maximum. Without an argument it
is the token that you ask with. TOKEN may be - for standard input or @FILE.
Batch tokens and tokens made with -renewable=false cannot be renewed. The token
is looked up before, to tell whether it grew; -q leaves that out, and saves a
use of a token that has few.

  The token in use:

      $ {program} renew

  Another one, for half an hour from now:

      $ {program} renew -increment=30m @token.txt

With -watch a token is kept alive: it is renewed at half of its time to live,
and what fails in passing is tried again, while a server is restarted or a store
replaced. The watch ends when nothing extends the token any more, a tenth of its
time before its end (an hour before at most), with the exit status 3; and with 2
when the token is gone or its time has passed. -on-end is run then, with the
reason in VTOKEN_END (maximum, not-renewable, refused, expired, unreached), the
seconds left in VTOKEN_TTL, and VTOKEN_ACCESSOR and VTOKEN_ERROR. -format=ndjson
prints an event a line. Under systemd it says when it is ready and alive.

  In a service, which is started anew with another token when this one ends:

      $ {program} renew -watch -on-end='systemctl restart login' @token.txt
)",
                         kAnswerFlags | kEnvFormat,
                         make_command<Renew>,
                         Values::token};

}  // namespace vtoken::cmd
