#include "cmd/command.hpp"
#include "cmd/plain.hpp"

namespace vtoken::cmd {
namespace {

class Read final : public Command {
 public:
  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (arguments.empty()) return fail(ErrorKind::usage, "Not enough arguments (expected 1, got 0)");
    if (arguments.size() > 1)
      return fail(ErrorKind::usage, "reading with K=V data is not built in: give the path alone");
    return read_path(context, arguments.front());
  }
};

}  // namespace

const CommandInfo kRead{"read",
                        "Read any path",
                        "read [flags] PATH",
                        R"(Reads what is at a path.

      $ {program} read auth/token/roles/ci
      $ {program} read -field=token_period auth/token/roles/ci
)",
                        kAnswerFlags,
                        make_command<Read>};

}  // namespace vtoken::cmd
