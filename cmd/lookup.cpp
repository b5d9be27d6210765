#include <fmt/format.h>

#include <optional>

#include "base/duration.hpp"
#include "cmd/command.hpp"
#include "cmd/inputs.hpp"
#include "cmd/many.hpp"
#include "cmd/output_table.hpp"
#include "cmd/session.hpp"
#include "cmd/status.hpp"
#include "core/json.hpp"
#include "token/mask.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kDoing = "Error looking up token";

class Lookup final : public Command {
 public:
  void declare(FlagSet& flags) override {
    flags.boolean({"accessor", "The arguments are accessors. The answer then holds no token."}, accessor_);
    flags.duration({"min-ttl",
                    "For monitors: the exit status is 3 when a token has less time to live than this. One without end "
                    "has enough.",
                    "DURATION"},
                   min_ttl_);
  }

  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (auto checked = check(context, arguments.size()); !checked) return tl::unexpected(checked.error());
    if (min_ttl_ && *min_ttl_ < 0) return fail(ErrorKind::usage, "-min-ttl cannot be less than nothing");
    auto items = expand_arguments(context, arguments);
    if (!items) return tl::unexpected(items.error());
    // Standard input and files hold any number of tokens, which the real command does not take.
    if (context.persona != Persona::vtoken) {
      if (auto checked = check(context, items->size()); !checked) return tl::unexpected(checked.error());
    }
    auto session = connect(context, kDoing);
    if (!session) return tl::unexpected(session.error());
    if (min_ttl_ && !(*session)->client.options().wrap_ttl.empty()) {
      return fail(ErrorKind::usage, "-wrap-ttl hides the time that -min-ttl asks about");
    }
    if (items->empty() || items->front().empty()) return own(**session);
    return each(**session, *items);
  }

 private:
  [[nodiscard]] Result<void> check(const Context& context, std::size_t count) const {
    const bool many = context.persona == Persona::vtoken;
    const auto wrong = [&](std::string_view what, std::string_view expected) {
      return fail(ErrorKind::usage, fmt::format("{} (expected {}, got {})", what, expected, count));
    };
    if (accessor_ && count < 1) return wrong("Not enough arguments with -accessor", "1");
    if (many) return {};
    if (accessor_ && count > 1) return wrong("Too many arguments with -accessor", "1");
    if (count > 1) return wrong("Too many arguments", "0-1");
    return {};
  }

  [[nodiscard]] int own(Session& session) const {
    const auto answer = session.client.lookup_self();
    if (!answer) return session.failed(kDoing, answer.error());
    const int shown = session.show(*answer);
    return worse(shown, judge(session, *answer, session.caller.token.view()));
  }

  // A token that cannot be looked at counts before one that ends too soon.
  [[nodiscard]] int each(Session& session, const std::vector<SecretString>& items) const {
    TokenClient& client = session.client;
    int judged = kDone;
    const auto ask = [&](std::string_view item) {
      auto answer = accessor_ ? client.lookup_accessor(item) : client.lookup(item);
      if (answer) judged = worse(judged, judge(session, *answer, item));
      return answer;
    };
    const int shown = show_each(session, items, accessor_ ? Item::accessor : Item::token, kDoing, ask);
    return worse(shown, judged);
  }

  // Whether the token lives as long as -min-ttl wants it to, told when it does not.
  [[nodiscard]] int judge(Session& session, const Answer& answer, std::string_view item) const {
    if (!min_ttl_) return kDone;
    const Json* ttl = answer.data == nullptr ? nullptr : find_member(*answer.data, "ttl");
    if (ttl == nullptr || !ttl->is_number_integer()) {
      return session.failed(kDoing, {Error{ErrorKind::damaged, "the answer has no \"ttl\" to compare -min-ttl with"}});
    }
    const auto seconds = ttl->get<std::int64_t>();
    const Json* end = find_member(*answer.data, "expire_time");
    const bool is_endless = seconds == 0 && (end == nullptr || end->is_null());
    // A part of a second is rounded up, so that what passes has at least so long.
    if (is_endless || seconds >= *min_ttl_ / kSecond + (*min_ttl_ % kSecond != 0 ? 1 : 0)) return kDone;
    if (!session.context.common.quiet) {
      const std::string name = accessor_ ? std::string(item) : mask_token(item);
      session.output.warn(fmt::format("{} has {} to live, less than {}", name, human_seconds(seconds).view(),
                                      human_duration(*min_ttl_)));
    }
    return kNo;
  }

  bool accessor_ = false;
  std::optional<Nanoseconds> min_ttl_;
};

}  // namespace

const CommandInfo kLookup{"lookup",
                          "Show what a token is",
                          "lookup [flags] [TOKEN…]",
                          R"(Shows a token: its policies, how long it has to live, who made it. Without an
argument it is the token that you ask with. A TOKEN may be - for standard
input or @FILE, which keeps it out of the list of processes.

  The token in use:

      $ {program} lookup

  Another one, by its accessor:

      $ {program} lookup -accessor 8609694a-cdbc-db9b-d345-e782dbb562ed

  How long it has to live:

      $ {program} lookup -field=ttl

  For a monitor: status 3 when it is less than an hour:

      $ {program} lookup -q -min-ttl=1h > /dev/null
)",
                          kAnswerFlags,
                          make_command<Lookup>,
                          Values::token,
                          Values::token};

}  // namespace vtoken::cmd
