#include "cmd/caller_token.hpp"
#include "cmd/command.hpp"
#include "cmd/plain.hpp"
#include "cmd/session.hpp"
#include "cmd/status.hpp"
#include "cmd/target.hpp"
#include "core/json.hpp"

namespace vtoken::cmd {
namespace {

class PrintToken final : public Command {
 public:
  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    // The real command looks at no argument.
    const std::size_t most = context.persona == Persona::vtoken ? 0 : arguments.size();
    if (auto checked = check_count(arguments.size(), 0, most, "0"); !checked) return tl::unexpected(checked.error());
    const auto target = resolve_target(context);
    if (!target) return tl::unexpected(target.error());
    const auto caller = resolve_caller_token(context, *target, TokenUse::shown);
    if (!caller) return tl::unexpected(caller.error());
    Output output = make_output(context);
    // The real command prints the bare token in every format.
    if (context.persona == Persona::vtoken && output.format() != Format::table) return output.data(caller->token);
    output.line(caller->token.view());
    return int{kDone};
  }
};

}  // namespace

const CommandInfo kPrintToken{"print token",
                              "Print the token that would be used",
                              "print token [flags]",
                              R"help(Prints the token that commands ask with: from -token-file, VAULT_TOKEN, the
token helper or ~/.vault-token, or for a store the file beside it.

      $ {program} print token | vtoken inspect
)help",
                              kAskFlags | kFormatFlag,
                              make_command<PrintToken>};

}  // namespace vtoken::cmd
