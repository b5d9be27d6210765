#include <fmt/format.h>

#include "cmd/command.hpp"
#include "cmd/inputs.hpp"
#include "cmd/many.hpp"
#include "cmd/session.hpp"
#include "cmd/status.hpp"

namespace vtoken::cmd {
namespace {

constexpr std::string_view kDoing = "Error looking up token";

class Lookup final : public Command {
 public:
  void declare(FlagSet& flags) override {
    flags.boolean({"accessor", "The arguments are accessors. The answer then holds no token."}, accessor_);
  }

  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (auto checked = check(context, arguments.size()); !checked) return tl::unexpected(checked.error());
    auto items = expand_arguments(context, arguments);
    if (!items) return tl::unexpected(items.error());
    // Standard input and files hold any number of tokens, which the real command does not take.
    if (context.persona != Persona::vtoken) {
      if (auto checked = check(context, items->size()); !checked) return tl::unexpected(checked.error());
    }
    auto session = connect(context, kDoing);
    if (!session) return tl::unexpected(session.error());
    TokenClient& client = (*session)->client;
    if (items->empty() || items->front().empty()) return one(**session, client.lookup_self());
    return show_each(**session, *items, accessor_ ? Item::accessor : Item::token, kDoing, [&](std::string_view item) {
      return accessor_ ? client.lookup_accessor(item) : client.lookup(item);
    });
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

  static int one(Session& session, const ApiResult<Answer>& answer) {
    return answer ? session.show(*answer) : session.failed(kDoing, answer.error());
  }

  bool accessor_ = false;
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
)",
                          kAnswerFlags,
                          make_command<Lookup>};

}  // namespace vtoken::cmd
