#include "cmd/command.hpp"
#include "cmd/plain.hpp"

namespace vtoken::cmd {
namespace {

class Delete final : public Command {
 public:
  Result<int> run(Context& context, const std::vector<std::string>& arguments) override {
    if (arguments.empty()) return fail(ErrorKind::usage, "Not enough arguments (expected at least 1, got 0)");
    return delete_path(context, arguments.front(), {arguments.begin() + 1, arguments.end()});
  }
};

}  // namespace

const CommandInfo kDelete{"delete",
                          "Delete what is at any path",
                          "delete [flags] PATH [KEY=VALUE…]",
                          R"(Deletes what is at a path. It is no failure when nothing is there.
KEY=VALUE, as of `write`, goes into the query of the URL.

      $ {program} delete auth/token/roles/ci
)",
                          kAnswerFlags,
                          make_command<Delete>,
                          Values::path};

}  // namespace vtoken::cmd
