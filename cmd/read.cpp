#include "cmd/command.hpp"
#include "cmd/plain.hpp"

namespace vtoken::cmd {
namespace {

class Read final : public Command {
 public:
  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (arguments.empty()) return fail(ErrorKind::usage, "Not enough arguments (expected 1, got 0)");
    return read_path(context, arguments.front(), {arguments.begin() + 1, arguments.end()});
  }
};

}  // namespace

const CommandInfo kRead{"read",
                        "Read any path",
                        "read [flags] PATH [KEY=VALUE…]",
                        R"(Reads what is at a path. KEY=VALUE, as of `write`, goes into the query of the
URL. -format=raw prints the answer as it came.

      $ {program} read auth/token/roles/ci
      $ {program} read -field=token_period auth/token/roles/ci
      $ {program} read secret/data/app version=1
)",
                        kAnswerFlags | kRawFormat,
                        make_command<Read>,
                        Values::path};

}  // namespace vtoken::cmd
