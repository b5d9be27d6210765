// `accessors lookup`: the same as `lookup -accessor`, under the list's name.
#include <fmt/format.h>

#include "cmd/command.hpp"
#include "cmd/inputs.hpp"
#include "cmd/many.hpp"
#include "cmd/session.hpp"
#include "cmd/status.hpp"

namespace vtoken::cmd {
namespace {

Result<std::vector<SecretString>> read_accessors(const Context& context, const std::vector<std::string>& arguments) {
  if (arguments.empty()) return fail(ErrorKind::usage, "Not enough arguments (expected at least 1, got 0)");
  return expand_arguments(context, arguments);
}

class AccessorsLookup final : public Command {
 public:
  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    const auto items = read_accessors(context, arguments);
    if (!items) return tl::unexpected(items.error());
    constexpr std::string_view kDoing = "Error looking up accessor";
    auto session = connect(context, kDoing);
    if (!session) return tl::unexpected(session.error());
    TokenClient& client = (*session)->client;
    return show_each(**session, *items, Item::accessor, kDoing,
                     [&](std::string_view item) { return client.lookup_accessor(item); });
  }
};

}  // namespace

const CommandInfo kAccessorsLookup{"accessors lookup",
                                   "Show tokens by their accessors",
                                   "accessors lookup [flags] ACCESSOR…",
                                   R"(Shows the tokens that accessors stand for; the tokens themselves stay secret. An
ACCESSOR may be - for standard input or @FILE, with an accessor a line.

      $ {program} accessors lookup 2Szvb6bbFGqnKREqDJCFZ7cq
)",
                                   kAnswerFlags,
                                   make_command<AccessorsLookup>,
                                   Values::accessor,
                                   Values::accessor};

}  // namespace vtoken::cmd
